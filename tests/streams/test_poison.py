"""Damaged messages among good ones: each is set aside whole, all good neighbours are applied, the worker lives."""

import asyncio
import json
import random
from collections.abc import Callable
from types import SimpleNamespace

from aiokafka import AIOKafkaConsumer

import streams.pipeline
from graph.cursors import Cursor
from graph.driver import RefusedError
from graph.matching.knowledge import default_knowledge
from schemas.codec import decode, encode
from streams.pipeline import Pipeline
from streams.publish import KafkaPublisher, MemoryPublisher, Outgoing
from tests.assertions import assert_graph_is
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World

DAMAGED = 1500


def _again(value: bytes, **changes) -> bytes:
    return json.dumps({**json.loads(value), **changes}).encode()


def _version(value: bytes, version: object) -> bytes:
    return _again(value, data={**json.loads(value)["data"], "version": version})


def _flipped(value: bytes, at: int) -> bytes:
    return value[:at] + bytes([value[at] ^ 0x80]) + value[at + 1 :]


Damage = Callable[[bytes, bytes, random.Random], tuple[bytes | None, bytes | None]]
DAMAGES: dict[str, Damage] = {
    "flip": lambda k, v, rng: (k, _flipped(v, rng.randrange(len(v)))),
    "cut": lambda k, v, rng: (k, v[: rng.randrange(len(v) - 1)]),
    "null": lambda k, _v, _r: (k, None),
    "no key": lambda _k, v, _r: (None, v),
    "other key": lambda _k, v, _r: (b"someone", v),
    "deep": lambda k, _v, rng: (k, b"[" * rng.randrange(300, 100_000)),
    "type": lambda k, v, _r: (k, _again(v, type="ir.peyvand.made.up.v1")),
    "utf-16": lambda k, v, _r: (k, v.decode().encode("utf-16")),
    "list": lambda k, v, _r: (k, b"[" + v + b"]"),
    "data": lambda k, v, rng: (k, _again(v, data=rng.choice([None, 1, "x", [], {}]))),
    "version": lambda k, v, rng: (k, _version(v, rng.choice([-1, "x", 1e300]))),
    "surrogate": lambda k, v, _r: (k, v.replace(b'"source":"urn:test"', b'"source":"\\ud800"')),
    "spec": lambda k, v, _r: (k, _again(v, specversion="9")),
    "noise": lambda k, _v, rng: (k, rng.randbytes(rng.randrange(1, 4000))),
    "large": lambda k, v, _r: (k, _again(v, subject="x" * 1_001_000)),
}


async def test_damaged_messages_go_to_dead_letters_and_good_neighbours_are_applied(settings, graph, start_worker):
    rng = random.Random(3)
    world = World(seed=71, suppliers=30, offers=200, demands=60, classes=15)
    events = list(world.registrations()) + list(world.later(1500))
    records, bad = [], {}
    for event in events:
        key, value, headers = encode(event)
        records.append(Outgoing(event.kind.topic, key, value, headers))
    order = list(records)
    for n in range(DAMAGED):
        good = rng.choice(order)
        name = rng.choice([*DAMAGES][:-1] if n % 50 else ["large"])
        key, value = DAMAGES[name](good.key, good.value, rng)
        if value is None or not _readable(good.topic, key, value):
            bad[f"bad-{n}"] = (good.topic, key, value)
            mark = [*good.headers, ("mark", f"bad-{n}".encode()), ("kind", name.encode())]
            records.insert(rng.randrange(len(records)), Outgoing(good.topic, key, value, mark))
    start_worker(1, PEYVAND_DEAD_LETTER_SHARE="0.9")
    publisher = KafkaPublisher(settings)
    for start in range(0, len(records), 200):
        await publisher.send(records[start : start + 200])
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    await assert_graph_is(graph, expected(events, default_knowledge(), TODAY))
    letters = await _letters(settings)
    assert sorted(letters) == sorted(bad)
    for mark, (topic, key, value) in bad.items():
        headers, raw = letters[mark]
        assert raw == (value or b"")
        assert headers["dl-topic"] == topic.encode()
        assert headers.get("dl-key") == key
        assert headers["dl-code"]
        assert headers["dl-reason"].endswith(b".")


def _readable(topic: str, key: bytes | None, value: bytes) -> bool:
    return not hasattr(decode(SimpleNamespace(topic=topic, key=key, value=value, headers=[])), "code")


async def _letters(settings) -> dict[str, tuple[dict[str, bytes], bytes]]:
    consumer = AIOKafkaConsumer(
        "dead-letters", bootstrap_servers=settings.kafka_bootstrap_servers, auto_offset_reset="earliest",
        enable_auto_commit=False,
    )  # fmt: skip
    await consumer.start()
    found: dict[str, tuple[dict[str, bytes], bytes]] = {}
    try:
        while got := await consumer.getmany(timeout_ms=2000):
            for record in (r for records in got.values() for r in records):
                headers = dict(record.headers)
                mark = headers["mark"].decode()
                assert mark not in found, "a letter stands twice"
                found[mark] = (headers, record.value)
    finally:
        await consumer.stop()
    return found


async def test_what_the_graph_refuses_is_set_aside_alone(settings, graph, monkeypatch):
    world = World(seed=72, suppliers=9, offers=1, demands=1, classes=3)
    events = list(world.registrations())[:9]
    records = []
    for offset, event in enumerate(events):
        key, value, headers = encode(event)
        records.append(
            SimpleNamespace(topic="supplier-events", partition=0, offset=offset, key=key, value=value, headers=headers)
        )
    real = streams.pipeline.apply

    async def refusing(tx, prepared, knowledge):
        if any(change.key == events[4].key for change in prepared.changes):
            msg = "too large for the index"
            raise RefusedError(msg)
        return await real(tx, prepared, knowledge)

    monkeypatch.setattr(streams.pipeline, "apply", refusing)
    publisher = MemoryPublisher()
    pipeline = Pipeline(graph, publisher, default_knowledge(), today=lambda: TODAY)
    assert await pipeline.handle("supplier-events:0", records) == 9
    assert pipeline.cursors["supplier-events:0"] == Cursor(9, 9)
    assert [dict(sent.headers)["dl-code"] for sent in publisher.sent] == [b"not_writable"]
    rows = await graph.read("MATCH (s:Supplier) WHERE s.body IS NOT NULL RETURN count(s) AS n")
    assert rows[0]["n"] == 8
    await asyncio.sleep(0)
