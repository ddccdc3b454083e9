"""Ten thousand damaged records among good ones, on real servers: each is a dead letter, every neighbour is applied."""

import asyncio
import random

import pytest

from graph.matching.knowledge import default_knowledge
from services.chaos.poison import damaged
from services.cli.letters import read_letters
from streams.publish import KafkaPublisher, outgoing
from tests.assertions import assert_graph_is
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World

DAMAGED = 10_000


@pytest.mark.timeout(600)
async def test_ten_thousand_damaged_records_stop_nobody(settings, graph, start_worker):
    rng = random.Random(5)
    world = World(seed=55, suppliers=20, offers=120, demands=40, classes=10)
    events = [*world.registrations(), *world.later(300)]
    records = [(outgoing(event), False) for event in events]
    for _ in range(DAMAGED):
        records.insert(rng.randrange(len(records)), (damaged(rng.choice(events), rng), True))
    publisher = KafkaPublisher(settings)
    start_worker(1, PEYVAND_DEAD_LETTER_SHARE="1")
    bad = {}
    for start in range(0, len(records), 500):
        part = records[start : start + 500]
        receipts = await publisher.send([record for record, _ in part])
        for receipt, (record, is_bad) in zip(receipts, part, strict=True):
            if is_bad:
                bad[f"{receipt.topic}:{receipt.partition}:{receipt.offset}"] = record.value
    await publisher.stop()
    assert await caught_up(settings, graph, 300) == 0
    letters = {letter.name: letter.value for letter in await asyncio.to_thread(read_letters, settings)}
    assert len(letters) == len(bad) == DAMAGED
    assert letters == bad
    await assert_graph_is(graph, expected(events, default_knowledge(), TODAY))
