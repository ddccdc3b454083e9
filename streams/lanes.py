"""Slices of different partitions side by side, of one partition one after another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from streams.deadletters import Origin

Slice = Sequence[Origin]
DEPTH: Final = 2


class Lanes:
    """A short queue and a task per partition. `put` waits when the lane is full, which slows the consumer down."""

    def __init__(self, handle: Callable[[str, Slice], Awaitable[None]], *, at_once: int) -> None:
        self._handle = handle
        self._room = asyncio.Semaphore(at_once)
        self._queues: dict[str, asyncio.Queue[Slice]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def put(self, tp: str, records: Slice) -> None:
        """Queue a slice of a partition."""
        queue = self._queues.get(tp)
        if queue is None:
            queue = self._queues[tp] = asyncio.Queue(DEPTH)
            self._tasks[tp] = asyncio.get_running_loop().create_task(self._run(tp, queue))
        await queue.put(records)

    async def drop(self, tps: list[str]) -> None:
        """Forget what waits in these lanes and end them; a slice that is being handled is given up."""
        tasks = [self._tasks.pop(tp) for tp in tps if tp in self._tasks]
        for tp in tps:
            self._queues.pop(tp, None)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """End all lanes."""
        await self.drop(list(self._tasks))

    async def _run(self, tp: str, queue: asyncio.Queue[Slice]) -> None:
        while True:
            records = await queue.get()
            async with self._room:
                await self._handle(tp, records)
