"""Writing down who did what: at once in the process's log, and in the graph, where it can be asked for.

What became an event bears its principal in Kafka before it is answered, so its entry may follow; what is written to the
graph alone is answered only after its entry is there, as long as the graph takes it.
"""

import asyncio
from collections import deque
from dataclasses import asdict
from typing import Final

import structlog

from graph import clock
from graph.access.log import Entry, forget_entries, keep_entries
from graph.driver import Graph, RefusedError, Row
from schemas.errors import PeyvandError

log = structlog.get_logger()

MOST_WAITING: Final = 20_000
BATCH: Final = 500
EVERY_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 3.0
DAY: Final = 86_400.0


class Trail:
    """Keeps entries; those that wait for a graph that is away are bounded, and stand in the process's log anyway."""

    def __init__(self, graph: Graph, days: int) -> None:
        self._graph = graph
        self._days = days
        self._waiting: deque[Row] = deque(maxlen=MOST_WAITING)
        self._lock = asyncio.Lock()

    def add(self, entry: Entry) -> None:
        """Keep an entry soon."""
        said = {name: value for name, value in asdict(entry).items() if value not in (None, "", [])}
        log.info("audit", **said)
        if len(self._waiting) == MOST_WAITING:
            log.error("audit.full", lost=self._waiting[0])
        self._waiting.append(entry.row())

    async def keep(self, entry: Entry) -> None:
        """Keep an entry now; soon, when the graph does not take it."""
        self.add(entry)
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self.flush()
        except (PeyvandError, TimeoutError) as error:
            log.warning("audit.waits", error=str(error) or "the graph is slow")

    async def flush(self) -> None:
        """Write all that waits. UnavailableError: it waits on."""
        async with self._lock:
            while self._waiting:
                rows = [self._waiting[n] for n in range(min(BATCH, len(self._waiting)))]
                try:
                    await keep_entries(self._graph, rows)
                except RefusedError:
                    log.exception("audit.refused", entries=len(rows))  # they stand in the process's log
                for row in rows:
                    if self._waiting and self._waiting[0] is row:
                        self._waiting.popleft()

    async def forget(self) -> None:
        """Delete entries that are older than they are kept."""
        await forget_entries(self._graph, clock.now() - self._days * DAY)
