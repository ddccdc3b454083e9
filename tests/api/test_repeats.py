"""Writes that are sent again, and edits that are conditional: done once, done on what was read, on any process."""

import asyncio

import pytest

from graph.access import repeats
from services.access.principals import Role
from services.api.app import create_app
from tests.api.calls import Calls
from tests.api.doors import HOOK, clients_of, closed_service
from tests.api.records import supplier


@pytest.fixture(scope="module")
async def closed(settings, worker):
    """The app that asks for keys, with two of everything in the graph."""
    async with closed_service(settings) as made:
        yield made


@pytest.fixture(scope="module")
def admin(closed) -> Calls:
    return closed.clients[Role.ADMIN]


async def test_a_write_with_an_idempotency_key_is_done_once(closed, admin, settings):
    from streams.admin import end_offsets

    path, body, headers = "/v1/suppliers", supplier("sup-once"), {"idempotency-key": "once-1"}
    first = await admin.client.post(path, json=body, headers=headers)
    assert first.status_code == 202
    ends = end_offsets(settings)
    again = await admin.client.post(path, json=body, headers=headers)
    assert (again.status_code, again.json(), again.headers["location"]) == (
        202,
        first.json(),
        first.headers["location"],
    )
    assert again.headers["idempotency-replayed"] == "true"
    assert end_offsets(settings) == ends
    for other in (
        admin.problem("POST", path, json=supplier("sup-twice"), headers=headers),
        admin.problem("PUT", "/v1/suppliers/sup-once", json=body, headers=headers),
        admin.problem("POST", path + "?x=1", json=body, headers=headers),
    ):
        assert (await other)["status"] == 422
    assert end_offsets(settings) == ends
    registrar = await closed.clients[Role.REGISTRAR].client.post(path, json=body, headers=headers)
    assert registrar.json()["event_id"] != first.json()["event_id"], "a key is its principal's own"


async def test_what_was_refused_may_be_sent_again_under_its_key(admin):
    headers = {"idempotency-key": "again-1"}
    assert (await admin.problem("POST", "/v1/suppliers", json={"id": "a~b"}, headers=headers))["status"] == 422
    done = await admin.client.post("/v1/suppliers", json=supplier("sup-again"), headers=headers)
    assert done.status_code == 202
    for key in ("", "a b", "x" * 201, "ü"):
        problem = await admin.problem(
            "POST", "/v1/suppliers", json=supplier("x"), headers={"idempotency-key": key.encode()}
        )
        assert problem["errors"][0]["parameter"] == "idempotency-key"


async def test_of_two_at_once_one_is_done(admin, settings):
    from streams.admin import end_offsets

    before = sum(end_offsets(settings).values())
    headers = {"idempotency-key": "at-once"}
    sent = [admin.client.post("/v1/suppliers", json=supplier("sup-at-once"), headers=headers) for _ in range(8)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.json()["event_id"] for answer in answers if answer.status_code == 202}) == 1
    assert sum(end_offsets(settings).values()) == before + 1


async def test_an_answer_with_a_secret_is_not_kept(closed, admin):
    for path, body in (
        ("/v1/keys", {"name": "x", "role": "task_force"}), ("/v1/suppliers/sup-mine/endpoints", HOOK),
    ):  # fmt: skip
        headers = {"idempotency-key": f"secret{path}"}
        first = await admin.client.post(path, json=body, headers=headers)
        assert first.status_code == 201
        again = await admin.client.post(path, json=body, headers=headers)
        assert again.status_code == 409
        assert "secret" in again.json()["detail"]
    kept = await closed.graph.read("MATCH (r:Repeat) RETURN r.body AS body, r.state AS state")
    assert any(row["body"] is None and row["state"] == "done" for row in kept)


async def test_a_request_that_died_may_be_done_again(closed, admin, monkeypatch):
    headers = {"idempotency-key": "died"}
    await admin.client.post("/v1/suppliers", json=supplier("sup-died"), headers=headers)

    async def put(tx):
        await tx.run("MATCH (r:Repeat) WHERE r.status = 202 SET r.state = 'running', r.at = r.at - 3600")

    await closed.graph.write(put)
    assert (await admin.client.post("/v1/suppliers", json=supplier("sup-died"), headers=headers)).status_code == 202
    monkeypatch.setattr(repeats, "MOST", 1)
    await repeats.forget(closed.graph)
    left = await closed.graph.read("MATCH (r:Repeat) RETURN count(r) AS n")
    assert left == [{"n": 1}]


async def test_an_edit_with_a_condition_is_done_only_while_it_holds(admin):
    await admin.done("POST", "/v1/suppliers", supplier("sup-edit"))
    path = "/v1/suppliers/sup-edit"
    tag = (await admin.client.get(path)).headers["etag"]
    assert tag == '"1"'
    done = await admin.client.put(path, json=supplier("sup-edit", owner="a"), headers={"if-match": tag})
    assert (done.status_code, done.json()["version"]) == (202, 2)
    problem = await admin.problem("PUT", path, json=supplier("sup-edit", owner="b"), headers={"if-match": tag})
    assert (problem["status"], problem["detail"]) == (412, "The present version is 2.")
    for condition, status in (
        ('"2"', 202),
        ("*", 202),
        ('W/"4"', 412),
        ('"9", "4"', 202),
        ("4", 422),
        ('"x"', 422),
        ("", 422),
    ):
        response = await admin.client.put(path, json=supplier("sup-edit"), headers={"if-match": condition})
        assert response.status_code == status, condition
    problem = await admin.problem("PUT", "/v1/suppliers/sup-none", json=supplier("sup-none"), headers={"if-match": "*"})
    assert problem["status"] == 412
    problem = await admin.problem("POST", "/v1/events", json=[{"type": "SupplierChanged", "data": {"supplier": supplier("x")}}] * 2,
                                  headers={"if-match": "*"})  # fmt: skip
    assert problem["errors"][0]["parameter"] == "if-match"


async def test_of_two_edits_on_two_processes_one_wins(closed, admin, settings):
    await admin.done("POST", "/v1/suppliers", supplier("sup-race"))
    second = create_app(settings.model_copy(update={"access": "keys", "rate_per_second": 0}))
    async with second.router.lifespan_context(second):
        clients = await clients_of(second, closed.graph)
        sent = [
            calls.client.put(
                "/v1/suppliers/sup-race", json=supplier("sup-race", owner=str(n)), headers={"if-match": '"1"'}
            )
            for n, calls in enumerate((admin, clients[Role.ADMIN]) * 4)
        ]
        answers = await asyncio.gather(*sent)
        for calls in clients.values():
            await calls.client.aclose()
    assert sorted(answer.status_code for answer in answers) == [202] + [412] * 7


async def test_endpoints_and_preferences_are_edited_under_conditions(closed):
    mine = closed.clients[Role.SUPPLIER]
    base = "/v1/suppliers/sup-mine"
    made = (await mine.client.post(f"{base}/endpoints", json=HOOK)).json()["location"]
    tag = (await mine.client.get(made)).headers["etag"]
    assert (await mine.client.put(made, json=HOOK, headers={"if-match": tag})).status_code == 200
    assert (await mine.client.put(made, json=HOOK, headers={"if-match": tag})).status_code == 412
    assert (await mine.client.delete(made, headers={"if-match": tag})).status_code == 412
    assert (await mine.client.delete(made, headers={"if-match": "*"})).status_code == 204
    assert (await mine.client.delete(made, headers={"if-match": "*"})).status_code == 404
    path = f"{base}/preferences"
    tag = (await mine.client.get(path)).headers["etag"]
    assert (await mine.client.put(path, json={}, headers={"if-match": tag})).status_code == 200
    assert (await mine.client.put(path, json={"mode": "digest"}, headers={"if-match": tag})).status_code == 412
    assert (await mine.get(path))["mode"] == "instant"
