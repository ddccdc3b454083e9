"""Records at the limits of Kafka: a large poison is set aside whole, one too large is reported, and neighbours go on."""

import asyncio
import gzip

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from graph.matching.knowledge import default_knowledge
from graph.outbox import WAITING
from schemas.codec import STRUCTURED, encode
from streams.outbox import Outbox
from streams.publish import KafkaPublisher, publish
from tests.assertions import assert_graph_is
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World


async def test_a_large_poison_does_not_stop_its_partition(settings, graph, start_worker):
    events = list(World(seed=91, suppliers=10, offers=30, demands=10, classes=4).registrations())
    start_worker(1)
    large = b"x" * 3_000_000
    assert len(gzip.compress(large)) < 100_000
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap_servers, compression_type="gzip", max_request_size=4_000_000
    )
    await producer.start()
    for partition in range(settings.kafka_partitions):
        await producer.send_and_wait("product-events", large, key=b"k", partition=partition)
    await producer.send_and_wait("supplier-events", b"y" * 1_048_000, key=b"k", partition=0)
    await producer.stop()
    publisher = KafkaPublisher(settings)
    await publish(publisher, events)
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    await assert_graph_is(graph, expected(events, default_knowledge(), TODAY))
    sizes = [len(record.value) for record in await everything(settings, "dead-letters")]
    assert sorted(sizes) == [1_048_000, *[3_000_000] * settings.kafka_partitions]


async def test_news_that_kafka_does_not_take_holds_up_no_other(settings, graph):
    await graph.run(
        "CREATE (b:Outbox {id: 'large', topic: 'match-events', key: 's', value: $value, at: 1.0})",
        value="x" * 20_000_000,
    )
    await graph.run("CREATE (b:Outbox {id: 'small', topic: 'match-events', key: 's', value: '{}', at: 2.0})")
    publisher = KafkaPublisher(settings)
    assert await Outbox(graph, publisher).sweep() == 1
    await publisher.stop()
    assert (await graph.read(WAITING))[0]["rows"] == 0
    assert [record.value for record in await everything(settings, "match-events")] == [b"{}"]


async def test_a_transaction_of_a_producer_leaves_no_hole_and_its_aborted_events_are_none(
    settings, graph, start_worker
):
    world = World(seed=92, suppliers=10, offers=30, demands=10, classes=4)
    events = list(world.registrations())
    start_worker(1)
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap_servers, transactional_id="agency")
    await producer.start()
    aborted = encode(world.event(next(iter(world.registrations())).data))
    for event in events:
        key, value, _ = encode(event)
        async with producer.transaction():
            await producer.send(event.kind.topic, value, key=key, headers=[("content-type", STRUCTURED.encode())])
    await producer.begin_transaction()
    await producer.send("supplier-events", aborted[1], key=aborted[0])
    await producer.flush()
    await producer.abort_transaction()
    await producer.stop()
    await until_stands(graph, expected(events, default_knowledge(), TODAY))


async def until_stands(graph, wanted) -> None:
    """Wait for a graph whose partitions end with markers, which no cursor ever passes."""

    for _ in range(100):
        try:
            await assert_graph_is(graph, wanted)
        except AssertionError:
            await asyncio.sleep(0.3)
        else:
            return
    await assert_graph_is(graph, wanted)


async def everything(settings, topic: str) -> list:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=settings.kafka_bootstrap_servers, auto_offset_reset="earliest", enable_auto_commit=False,
        max_partition_fetch_bytes=20_000_000, fetch_max_bytes=50_000_000,
    )  # fmt: skip
    await consumer.start()
    found = []
    try:
        while got := await consumer.getmany(timeout_ms=2000):
            found += [record for records in got.values() for record in records]
    finally:
        await consumer.stop()
    return found
