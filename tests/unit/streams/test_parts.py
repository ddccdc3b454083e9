"""Small parts of the pipeline, without servers."""

import asyncio
from types import SimpleNamespace

import pytest

from schemas.codec import Poison
from schemas.events import EVENT_TYPES
from schemas.settings import Settings
from streams.deadletters import DeadLetter, Limit, TooManyDeadLettersError
from streams.handlers import HANDLERS
from streams.lanes import Lanes
from streams.publish import MemoryPublisher, Outgoing
from streams.security import client_arguments


def test_every_event_has_a_handler():
    assert set(HANDLERS) == {event.model for event in EVENT_TYPES}


def test_a_dead_letter_keeps_bytes_headers_and_origin():
    origin = SimpleNamespace(
        topic="t", partition=3, offset=9, key=b"k\xff", value=b"\xff", headers=[("h", b"v"), ("n", None)]
    )
    sent = DeadLetter(origin, Poison("bad_encoding", "It is not UTF-8.")).outgoing()
    headers = dict(sent.headers)
    assert (sent.topic, sent.key, sent.value) == ("dead-letters", b"t:3:9", b"\xff")
    assert (headers["dl-code"], headers["dl-offset"], headers["dl-key"]) == (b"bad_encoding", b"9", b"k\xff")
    assert (headers["h"], headers["n"]) == (b"v", b"")


def test_a_letter_without_value_says_so():
    origin = SimpleNamespace(topic="t", partition=0, offset=0, key=None, value=None, headers=[])
    sent = DeadLetter(origin, Poison("null_value", "None.")).outgoing()
    assert sent.value == b""
    assert dict(sent.headers)["dl-value"] == b"null"


def test_the_limit_stops_only_over_a_full_window():
    limit = Limit(0.5, 10)
    limit.count(0, 9)
    limit.count(10, 0)
    limit.count(5, 5)
    with pytest.raises(TooManyDeadLettersError):
        limit.count(0, 6)


async def test_lanes_keep_order_within_and_run_side_by_side():
    seen: list[tuple[str, int]] = []
    inside = 0
    most = 0

    async def handle(tp, records):
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.001)
        seen.append((tp, records[0]))
        inside -= 1

    lanes = Lanes(handle, at_once=2)
    for n in range(5):
        for tp in ("a", "b", "c"):
            await lanes.put(tp, [n])
    async with asyncio.timeout(2):
        while len(seen) < 15:
            await asyncio.sleep(0.001)
    await lanes.stop()
    assert most == 2
    for tp in "abc":
        assert [n for t, n in seen if t == tp] == list(range(5))


async def test_a_dropped_lane_forgets_what_waits():
    started = asyncio.Event()

    async def handle(_tp, _records):
        started.set()
        await asyncio.sleep(60)

    lanes = Lanes(handle, at_once=1)
    await lanes.put("a", [1])
    await started.wait()
    async with asyncio.timeout(1):
        await lanes.drop(["a"])


async def test_memory_publisher_numbers_records_by_topic():
    publisher = MemoryPublisher()
    receipts = await publisher.send([Outgoing("a", b"1", b"x"), Outgoing("b", b"1", b"x"), Outgoing("a", b"1", b"y")])
    assert [(r.topic, r.offset) for r in receipts] == [("a", 0), ("b", 0), ("a", 1)]


def test_a_login_is_given_only_when_asked_for():
    plain = client_arguments(Settings(kafka_bootstrap_servers="a:1, b:2"))
    assert plain["bootstrap_servers"] == ["a:1", "b:2"]
    assert "sasl_mechanism" not in plain
    login = client_arguments(Settings(kafka_security_protocol="SASL_SSL", kafka_username="u", kafka_password="p"))
    assert (login["sasl_plain_username"], login["sasl_plain_password"]) == ("u", "p")
    assert login["ssl_context"] is not None
