"""News of inboxes for live streams: one query for all that listen, however many they are."""

import asyncio
from typing import Any, Final

from graph.driver import Graph
from graph.reads.inbox import inboxes
from schemas.errors import UnavailableError

ROWS: Final = 200
LONGEST_SECONDS: Final = 15.0


class News:
    """Watches the graph for all streams of this process with one query, twice a second while anyone listens."""

    def __init__(self, graph: Graph, seconds: float = 0.5) -> None:
        self._graph = graph
        self._seconds = seconds
        self._waiting: dict[object, tuple[str, int, asyncio.Future[list[dict[str, Any]]]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def after(self, supplier_id: str, seq: int, seconds: float) -> list[dict[str, Any]]:
        """Notices of a supplier above a seq, as soon as there are any; empty when there were none in time."""
        token = object()
        future: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        self._waiting[token] = (supplier_id, seq, future)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())
        try:
            async with asyncio.timeout(min(seconds, LONGEST_SECONDS)):
                return await future
        except TimeoutError:
            return []
        finally:
            self._waiting.pop(token, None)

    async def stop(self) -> None:
        """End the watch and all that wait."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while self._waiting:
            asked = list(self._waiting.items())
            rows = [{"supplier": supplier, "after": seq} for _, (supplier, seq, _) in asked]
            try:
                found = await inboxes(self._graph, rows, ROWS)
            except UnavailableError:
                found = {}
            for _, (supplier, seq, future) in asked:
                news = found.get((supplier, seq))
                if news and not future.done():
                    future.set_result(news)
            await asyncio.sleep(self._seconds)
