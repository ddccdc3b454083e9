"""Whatever the order, the slices and the interleaving of demands, offers and their changes: no pair is missed or wrong."""

import asyncio
import random
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.driver import Graph
from graph.matching.knowledge import default_knowledge
from schemas.codec import encode
from streams.pipeline import Pipeline
from streams.publish import MemoryPublisher
from tests.assertions import assert_graph_is
from tests.oracle import expected
from tests.service import DELETE
from tests.worlds import TODAY, World, shaken

PARTITIONS = 2


def logs(events: list, cuts: random.Random) -> dict[str, list[list[SimpleNamespace]]]:
    """The events as slices by `topic:partition`, cut at random."""
    by_partition: dict[str, list[SimpleNamespace]] = {}
    for event in events:
        key, value, headers = encode(event)
        number = sum(key) % PARTITIONS
        topic = event.kind.topic
        records = by_partition.setdefault(f"{topic}:{number}", [])
        records.append(
            SimpleNamespace(topic=topic, partition=number, offset=len(records), key=key, value=value, headers=headers)
        )
    sliced: dict[str, list[list[SimpleNamespace]]] = {}
    for tp, records in by_partition.items():
        sliced[tp], left = [], records
        while left:
            size = cuts.randint(1, 12)
            sliced[tp].append(left[:size])
            left = left[size:]
    return sliced


async def run(stack_settings, events: list, cuts: random.Random) -> None:
    graph = Graph(stack_settings)
    try:
        await graph.run(DELETE)
        workers = [
            Pipeline(graph, MemoryPublisher(), default_knowledge(), today=lambda: TODAY, owner=f"w{n}")
            for n in range(2)
        ]

        async def lane(tp: str, slices: list) -> None:
            worker = workers[sum(tp.encode()) % 2]
            for one in slices:
                await asyncio.sleep(cuts.random() * 0.01)
                await worker.handle(tp, one)

        await asyncio.gather(*(lane(tp, slices) for tp, slices in logs(events, cuts).items()))
        await assert_graph_is(graph, expected(events, default_knowledge(), TODAY))
    finally:
        await graph.close()


@settings(max_examples=8)
@given(order=st.randoms(use_true_random=False), seed=st.integers(0, 10_000))
def test_no_order_misses_a_pair(stack_settings, prepared, order, seed):
    world = World(seed=seed, suppliers=4, offers=14, demands=8, classes=3)
    events = shaken([*world.registrations(), *world.later(25)], order, doubles=0.1, late=0.1)
    order.shuffle(events)
    asyncio.run(run(stack_settings, events, random.Random(seed)))
