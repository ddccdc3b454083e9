"""The faults, by name. Each is done, lasts a moment and is undone; then the site must catch up by itself."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Final

from graph.facets import hold_cursor
from schemas.errors import PeyvandError
from schemas.events import DEMAND_EVENTS
from services.chaos.poison import damaged
from services.chaos.proxy import Way
from services.chaos.site import Site
from streams.admin import delete_group

Fault = Callable[[Site], Awaitable[None]]

KILL_POINTS: Final = (
    "apply.before-commit", "apply.after-commit", "match.before-commit", "match.after-commit", "outbox.sent-before-mark",
    "deliver.sent-before-mark",
)  # fmt: skip
ZOMBIE_SECONDS: Final = 13.0  # longer than the session timeout of the group, so that it is thrown out
PAUSE_SECONDS: Final = 6.0
CUT_SECONDS: Final = 3.0
POISON_RECORDS: Final = 12
DIES_SECONDS: Final = 45.0
STOPS_SECONDS: Final = 10.0


class SlowStopError(PeyvandError):
    """A worker did not leave in time after SIGTERM."""


async def kill_worker(site: Site) -> None:
    """Kill -9 of a worker at a random moment."""
    site.workers.signal(_slot(site), signal.SIGKILL)


async def kill_all_workers(site: Site) -> None:
    """Kill -9 of all workers at once."""
    for slot in list(site.workers.running):
        site.workers.signal(slot, signal.SIGKILL)


async def zombie(site: Site) -> None:
    """Pause a worker for longer than its session, then let it go on as if nothing had been."""
    slot = _slot(site)
    site.workers.signal(slot, signal.SIGSTOP)
    await asyncio.sleep(ZOMBIE_SECONDS)
    site.workers.signal(slot, signal.SIGCONT)


async def duplicate_slot(site: Site) -> None:
    """Start a second process with a slot that is taken: one of both ends."""
    slot = _slot(site)
    second = site.workers.start(slot, number=2)
    first = site.workers.running[slot]
    for _ in range(200):
        if second.poll() is not None or first.poll() is not None:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    if second.poll() is None:
        second.send_signal(signal.SIGTERM)
        if await site.workers.ended(second, STOPS_SECONDS) is None:
            second.kill()


async def rebalance_storm(site: Site) -> None:
    """Let a third worker join and leave, twice."""
    for _ in range(2):
        third = site.workers.start(9, number=2)
        await asyncio.sleep(4)
        third.send_signal(signal.SIGTERM)
        if await site.workers.ended(third, STOPS_SECONDS) is None:
            third.kill()


async def stop_worker(site: Site) -> None:
    """SIGTERM under load: the worker leaves within 10 seconds."""
    process = site.workers.running[_slot(site)]
    process.send_signal(signal.SIGTERM)
    if await site.workers.ended(process, STOPS_SECONDS) is None:
        process.kill()
        msg = f"a worker was still there {STOPS_SECONDS:.0f} s after SIGTERM"
        raise SlowStopError(msg)


async def kill_broker(site: Site) -> None:
    """Kill -9 of the broker, which starts again after some seconds."""
    site.stack.kill_kafka()
    await asyncio.sleep(site.rng.uniform(1, 6))
    await asyncio.to_thread(site.stack.restart_kafka)


async def pause_broker(site: Site) -> None:
    """SIGSTOP of the broker."""
    await _paused(site.stack.pids["kafka"])


async def kill_neo4j(site: Site) -> None:
    """Kill -9 of Neo4j, in the middle of commits."""
    site.stack.kill_neo4j()
    await asyncio.sleep(site.rng.uniform(0, 2))
    await asyncio.to_thread(site.stack.start_neo4j)


async def pause_neo4j(site: Site) -> None:
    """SIGSTOP of Neo4j: whether what was under way is committed is not known."""
    await _paused(site.stack.pids["neo4j"])


async def hold_lock(site: Site) -> None:
    """A stuck transaction that holds a cursor."""
    await hold_cursor(site.graph, f"{DEMAND_EVENTS}:{site.rng.randrange(4)}", PAUSE_SECONDS)


async def cut_kafka(site: Site) -> None:
    """Reset all connections to the broker, and refuse new ones."""
    await _way(site.kafka.set, Way.CUT, CUT_SECONDS)


async def swallow_kafka(site: Site) -> None:
    """Connections to the broker stay open, and nothing comes through."""
    await _way(site.kafka.set, Way.SWALLOW, PAUSE_SECONDS)


async def cut_neo4j(site: Site) -> None:
    """Reset all connections of the workers to Neo4j, and refuse new ones."""
    await _way(site.neo4j.set, Way.CUT, CUT_SECONDS)


async def swallow_neo4j(site: Site) -> None:
    """Connections of the workers to Neo4j stay open, and nothing comes through."""
    await _way(site.neo4j.set, Way.SWALLOW, PAUSE_SECONDS)


async def slow_neo4j(site: Site) -> None:
    """Every answer of Neo4j comes late."""
    await _way(site.neo4j.set, Way.SLOW, PAUSE_SECONDS)


async def reset_offsets(site: Site) -> None:
    """Delete the consumer group while nobody is in it: positions come from the graph, so nothing happens."""
    slots = list(site.workers.running)
    for slot in slots:
        site.workers.hold(slot)
    try:
        await site.workers.stop()
        await asyncio.to_thread(delete_group, site.settings, site.settings.group_id)
    finally:
        for slot in slots:
            site.workers.start(slot)
            site.workers.let_go(slot)


async def poison(site: Site) -> None:
    """Damaged records between the good ones."""
    for event in site.rng.sample(site.load.ledger, POISON_RECORDS):
        record = damaged(event, site.rng)
        [receipt] = await site.load.send([record])
        site.poison[f"{receipt.topic}:{receipt.partition}:{receipt.offset}"] = record.value


async def doubles(site: Site) -> None:
    """Events that were sent before are sent again."""
    await site.load.double(50)


async def late_events(site: Site) -> None:
    """Some events arrive after those that were made after them."""
    site.load.hold_back(30)
    await asyncio.sleep(3)
    await site.load.bring_late()


async def deaf_receiver(site: Site) -> None:
    """The receiver of webhooks answers too late."""
    site.receiver.slow_seconds = 3.0
    await asyncio.sleep(PAUSE_SECONDS)
    site.receiver.slow_seconds = 0.0


def kill_point(point: str) -> Fault:
    """Kill -9 of a worker at a point in its code."""

    async def at(site: Site) -> None:
        slot = _slot(site)
        site.workers.hold(slot)
        try:
            site.workers.signal(slot, signal.SIGKILL)
            await site.workers.ended(site.workers.running[slot], STOPS_SECONDS)
            victim = site.workers.start(slot, kill_at=point)
            if await site.workers.ended(victim, DIES_SECONDS) is None:
                victim.kill()  # the point was not passed: this worker got no such work
                await site.workers.ended(victim, STOPS_SECONDS)
            site.workers.start(slot)
        finally:
            site.workers.let_go(slot)

    return at


FAULTS: Final[dict[str, Fault]] = {
    "worker-killed": kill_worker,
    "workers-all-killed": kill_all_workers,
    "worker-zombie": zombie,
    "slot-doubled": duplicate_slot,
    "rebalance-storm": rebalance_storm,
    "worker-sigterm": stop_worker,
    "broker-killed": kill_broker,
    "broker-paused": pause_broker,
    "neo4j-killed": kill_neo4j,
    "neo4j-paused": pause_neo4j,
    "neo4j-lock-held": hold_lock,
    "kafka-cut": cut_kafka,
    "kafka-swallowed": swallow_kafka,
    "neo4j-cut": cut_neo4j,
    "neo4j-swallowed": swallow_neo4j,
    "neo4j-slow": slow_neo4j,
    "group-deleted": reset_offsets,
    **{f"killed-at-{point}": kill_point(point) for point in KILL_POINTS},
}
LIGHT: Final[dict[str, Fault]] = {
    "poison": poison,
    "doubled-events": doubles,
    "late-events": late_events,
    "receiver-deaf": deaf_receiver,
}
"""Faults that go on beside the others."""


def _slot(site: Site) -> int:
    return site.rng.choice(sorted(site.workers.running))


async def _paused(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(PAUSE_SECONDS)
    finally:
        os.kill(pid, signal.SIGCONT)


async def _way(set_way: Callable[[Way], None], way: Way, seconds: float) -> None:
    set_way(way)
    try:
        await asyncio.sleep(seconds)
    finally:
        set_way(Way.PASS)
