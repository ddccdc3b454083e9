"""Signs of life of Faust: what it may be asked to commit, and whether it has crashed.

When a service of Faust crashes, Faust marks it and its parents, stops the timers and stays: a process that holds its
partitions, spins and handles nothing. So the worker looks for the mark itself and ends.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from faust.types.tuples import TP

LOOK_SECONDS = 0.5
PATIENCE = 5
"""How many times longer one partition may stand still while others of the worker move on: it may only be busy."""


class Stillness:
    """Which partitions have work and stand still for too long. Times are of a monotonic clock, in seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._stood: dict[str, tuple[int, float]] = {}
        self._moved_at = float("-inf")

    def look(self, tp: str, position: int, now: float, *, has_work: bool) -> float | None:
        """Take in where a partition stands; for how long it stands still, when that is too long."""
        stood, since = self._stood.get(tp, (position, now))
        if position != stood:
            self._moved_at = now
        if position != stood or not has_work:
            since = now
        self._stood[tp] = (position, since)
        busy = now - self._moved_at <= self._seconds
        still = now - since
        return still if still > self._seconds * (PATIENCE if busy else 1) else None

    def forget(self) -> None:
        """Begin anew: waiting for a server is not being stuck."""
        self._stood.clear()


def owned(pending: Mapping[TP, int], assignment: Iterable[TP]) -> dict[TP, int]:
    """Those offsets that this worker may commit: partitions may have gone to another since their slice was taken."""
    ours = set(assignment)
    return {tp: offset for tp, offset in pending.items() if tp in ours}


def crash_of(app: Any) -> BaseException | None:
    """Why Faust has crashed, or None while it lives."""
    consumer = app.consumer
    thread = getattr(consumer, "_thread", None)
    fetcher = app.__dict__.get("_fetcher")
    for service in (app, consumer, thread, fetcher):
        if service is not None and service.crashed:
            return service.crash_reason or RuntimeError(f"{service.label} crashed without a reason")
    return None


async def end_on_crash(app: Any, die: Callable[[BaseException], NoReturn]) -> None:
    """Call `die` with the reason soon after Faust has crashed; runs beside Faust, not in it."""
    while (reason := crash_of(app)) is None:  # noqa: ASYNC110 - Faust has an event of its own in each service
        await asyncio.sleep(LOOK_SECONDS)
    die(reason)
