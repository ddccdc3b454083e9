"""Concurrent producers of demands and offers: whatever the order and interleaving, no pair is missed or wrong."""

import asyncio
import random

from graph.matching.knowledge import default_knowledge
from streams.publish import KafkaPublisher, publish
from tests.assertions import assert_graph_is, assert_told_once
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World, shaken


async def test_four_concurrent_producers_miss_no_pair(settings, graph, start_worker):
    world = World(seed=11, suppliers=60, offers=400, demands=120, classes=25)
    events = list(world.registrations()) + list(world.later(600))
    rng = random.Random(5)
    events = shaken(events, rng)
    rng.shuffle(events)
    for slot in (1, 2):
        start_worker(slot)
    publishers = [KafkaPublisher(settings) for _ in range(4)]

    async def produce(n: int) -> None:
        mine = events[n::4]
        for start in range(0, len(mine), 20):
            await publish(publishers[n], mine[start : start + 20])
            await asyncio.sleep(0.01)

    await asyncio.gather(*(produce(n) for n in range(4)))
    for publisher in publishers:
        await publisher.stop()
    assert await caught_up(settings, graph) == 0
    wanted = expected(events, default_knowledge(), TODAY)
    assert len(wanted.matches) > 100
    await assert_graph_is(graph, wanted)
    await assert_told_once(graph, wanted)
