"""Faults of worker processes."""

import asyncio
import signal
from collections.abc import Callable
from typing import Final

import psutil

from schemas.errors import PeyvandError
from schemas.settings import Settings
from services.chaos.site import Fault, Site
from streams.admin import delete_group, group_members, rewind_group

KILL_POINTS: Final = (
    "apply.before-commit", "apply.after-commit", "match.before-commit", "match.after-commit", "outbox.sent-before-mark",
    "deliver.sent-before-mark",
)  # fmt: skip
ZOMBIE_SECONDS: Final = 13.0  # longer than the session timeout of the group, so that it is thrown out
DIES_SECONDS: Final = 45.0
STOPS_SECONDS: Final = 10.0
LEAVES_SECONDS: Final = 25.0
SKEWED_SECONDS: Final = 12.0
SQUEEZED_SECONDS: Final = 6.0
LARGE_EVENTS: Final = 80
LARGE_BYTES: Final = 200_000
HOUR: Final = 3600.0


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


async def squeeze_memory(site: Site) -> None:
    """A worker gets no more memory while large events come: what it asks for is refused wherever it asks."""
    process = site.workers.running[_slot(site)]
    try:
        worker = psutil.Process(process.pid)
        worker.rlimit(psutil.RLIMIT_DATA, (worker.memory_info().data, psutil.RLIM_INFINITY))
        await site.load.publish(LARGE_EVENTS, LARGE_BYTES)
        await site.workers.ended(process, SQUEEZED_SECONDS)
        worker.rlimit(psutil.RLIMIT_DATA, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    except psutil.NoSuchProcess:
        return  # it ended, and is started again


def wrong_clock(seconds: float) -> Fault:
    """A worker on a machine whose clock is wrong, which is then killed: what it wrote must not wait for that hour."""

    async def for_a_while(site: Site) -> None:
        slot = _slot(site)
        site.workers.hold(slot)
        try:
            await _exchange(site, slot, skew=seconds)
            await asyncio.sleep(SKEWED_SECONDS)
            await _exchange(site, slot)
        finally:
            site.workers.let_go(slot)

    return for_a_while


async def delete_offsets(site: Site) -> None:
    """Delete the consumer group while nobody is in it: positions come from the graph, so nothing happens."""
    await _without_workers(site, delete_group)


async def rewind_offsets(site: Site) -> None:
    """Set the committed offsets back to the beginning while nobody is in the group: as above."""
    await _without_workers(site, rewind_group)


def kill_point(point: str) -> Fault:
    """Kill -9 of a worker at a point in its code."""

    async def at(site: Site) -> None:
        slot = _slot(site)
        site.workers.hold(slot)
        try:
            await _exchange(site, slot, kill_at=point)
            victim = site.workers.running[slot]
            if await site.workers.ended(victim, DIES_SECONDS) == -signal.SIGKILL:
                site.points_hit[point] += 1
            await _exchange(site, slot)
        finally:
            site.workers.let_go(slot)

    return at


WORKER_FAULTS: Final[dict[str, Fault]] = {
    "worker-killed": kill_worker,
    "workers-all-killed": kill_all_workers,
    "worker-zombie": zombie,
    "slot-doubled": duplicate_slot,
    "rebalance-storm": rebalance_storm,
    "worker-sigterm": stop_worker,
    "worker-memory-refused": squeeze_memory,
    "clock-hour-ahead": wrong_clock(HOUR),
    "clock-hour-behind": wrong_clock(-HOUR),
    "group-deleted": delete_offsets,
    "offsets-rewound": rewind_offsets,
    **{f"killed-at-{point}": kill_point(point) for point in KILL_POINTS},
}


async def _exchange(site: Site, slot: int, *, kill_at: str = "", skew: float = 0.0) -> None:
    """Kill -9 of what runs in a slot, and another process in its place."""
    site.workers.signal(slot, signal.SIGKILL)
    await site.workers.ended(site.workers.running[slot], STOPS_SECONDS)
    site.workers.start(slot, kill_at=kill_at, skew=skew)


async def _without_workers(site: Site, work: Callable[[Settings, str], None]) -> None:
    """Stop all workers, do something with their group once nobody is in it, start them again."""
    slots = list(site.workers.running)
    for slot in slots:
        site.workers.hold(slot)
    try:
        await site.workers.stop()
        group = site.settings.group_id
        for _ in range(int(LEAVES_SECONDS)):  # static members stay until their session has run out
            if not await asyncio.to_thread(group_members, site.settings, group):
                break
            await asyncio.sleep(1)
        await asyncio.to_thread(work, site.settings, group)
    finally:
        for slot in slots:
            site.workers.start(slot)
            site.workers.let_go(slot)


def _slot(site: Site) -> int:
    return site.rng.choice(sorted(site.workers.running))
