"""What streams/ takes from the inside of faust-streaming and aiokafka, which a new version may change."""

import asyncio

import pytest
from faust.types.tuples import TP

from graph.matching.knowledge import default_knowledge
from schemas.topics import CONSUMED
from streams.app import Worker
from streams.publish import KafkaPublisher, publish
from streams.vitals import crash_of
from tests.streams.feeding import supplier


@pytest.fixture
async def worker(settings):
    running = Worker(settings, default_knowledge())
    running.app.finalize()
    await running.app.start()
    yield running
    await running.stop()


async def assigned(worker: Worker) -> set[TP]:
    for _ in range(200):
        if found := worker.app.consumer.assignment():
            return found
        await asyncio.sleep(0.1)
    pytest.fail("no partition was assigned within 20 s")


async def test_slices_positions_and_commits(worker, settings, graph):
    tps = await assigned(worker)
    assert {tp.topic for tp in tps} >= set(CONSUMED)
    publisher = KafkaPublisher(settings)
    (receipt,) = await publish(publisher, [supplier("s1")])
    await publisher.stop()
    tp = TP("supplier-events", receipt.partition)
    consumer = worker.app.consumer
    for _ in range(200):
        if (await graph.read("MATCH (s:Supplier {id: 's1'}) RETURN count(s) AS n"))[0]["n"]:
            break
        await asyncio.sleep(0.1)
    assert consumer.delivered["supplier-events:" + str(tp.partition)] == receipt.offset + 1
    assert consumer.stable_end(tp) == receipt.offset + 1
    assert await worker.earliest(f"supplier-events:{tp.partition}") == 0
    worker.pending = {TP("supplier-events", 999): 5}
    await worker.commit()
    assert crash_of(worker.app) is None


async def test_a_crash_of_the_consumer_is_seen_from_outside(worker):
    await assigned(worker)
    await worker.app.consumer._commit({})
    await asyncio.sleep(0.5)
    assert isinstance(crash_of(worker.app), ValueError)
