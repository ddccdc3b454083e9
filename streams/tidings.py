"""Looks for news beside matches, on every worker: what one has told, the others find told."""

import time
from typing import Final

import structlog

from graph import clock
from graph.tidings.awards import tell_awards
from graph.tidings.deadlines import tell_deadlines
from graph.tidings.gaps import gaps_due, tell_gaps
from schemas.settings import Settings
from streams.deliver.schedule import DAY, day_start
from streams.pipeline import Pipeline

log = structlog.get_logger()

ROWS: Final = 200
DEADLINES_EVERY: Final = 60.0


class Tidings:
    """Called with the upkeep. Every step is idempotent."""

    def __init__(self, pipeline: Pipeline, settings: Settings) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._deadlines_at = 0.0

    async def tick(self) -> None:
        """Tell what is due."""
        graph, today = self._pipeline.graph, self._pipeline.today()
        found = await tell_awards(graph, today, ROWS)
        now = clock.now()
        settle = self._settings.gap_settle_seconds
        tomorrow = day_start(now, self._settings.utc_offset_hours) + DAY
        for supplier in await gaps_due(graph, now - settle, ROWS):
            found += await tell_gaps(graph, supplier, today, tomorrow)
        if time.monotonic() >= self._deadlines_at:
            self._deadlines_at = time.monotonic() + DEADLINES_EVERY
            found += await tell_deadlines(graph, today, self._settings.deadline_days, ROWS)
        if found:
            log.info("tidings.told", news=len(found))
            self._pipeline.outbox.send_soon(found)
