"""Keys: what is kept of them, whose they are, and when they end."""

import time

import pytest
from pydantic import ValidationError

from services.access import keys as keys_module
from services.access.errors import UnauthenticatedError
from services.access.keys import KeyRing, NewKey, hash_of, parts_of
from services.access.principals import Role
from tests.unit.access.fakes import KeysOnly, made_key

NOW = time.time()


def test_the_secret_is_not_in_what_is_kept():
    made = made_key(now=NOW)
    key_id, secret = parts_of(made.text)
    assert made.row["id"] == key_id
    assert secret not in str(made.row)
    assert made.row["hash"] == hash_of(secret)
    assert len(secret) >= 43
    assert made_key(now=NOW).text != made.text


@pytest.mark.parametrize(
    "text", ["", "pvk_", "pvk_abc", "abc_def", "pvk_a b_c", "pvk_/x_c", "pvk_" + "a" * 300 + "_c", "Pvk_a_b"]
)
def test_what_is_no_key(text):
    assert parts_of(text) is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"role": "agency"}, "needs a subject"), ({"role": "supplier"}, "needs a subject"), ({"role": "admin", "subject": "x"}, "takes no"),
        ({"role": "anonymous"}, "no keys"), ({"role": "admin", "days": 0}, "greater"), ({"role": "admin", "source": "no-uri"}, "pattern"),
    ],
)  # fmt: skip
def test_keys_that_are_not_made(more, says):
    with pytest.raises(ValidationError, match=says):
        NewKey.model_validate({"name": "x", **more})


async def test_a_key_tells_whose_it_is_and_the_graph_is_asked_seldom():
    made = made_key(Role.AGENCY, "rai", now=NOW)
    graph = KeysOnly(made)
    ring = KeyRing(graph)
    assert not ring.knows(made.text)
    for _ in range(5):
        found = await ring.principal(made.text)
    assert (found.role, found.subject, found.urn) == (Role.AGENCY, "rai", f"urn:peyvand:key:{made.row['id']}")
    assert graph.asked == 1
    assert ring.knows(made.text)
    assert not ring.knows(made.text + "x")


async def test_another_secret_and_another_id_get_the_same_answer():
    made = made_key(now=NOW)
    ring = KeyRing(KeysOnly(made))
    texts = [
        made.text + "x",
        f"pvk_{made.row['id']}_x",
        "pvk_0000000000000000_" + made.text[-43:],
        "pvk_",
        "pvk_x",
        made.text[:-1],
    ]
    said = set()
    for text in texts:
        with pytest.raises(UnauthenticatedError) as caught:
            await ring.principal(text)
        said.add((caught.value.detail, caught.value.hint, str(caught.value.headers)))
    assert len(said) == 1


async def test_a_key_that_ended_says_so_to_who_has_its_secret_only():
    made = made_key(now=NOW - 90_000)
    ring = KeyRing(KeysOnly(made))
    with pytest.raises(UnauthenticatedError, match="ended at"):
        await ring.principal(made.text)
    with pytest.raises(UnauthenticatedError, match="not known"):
        await ring.principal(f"pvk_{made.row['id']}_guess")


async def test_a_revoked_key_ends_within_seconds_and_at_once_where_it_was_revoked(monkeypatch):
    made = made_key(now=NOW)
    graph = KeysOnly(made)
    ring = KeyRing(graph)
    principal = await ring.principal(made.text)
    graph.rows[made.row["id"]]["revoked_at"] = NOW
    assert await ring.still(principal)
    ring.forget(made.row["id"])
    assert not await ring.still(principal)
    with pytest.raises(UnauthenticatedError, match="revoked"):
        await ring.principal(made.text)
    graph.rows[made.row["id"]]["revoked_at"] = None
    monkeypatch.setattr(keys_module, "FRESH_SECONDS", 0.0)
    assert await ring.still(principal)


async def test_the_last_use_is_written_seldom(monkeypatch):
    made = made_key(now=NOW)
    graph = KeysOnly(made)
    ring = KeyRing(graph)
    written = []

    async def touch(_, seen):
        written.append(dict(seen))
        for key_id, at in seen.items():
            graph.rows[key_id]["last_used_at"] = at

    monkeypatch.setattr(keys_module.store, "touch_keys", touch)
    for _ in range(3):
        await ring.principal(made.text)
    await ring.keep_used()
    await ring.principal(made.text)
    await ring.keep_used()
    assert [list(one) for one in written] == [[made.row["id"]], []]


async def test_a_use_that_could_not_be_written_is_written_later(monkeypatch):
    made = made_key(now=NOW)
    ring = KeyRing(KeysOnly(made))

    async def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(keys_module.store, "touch_keys", fail)
    await ring.principal(made.text)
    with pytest.raises(RuntimeError):
        await ring.keep_used()
    assert list(ring._used) == [made.row["id"]]
