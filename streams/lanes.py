"""Slices of different partitions side by side, of one partition one after another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from streams.deadletters import Origin

Slice = Sequence[Origin]
DEPTH: Final = 2


class Lane:
    """A short queue that can be given up: then who waits to put goes on, and what was put is forgotten."""

    def __init__(self) -> None:
        self._slices: deque[Slice] = deque()
        self._dropped = False
        self._changed = asyncio.Condition()

    async def put(self, records: Slice) -> None:
        """Queue a slice as soon as there is room; forget it when the lane is given up meanwhile."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._dropped or len(self._slices) < DEPTH)
            if not self._dropped:
                self._slices.append(records)
                self._changed.notify_all()

    async def get(self) -> Slice:
        """The next slice."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._slices) > 0)
            records = self._slices.popleft()
            self._changed.notify_all()
            return records

    async def drop(self) -> None:
        """Give the lane up."""
        async with self._changed:
            self._dropped = True
            self._slices.clear()
            self._changed.notify_all()


class Lanes:
    """A lane and a task per partition. `put` waits when the lane is full, which slows the consumer down."""

    def __init__(self, handle: Callable[[str, Slice], Awaitable[None]], *, at_once: int) -> None:
        self._handle = handle
        self._room = asyncio.Semaphore(at_once)
        self._lanes: dict[str, Lane] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def put(self, tp: str, records: Slice) -> None:
        """Queue a slice of a partition. One whose partition is dropped while it waits is forgotten."""
        lane = self._lanes.get(tp)
        if lane is None:
            lane = self._lanes[tp] = Lane()
            self._tasks[tp] = asyncio.get_running_loop().create_task(self._run(tp, lane))
        await lane.put(records)

    async def drop(self, tps: list[str]) -> None:
        """Forget what waits in these lanes and end them; a slice that is being handled is given up."""
        tasks = [self._tasks.pop(tp) for tp in tps if tp in self._tasks]
        lanes = [self._lanes.pop(tp) for tp in tps if tp in self._lanes]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lane in lanes:
            await lane.drop()

    async def stop(self) -> None:
        """End all lanes."""
        await self.drop(list(self._tasks))

    async def _run(self, tp: str, lane: Lane) -> None:
        while True:
            records = await lane.get()
            async with self._room:
                await self._handle(tp, records)
