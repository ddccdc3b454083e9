"""Neo4j stands still while 50,000 events arrive: a worker's memory stays bounded, and all is applied once it goes on."""

import asyncio
import os
import signal
import time
from dataclasses import replace

import psutil

from graph.facets import facets
from schemas.offers import CapacityReported
from schemas.suppliers import Supplier, SupplierRegistered, UnitStateChanged
from streams.publish import KafkaPublisher, outgoing, publish
from tests.oracle import Fold
from tests.service import caught_up
from tests.worlds import World

EVENTS = 50_000
SUPPLIERS = 400
PADDING = 4000  # so that the log is larger than what a worker may take
MOST_MEGABYTES = 350
STALL_SECONDS = 15.0
MEGABYTE = 1_048_576

HISTORY = "MATCH (:Unit)-[:HAD_STATE]->(h:UnitState) RETURN count(h) AS nodes, count(DISTINCT h.event) AS events"


async def test_a_stalled_graph_bounds_a_workers_memory_and_loses_nothing(stack, settings, graph, start_worker):
    world = World(seed=91)
    suppliers = [Supplier.model_validate({"id": f"s{n}", "name_en": f"Works {n}"}) for n in range(SUPPLIERS)]
    events = [world.event(_report(n)) for n in range(EVENTS)]
    publisher = KafkaPublisher(settings)
    process = start_worker(1)
    await publish(publisher, [world.event(SupplierRegistered(version=1, supplier=s)) for s in suppliers])
    assert await caught_up(settings, graph) == 0
    worker = psutil.Process(process.pid)
    before = worker.memory_info().rss / MEGABYTE
    most = before
    began = time.monotonic()
    os.kill(stack.pids["neo4j"], signal.SIGSTOP)
    try:
        publishing = asyncio.create_task(_in_parts(publisher, events))
        while time.monotonic() - began < STALL_SECONDS or not publishing.done():
            most = max(most, worker.memory_info().rss / MEGABYTE)
            await asyncio.sleep(0.1)
        await publishing
    finally:
        os.kill(stack.pids["neo4j"], signal.SIGCONT)
    left = asyncio.create_task(caught_up(settings, graph, 200))
    while not left.done():
        most = max(most, worker.memory_info().rss / MEGABYTE)
        await asyncio.sleep(0.1)
    assert await left == 0
    assert process.poll() is None, "the worker waited for the graph"
    assert most < MOST_MEGABYTES
    assert (await graph.read(HISTORY))[0] == {"nodes": EVENTS // 5, "events": EVENTS // 5}
    found = {(kind, key): event async for kind, key, event in facets(graph) if kind in ("unit", "capacity")}
    fold = Fold(events)
    wanted = {(kind, key): event for kind in ("unit", "capacity") for key, event in fold.events(kind).items()}
    assert found == wanted
    await publisher.stop()


def _report(n: int) -> UnitStateChanged | CapacityReported:
    """Every fifth is kept for ever as a node of its own, which shows whether it took effect once."""
    about = {"supplier_id": f"s{n % SUPPLIERS}", "version": n // SUPPLIERS + 1, "reason": "x" * 200}
    if n % 5 == 0:
        return UnitStateChanged.model_validate({**about, "state": ("active", "idle")[n // SUPPLIERS % 2]})
    del about["reason"]
    about |= {"offer_id": f"o{n % 7}", "capacity": {"quantity": 1 + n % 900, "unit": "pcs", "per": "month"}}
    return CapacityReported.model_validate(about)


async def _in_parts(publisher, events) -> None:
    for start in range(0, len(events), 1000):
        records = [outgoing(event) for event in events[start : start + 1000]]
        await publisher.send([replace(record, value=record.value + b" " * PADDING) for record in records])
