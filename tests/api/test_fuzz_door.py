"""Damaged events at the HTTP door: each is refused with a clear error, and none of them is in the log."""

import random

from services.chaos.poison import DAMAGES
from services.chaos.world import World
from streams.admin import end_offsets
from streams.publish import outgoing

SENT = 600


async def test_damaged_events_are_refused_with_a_reason(calls, settings):
    rng = random.Random(77)
    world = World(seed=77, suppliers=10, offers=30, demands=15, classes=5)
    events = [*world.registrations(), *world.later(50)]
    damages = [damage for damage in DAMAGES if damage.__name__ != "_wrong_key"]  # keys are made at the door
    before = end_offsets(settings)
    for _ in range(SENT):
        value = rng.choice(damages)(outgoing(rng.choice(events)), rng).value
        response = await calls.client.post(
            "/v1/events", content=b"[" + value + b"]", headers={"content-type": "application/json"}
        )
        assert response.status_code in (413, 422), value[:300]
        problem = response.json()
        assert problem["type"].startswith("urn:peyvand:problem:")
        assert problem["detail"]
    assert end_offsets(settings) == before
