"""A log that was cut off, on real servers: below the cursor nothing happens, above it a worker refuses to go on."""

import asyncio
import os
import signal

from graph.cursors import ALL_CURSORS
from schemas.events import SUPPLIER_EVENTS
from schemas.suppliers import UnitStateChanged
from streams.admin import end_offsets, forget_records
from streams.publish import KafkaPublisher, publish
from tests.service import caught_up
from tests.streams.feeding import supplier
from tests.worlds import World

HOLE = 76
SUPPLIER = "s1"


def states(world: World, versions: range):
    """Events of one supplier, so of one partition."""
    about = {"supplier_id": SUPPLIER, "state": "active"}
    return [world.event(UnitStateChanged.model_validate({**about, "version": n})) for n in versions]


async def stands(graph) -> dict[str, int]:
    return {row["tp"]: row["applied"] for row in await graph.read(ALL_CURSORS) if row["applied"]}


async def test_cut_below_the_cursor_nothing_happens_and_above_it_a_worker_refuses(
    settings, graph, start_worker, tmp_path
):
    world = World(seed=97)
    publisher = KafkaPublisher(settings)
    process = start_worker(1)
    await publish(publisher, [supplier(SUPPLIER), *states(world, range(1, 20))])
    assert await caught_up(settings, graph) == 0
    process.terminate()
    assert process.wait(15) == 0
    [(tp, before)] = (await stands(graph)).items()
    assert tp.startswith(SUPPLIER_EVENTS)

    await asyncio.to_thread(forget_records, settings, {tp: before})
    await publish(publisher, states(world, range(20, 30)))
    running = start_worker(1)
    assert await caught_up(settings, graph) == 0
    assert await stands(graph) == {tp: before + 10}

    # a running worker meets a hole: it sleeps while the log grows and is cut off. What comes first is on its way already.
    os.kill(running.pid, signal.SIGSTOP)
    await publish(publisher, states(world, range(30, 31)))
    await publish(publisher, states(world, range(31, 40)))
    end = (await asyncio.to_thread(end_offsets, settings))[tp]
    await asyncio.to_thread(forget_records, settings, {tp: end})
    await publish(publisher, states(world, range(40, 45)))
    os.kill(running.pid, signal.SIGCONT)
    assert await asyncio.to_thread(running.wait, 90) == HOLE
    at = (await stands(graph))[tp]
    assert before + 10 <= at < end, "nothing after the hole was applied"

    # and one that starts
    assert await asyncio.to_thread(start_worker(1).wait, 90) == HOLE
    assert await stands(graph) == {tp: at}
    said = (tmp_path / "worker-1.log").read_text("utf-8")
    assert said.count(f"{tp} begins at {end}, but the graph stands at {at}: events are gone") == 1
    assert said.count(f"{tp} begins at offset {end}, but the graph stands at {at}") == 1
    await publisher.stop()
