"""Drop the graph, replay the log, compare. Crash-safe at any point: see graph.rebuild for the marker.

All topics are applied first and matched once at the end, against what had been told: a replay tells nobody again.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from graph import clock
from graph import rebuild as graph_rebuild
from graph.changes import Touched
from graph.checksum import checksum
from graph.driver import Graph
from graph.due import claim_rules, stored_rules
from graph.knowledge import default_knowledge
from graph.reads.progress import cursors
from schemas.codec import Poison, decode
from schemas.errors import ConflictError, UnavailableError
from schemas.events import DEMAND_EVENTS, MATCH_EVENTS, PRODUCT_EVENTS, RESPONSE_EVENTS, SUPPLIER_EVENTS
from schemas.matches import MatchNews
from schemas.settings import Settings
from streams.admin import end_offsets
from streams.pipeline import Pipeline
from streams.publish import Publisher
from streams.security import client_arguments
from streams.upkeep import Upkeep

ORDER = (SUPPLIER_EVENTS, PRODUCT_EVENTS, DEMAND_EVENTS, RESPONSE_EVENTS, MATCH_EVENTS)
BATCH = 200

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Rebuilt:
    """Hashes before and after by part, and how long it took."""

    before: dict[str, str]
    after: dict[str, str] = field(default_factory=dict[str, str])
    records: int = 0
    told: int = 0
    newer: int = 0
    """Events that the log had beyond those the old graph had taken; with any, the hashes are of different things."""
    seconds: float = 0.0

    @property
    def comparable(self) -> bool:
        """Whether there was a whole graph before, of the same events."""
        return bool(self.before) and not self.newer

    @property
    def differing(self) -> list[str]:
        """Parts whose hash is not what it was."""
        return sorted(name for name in self.after if self.before.get(name) != self.after[name])

    @property
    def equal(self) -> bool:
        """Whether the log gave the same graph again."""
        return not self.differing


async def rebuild(settings: Settings, graph: Graph, publisher: Publisher, progress: Progress) -> Rebuilt:
    """Rebuild the graph from the log. ConflictError: another rebuild is under way.

    What is due by the date or by new rules is brought up to date first, so that the hashes compare like with like.
    """
    packaged = default_knowledge()
    knowledge = await stored_rules(graph, packaged) or packaged
    await claim_rules(graph, knowledge.version)
    pipeline = Pipeline(graph, publisher, knowledge, owner=f"rebuild:{os.uname().nodename}:{os.getpid()}")
    pipeline.today = settings.current_date
    pipeline.replays = True
    tps = await asyncio.to_thread(_partitions, settings)
    result = Rebuilt(before=await _claim(graph, pipeline))
    stood = await cursors(graph)
    started = time.monotonic()
    beating = asyncio.create_task(_beat(graph, pipeline.owner))
    try:
        await _replay(settings, graph, pipeline, tps, result, progress)
    finally:
        beating.cancel()
    for tp, now in (await cursors(graph)).items():
        if tp.rpartition(":")[0] == MATCH_EVENTS:  # what the graph itself has told
            continue
        result.newer += max(0, now["applied"] - stood.get(tp, {"applied": 0})["applied"])
    await graph_rebuild.unmark(graph)
    result.seconds = time.monotonic() - started
    result.after = await checksum(graph)
    return result


async def _replay(
    settings: Settings, graph: Graph, pipeline: Pipeline, tps: dict[str, list[Any]], result: Rebuilt, progress: Progress
) -> None:
    await graph_rebuild.mark(graph, pipeline.owner, "seeding")
    await graph_rebuild.delete_all(graph)
    consumer: Any = AIOKafkaConsumer(
        **client_arguments(settings), enable_auto_commit=False, max_poll_records=5 * settings.slice_max,
        max_partition_fetch_bytes=4 * 1024 * 1024, isolation_level="read_committed",
    )  # fmt: skip
    await consumer.start()
    try:
        await _read(consumer, tps[MATCH_EVENTS], lambda _, records: _seed(graph, records), progress, "what was told")
        await graph_rebuild.mark(graph, pipeline.owner, "replaying")
        for topic in ORDER:
            result.records += await _read(consumer, tps[topic], pipeline.apply_only, progress, topic)
    finally:
        await consumer.stop()
    items = await graph_rebuild.open_items(graph)
    for start in range(0, len(items), BATCH):
        result.told += await pipeline.rematch(Touched(items=set(items[start : start + BATCH])))
        progress("matching", min(start + BATCH, len(items)), len(items))
    late = await graph_rebuild.settle(graph, pipeline.knowledge, pipeline.today())
    result.told += len(late)
    pipeline.outbox.send_soon(late)
    await pipeline.outbox.drain()


async def _claim(graph: Graph, pipeline: Pipeline) -> dict[str, str]:
    """Fence the workers, wait until what they had under way is committed and sent; returns the hash as it is then."""
    found = await graph_rebuild.marker(graph)
    if found is not None and clock.now() - found["at"] < graph_rebuild.DEAD_AFTER:
        msg = f"{found['owner']} is rebuilding this graph already"
        raise ConflictError(msg, hint="Wait until it is done; one that has died counts as gone after half a minute.")
    if found is not None:  # interrupted: what is there is no graph to compare with
        return {}
    await Upkeep(pipeline).all_due()
    await graph_rebuild.mark(graph, pipeline.owner, "replaying")
    try:
        await asyncio.sleep(1.0)  # what was under way commits or finds itself fenced
        await pipeline.outbox.sweep(settle=0)
        return await checksum(graph)
    except BaseException:
        await graph_rebuild.unmark(graph)
        raise


async def _beat(graph: Graph, owner: str) -> None:
    """Say every few seconds that this rebuild lives."""
    while True:
        await asyncio.sleep(graph_rebuild.DEAD_AFTER / 6)
        with contextlib.suppress(UnavailableError):
            await graph_rebuild.beat(graph, owner)


async def _read(
    consumer: Any, tps: list[Any], take: Callable[[str, Sequence[Any]], Any], progress: Progress, what: str
) -> int:
    """Hand every record of a topic up to its present end to `take`, partition by partition in order."""
    consumer.assign(tps)
    starts, ends = await consumer.beginning_offsets(tps), await consumer.end_offsets(tps)
    left = {tp: ends[tp] for tp in tps if ends[tp] > starts[tp]}
    total, done = sum(ends[tp] - starts[tp] for tp in tps), 0
    for tp in tps:
        consumer.seek(tp, starts[tp])
    while left:
        fetched = await consumer.getmany(*left, timeout_ms=1000)
        for tp, records in fetched.items():
            wanted = [r for r in records if r.offset < ends[tp]]
            if wanted:
                await take(f"{tp.topic}:{tp.partition}", wanted)
                done += len(wanted)
        for tp in list(left):
            if await consumer.position(tp) >= ends[tp]:  # not by the last record: a marker may stand behind it
                del left[tp]
        progress(what, done, total)
    return done


def _partitions(settings: Settings) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {topic: [] for topic in ORDER}
    for name in end_offsets(settings):
        topic, _, number = name.rpartition(":")
        if topic in found:
            found[topic].append(TopicPartition(topic, int(number)))
    return found


async def _seed(graph: Graph, records: Sequence[Any]) -> None:
    events = [event for event in map(decode, records) if not isinstance(event, Poison)]
    await graph_rebuild.seed_ledger(graph, [event.data for event in events if isinstance(event.data, MatchNews)])
