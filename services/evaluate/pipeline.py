"""The gold set's way through the real service: Kafka, a worker, the graph."""

import asyncio
import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.driver import Graph
from graph.knowledge import Knowledge
from graph.matching.goldset import GoldSet
from graph.reads.progress import cursors
from graph.rules import present_knowledge
from schemas.envelope import Envelope
from schemas.errors import UnavailableError
from schemas.settings import ENV_FILE, Settings, write_env_file
from services.evaluate.crowd import Crowd
from services.evaluate.events import demand_events, supply_events
from services.evaluate.width import fill
from services.local.progress import Progress
from services.local.stack import LocalStack
from services.up.children import Children
from services.up.prepare import prepare
from streams.publish import KafkaPublisher, Receipt, publish

BATCH = 200
STUCK_SECONDS = 90.0
EVERY = 0.1
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """How long it took: loading suppliers and offers, and matching the demands, both until the graph had them."""

    seconds_start: float
    seconds_load: float
    seconds_match: float


@contextlib.contextmanager
def own_service(settings: Settings, today: date, progress: Progress) -> Generator[tuple[Settings, Children]]:
    """A fresh service for one measurement: servers and data in a temporary directory, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="peyvand-evaluate-"))
    stack = LocalStack(folder / "stack")
    children: Children | None = None
    try:
        endpoints = stack.start(progress)
        own = settings.model_copy(
            update={
                "kafka_bootstrap_servers": endpoints.bootstrap_servers,
                "neo4j_uri": endpoints.neo4j_uri,
                "neo4j_user": endpoints.neo4j_user,
                "neo4j_password": type(settings.neo4j_password)(endpoints.neo4j_password),
                "neo4j_database": "neo4j",
                "kafka_security_protocol": "PLAINTEXT",
                "kafka_partitions": 4,
                "data_dir": folder,
                "today": today,
                "worker_slot": 1,
                "log_level": "warning",
            }
        )
        write_env_file(own, folder / ENV_FILE)
        children = Children(folder)
        yield own, children
    finally:
        if children is not None:
            children.stop()
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def run(
    settings: Settings, graph: Graph, gold: GoldSet, children: Children | None, say: Say, crowd: Crowd | None = None
) -> tuple[Ran, Knowledge]:
    """Publish the set and wait until all of it is matched, among a crowd where one is given to a service of our own.

    UnavailableError: the workers do not get on.
    """
    started = time.monotonic()
    publisher = KafkaPublisher(settings, linger_ms=5)
    try:
        if children is not None:
            say("preparing topics, indexes and classes")
            children.add("worker-1", "worker", "--slot", "1")
            knowledge = await prepare(settings, graph)
            if crowd is not None:
                await fill(graph, crowd, knowledge, say)
        prepared = time.monotonic()
        say(f"loading {len(gold.suppliers)} suppliers and {len(gold.offers)} offers")
        await _settle(graph, children, await _send(publisher, supply_events(gold)))
        loaded = time.monotonic()
        say(f"matching {len(gold.demands)} demands")
        await _settle(graph, children, await _send(publisher, demand_events(gold)))
        matched = time.monotonic()
    finally:
        await publisher.stop()
    return Ran(prepared - started, loaded - prepared, matched - loaded), await present_knowledge(graph)


async def _send(publisher: KafkaPublisher, events: list[Envelope]) -> list[Receipt]:
    receipts: list[Receipt] = []
    for start in range(0, len(events), BATCH):
        receipts += await publish(publisher, events[start : start + BATCH])
    return receipts


async def _settle(graph: Graph, children: Children | None, receipts: list[Receipt]) -> None:
    """Wait until every record is matched; a worker that ends or does not move for long is an error."""
    wanted: dict[str, int] = {}
    for receipt in receipts:
        tp = f"{receipt.topic}:{receipt.partition}"
        wanted[tp] = max(wanted.get(tp, 0), receipt.offset + 1)
    left, moved = -1, time.monotonic()
    while left:
        found = await cursors(graph)
        behind = sum(max(0, end - (found[tp]["matched"] if tp in found else 0)) for tp, end in wanted.items())
        if behind != left:
            left, moved = behind, time.monotonic()
        for child in children.all if children is not None else ():
            if child.pid is None:
                msg = f"{child.name} ended: {child.last_words()}"
                raise UnavailableError(msg)
        if left and time.monotonic() - moved > STUCK_SECONDS:
            msg = f"{left} events are not matched and nothing moved for {STUCK_SECONDS:.0f} s"
            raise UnavailableError(msg, hint="Is a worker running? See `peyvand status`.")
        if left:
            await asyncio.sleep(EVERY)
