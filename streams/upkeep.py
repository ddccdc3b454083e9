"""What is due without an event: leftover news, the new day's verdicts, and records understood by older rules."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from graph.changes import Touched
from graph.due import due_items, present_rules, refresh_stale, renewed, stored_rules
from schemas.errors import PeyvandError
from streams.pipeline import Pipeline
from streams.tidings import Tidings

log = structlog.get_logger()

BATCH = 200
SWEEP_EVERY = 1.0
DUE_EVERY = 5.0
OTHER_RULES_SECONDS = 30.0
"""How long the graph may be claimed by rules that are not ours: a tree that is being swapped is claimed within moments."""


class Upkeep:
    """Called every second by each worker. Every step is idempotent, so workers need no leader."""

    def __init__(
        self,
        pipeline: Pipeline,
        tidings: Tidings | None = None,
        *,
        fenced: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`fenced` is called with the rules of the release that has claimed the graph, when it is another one."""
        self._pipeline = pipeline
        self._fenced = fenced
        self._other_since: float | None = None
        self._tidings = tidings
        self._due_at = 0.0
        self._busy = asyncio.Lock()

    async def tick(self) -> None:
        """Do what is due; an outage only puts it off."""
        if self._busy.locked():
            return
        async with self._busy:
            await self._put_off(self._pipeline.outbox.sweep)
            if self._tidings is not None:
                await self._put_off(self._tidings.tick)
            if time.monotonic() >= self._due_at:
                self._due_at = time.monotonic() + DUE_EVERY
                await self._put_off(self.all_due)

    async def _put_off(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do one thing; what stops it does not stop the others."""
        try:
            await work()
        except PeyvandError as error:
            log.warning("upkeep.put-off", error=error.detail)

    async def all_due(self) -> None:
        """Bring records to the present rules and decide every open item that was not decided today."""
        pipeline = self._pipeline
        knowledge = await stored_rules(pipeline.graph, pipeline.knowledge)
        if knowledge is not None:
            log.info("rules.changed", before=pipeline.knowledge.version, now=knowledge.version)
            pipeline.knowledge = knowledge
        await self._same_release()
        while touched := await refresh_stale(pipeline.graph, pipeline.knowledge, BATCH):
            await pipeline.rematch(touched)
            await renewed(pipeline.graph, touched, pipeline.knowledge.version)
        while items := await due_items(pipeline.graph, pipeline.today(), BATCH):
            await pipeline.rematch(Touched(items=items))

    async def _same_release(self) -> None:
        """Two releases that decide side by side would leave verdicts of both: the one that was not claimed for gives way."""
        claimed = await present_rules(self._pipeline.graph)
        if claimed is None or claimed == self._pipeline.knowledge.version:
            self._other_since = None
            return
        self._other_since = self._other_since or time.monotonic()
        if time.monotonic() - self._other_since >= OTHER_RULES_SECONDS:
            self._fenced(claimed)
