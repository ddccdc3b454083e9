"""SIGTERM under load: a worker leaves within 10 seconds, whatever its servers do, and the next one goes on from there."""

import asyncio
import os
import signal
import time

import pytest

from graph.cursors import ALL_CURSORS
from graph.matching.knowledge import default_knowledge
from streams.admin import committed_offsets
from streams.publish import KafkaPublisher, publish
from tests.assertions import assert_graph_is, assert_told_once
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World

LEAVES_SECONDS = 10.0


async def stopped(process) -> tuple[int, float]:
    """Exit code after SIGTERM, and how long it took."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    while process.poll() is None and time.monotonic() - began < 30:
        await asyncio.sleep(0.02)
    assert process.poll() is not None, "it is still there 30 s after SIGTERM"
    return process.returncode, time.monotonic() - began


async def in_a_slice(graph, pid: int) -> bool:
    """Whether a worker has applied what it has not matched yet."""
    rows = await graph.read(ALL_CURSORS)
    return any(row["matched"] < row["applied"] and str(row["owner"]).endswith(f":{pid}") for row in rows)


async def test_sigterm_under_load_ends_within_10_seconds_and_the_next_goes_on(settings, graph, start_worker):
    world = World(seed=92, suppliers=30, offers=300, demands=80, classes=12)
    events, enough = list(world.registrations()), asyncio.Event()
    publisher = KafkaPublisher(settings)

    async def load() -> None:
        await publish(publisher, events)
        while not enough.is_set():
            more = list(world.later(25))
            await publish(publisher, more)
            events.extend(more)
            await asyncio.sleep(0.2)

    process = start_worker(1)
    loading = asyncio.create_task(load())
    for _ in range(2):
        while not await in_a_slice(graph, process.pid):
            await asyncio.sleep(0.005)
        code, seconds = await stopped(process)
        assert code == 0
        assert seconds < LEAVES_SECONDS
        stands = {row["tp"]: row["matched"] for row in await graph.read(ALL_CURSORS)}
        told = await asyncio.to_thread(committed_offsets, settings, settings.group_id)
        assert {tp: offset for tp, offset in told.items() if offset > stands.get(tp, 0)} == {}, "Kafka is told no lie"
        process = start_worker(1)
    enough.set()
    await loading
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    wanted = expected(events, default_knowledge(), TODAY)
    await assert_graph_is(graph, wanted)
    await assert_told_once(graph, wanted)


@pytest.mark.parametrize("server", ["neo4j", "kafka"])
async def test_sigterm_ends_within_10_seconds_though_a_server_stands_still(
    server, stack, settings, graph, start_worker
):
    world = World(seed=93, suppliers=20, offers=100, demands=30, classes=6)
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    process = start_worker(1)
    await publish(publisher, events[:20])
    assert await caught_up(settings, graph) == 0
    publishing = asyncio.create_task(publish(publisher, events[20:]))
    if server == "neo4j":
        await publishing
    os.kill(stack.pids[server], signal.SIGSTOP)
    try:
        await asyncio.sleep(2)
        code, seconds = await stopped(process)
    finally:
        os.kill(stack.pids[server], signal.SIGCONT)
    assert code == 0
    assert seconds < LEAVES_SECONDS
    start_worker(1)
    await publishing
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    await assert_graph_is(graph, expected(events, default_knowledge(), TODAY))
