"""Ten thousand damaged records: each is known as bad, with a code and a sentence, and none breaks the reader."""

import random
from collections import Counter
from dataclasses import dataclass

from schemas.codec import Poison, decode
from schemas.envelope import Envelope
from services.chaos.poison import DAMAGES, damaged
from services.chaos.world import World
from streams.publish import outgoing


@dataclass(frozen=True)
class Record:
    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple


def record(sent) -> Record:
    return Record(sent.topic, sent.key, sent.value, tuple(sent.headers))


def test_every_damage_is_seen():
    rng = random.Random(10_000)
    world = World(seed=10, suppliers=20, offers=60, demands=30, classes=10)
    events = [*world.registrations(), *world.later(300)]
    assert all(isinstance(decode(record(outgoing(event))), Envelope) for event in events)
    codes: Counter[str] = Counter()
    for _ in range(10_000):
        sent = damaged(rng.choice(events), rng)
        found = decode(record(sent))
        assert isinstance(found, Poison), sent.value[:500]
        assert found.code
        assert found.reason.endswith((".", ")"))
        codes[found.code] += 1
    assert {"not_json", "bad_encoding", "unknown_type", "not_cloudevent", "invalid_data", "wrong_key"} <= set(codes)
    assert len(DAMAGES) >= 12
