"""What is due without an event: leftover news, the new day's verdicts, and records understood by older rules."""

import asyncio
import time

import structlog

from graph.changes import Touched
from graph.due import due_items, refresh_stale, stored_rules
from schemas.errors import PeyvandError
from streams.pipeline import Pipeline

log = structlog.get_logger()

BATCH = 200
SWEEP_EVERY = 1.0
DUE_EVERY = 5.0


class Upkeep:
    """Called every second by each worker. Every step is idempotent, so workers need no leader."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._due_at = 0.0
        self._busy = asyncio.Lock()

    async def tick(self) -> None:
        """Do what is due; an outage only puts it off."""
        if self._busy.locked():
            return
        async with self._busy:
            try:
                await self._pipeline.outbox.sweep()
                if time.monotonic() >= self._due_at:
                    self._due_at = time.monotonic() + DUE_EVERY
                    await self.all_due()
            except PeyvandError as error:
                log.warning("upkeep.put-off", error=error.detail)

    async def all_due(self) -> None:
        """Bring records to the present rules and decide every open item that was not decided today."""
        pipeline = self._pipeline
        knowledge = await stored_rules(pipeline.graph, pipeline.knowledge)
        if knowledge is not None:
            log.info("rules.changed", before=pipeline.knowledge.version, now=knowledge.version)
            pipeline.knowledge = knowledge
        while touched := await refresh_stale(pipeline.graph, pipeline.knowledge, BATCH):
            await pipeline.rematch(touched)
        while items := await due_items(pipeline.graph, pipeline.today(), BATCH):
            await pipeline.rematch(Touched(items=items))
