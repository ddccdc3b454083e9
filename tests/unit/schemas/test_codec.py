import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import MAX_BYTES, Poison, decode, encode
from schemas.envelope import Envelope, wrap
from schemas.events import EVENT_TYPES
from schemas.examples import EXAMPLES

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
KINDS = {event.name: event for event in EVENT_TYPES}


def event(name: str) -> Envelope:
    kind = KINDS[name]
    return wrap(kind.model.model_validate(EXAMPLES[name]), source="urn:test", event_id="e-1", time=NOW)


def record(topic: str, key: bytes | None, value: bytes | None, headers=()):
    return SimpleNamespace(topic=topic, key=key, value=value, headers=list(headers))


def structured(name: str, **changes):
    one = event(name)
    key, value, headers = encode(one)
    return record(**{"topic": one.kind.topic, "key": key, "value": value, "headers": headers, **changes})


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_is_written_in_structured_mode_is_read_again(name):
    assert decode(structured(name)) == event(name)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_binary_mode_is_read(name):
    one = event(name)
    headers = [
        ("ce_specversion", b"1.0"), ("ce_id", b"e-1"), ("ce_source", b"urn:test"), ("ce_type", one.type.encode()),
        ("ce_time", one.time.isoformat().encode()), ("content-type", b"application/json"),
    ]  # fmt: skip
    read = decode(record(one.kind.topic, one.key.encode(), one.data.model_dump_json().encode(), headers))
    assert isinstance(read, Envelope)
    assert read.data == one.data
    assert (read.id, read.source, read.time) == (one.id, one.source, one.time)


def damaged(change) -> bytes:
    value = json.loads(structured("DemandPublished").value)
    change(value)
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "null_value"),
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "bad_encoding"),
        (b"[" * 100_000, "not_json"),
        (b'{"a":' * 50_000, "not_json"),
        (b"null", "not_cloudevent"),
        (b"[]", "not_cloudevent"),
        (b"{}", "unknown_type"),
        (b'{"type":"ir.peyvand.demand.published.v9"}', "unknown_type"),
        (b'{"type":"ir.peyvand.demand.published.v1"}', "not_cloudevent"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (damaged(lambda v: v["data"]["demand"].update(items=[])), "invalid_data"),
        (damaged(lambda v: v["data"]["demand"].update(needed_by=20270131)), "invalid_data"),
        (damaged(lambda v: v["data"]["demand"]["items"][0].update(quantity="many")), "invalid_data"),
        (damaged(lambda v: v["data"]["demand"]["items"][0].update(quantity=-1)), "invalid_data"),
        (damaged(lambda v: v["data"]["demand"].update(id="a~b")), "invalid_data"),
        (damaged(lambda v: v["data"]["demand"].update(title="a\x00b")), "invalid_data"),
        (damaged(lambda v: v["data"].update(version=0)), "invalid_data"),
        (damaged(lambda v: v.update(id="")), "not_cloudevent"),
        (damaged(lambda v: v.update(specversion="0.3")), "not_cloudevent"),
    ],
)
def test_what_cannot_be_read_is_named(value, code):
    found = decode(structured("DemandPublished", value=value))
    assert isinstance(found, Poison)
    assert found.code == code
    assert found.reason.endswith(".")


def test_nan_is_no_quantity():
    text = structured("DemandPublished").value.replace(b'"quantity":20000.0', b'"quantity":NaN')
    assert isinstance(decode(structured("DemandPublished", value=text)), Poison)


@pytest.mark.parametrize("key", [None, b"", b"other"])
def test_a_wrong_key_is_refused(key):
    found = decode(structured("DemandPublished", key=key))
    assert isinstance(found, Poison)
    assert found.code == "wrong_key"


def test_a_wrong_topic_is_refused():
    found = decode(structured("DemandPublished", topic="product-events"))
    assert isinstance(found, Poison)
    assert found.code == "wrong_topic"


def test_an_unknown_field_of_a_newer_producer_is_passed_over():
    value = damaged(lambda v: v["data"]["demand"].update(colour="green"))
    assert decode(structured("DemandPublished", value=value)).data == event("DemandPublished").data


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_named(value):
    found = decode(structured("DemandPublished", value=value))
    assert isinstance(found, (Poison, Envelope))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda c: st.lists(c, max_size=3) | st.dictionaries(st.text(max_size=5), c, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(["id", "data", "type", "time", "specversion", "source"]),
)
def test_any_json_in_any_field_is_read_or_named(value, name):
    changed = damaged(lambda v: v.update({name: value}))
    assert isinstance(decode(structured("DemandPublished", value=changed)), (Poison, Envelope))
