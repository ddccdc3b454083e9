"""The load: a seeded world published at a rate, with a ledger of what the log acknowledged."""

import asyncio
import random
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.envelope import Envelope
from schemas.errors import PeyvandError
from schemas.settings import Settings
from services.chaos.world import World
from streams.publish import KafkaPublisher, Outgoing, Receipt, outgoing

BATCH: Final = 10
RETRY_SECONDS: Final = 0.3
SEND_SECONDS: Final = 8.0
PAUSED_SECONDS: Final = 0.1
HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class Load:
    """Publishes until told to stop. Whatever is not acknowledged is sent again, under the same event id."""

    world: World
    settings: Settings
    rate: float
    rng: random.Random
    ledger: list[Envelope] = field(default_factory=list[Envelope])
    """Acknowledged events, each once."""
    doubled: int = 0
    late: int = 0
    skewed: int = 0
    retries: int = 0
    stopping: bool = False
    paused: bool = False
    """For a quiet moment."""
    held: bool = False
    """Until the workers are less behind."""
    _first: list[Envelope] = field(default_factory=list[Envelope])
    _held_back: list[Envelope] = field(default_factory=list[Envelope])
    _publisher: KafkaPublisher | None = None

    async def begin(self, number: int) -> None:
        """Connect, and publish the first registrations."""
        self._publisher = KafkaPublisher(self.settings, timeout_seconds=SEND_SECONDS)
        self._first = list(self.world.registrations())
        first, self._first = self._first[:number], self._first[number:]
        await self._acknowledged(first)

    async def start(self) -> None:
        """Publish the other registrations, in order."""
        for first in range(0, len(self._first), 100):
            await self._acknowledged(self._first[first : first + 100])

    async def run(self) -> None:
        """Publish changes at the rate until `stopping`, then what was held back."""
        began, sent = time.monotonic(), 0
        while not self.stopping:
            if self.paused or self.held:
                await asyncio.sleep(PAUSED_SECONDS)
                began += PAUSED_SECONDS
                continue
            batch = [self._maybe_late(self._maybe_skewed(event)) for event in self.world.later(BATCH)]
            await self._acknowledged([event for event in batch if event is not None])
            sent += BATCH
            await asyncio.sleep(max(0.0, began + sent / self.rate - time.monotonic()))
        await self.bring_late()

    async def stop(self) -> None:
        """Close the producer."""
        if self._publisher is not None:
            await self._publisher.stop()

    async def publish(self, number: int, padding: int = 0) -> None:
        """Publish some more changes at once, each with so many bytes of white space at its end."""
        events = list(self.world.later(number))
        records = [outgoing(event) for event in events]
        await self.send([replace(record, value=record.value + b" " * padding) for record in records])
        self.ledger += events

    def hold_back(self, number: int) -> None:
        """Let the next events of some number arrive later than those after them."""
        self.late += number

    def skew(self, number: int) -> None:
        """Let the next events of some number say that they were made an hour earlier or later than they were."""
        self.skewed += number

    async def bring_late(self) -> int:
        """Publish what was held back; returns how much that was."""
        held, self._held_back, self.late = self._held_back, [], 0
        self.rng.shuffle(held)
        await self._acknowledged(held)
        return len(held)

    async def double(self, number: int) -> None:
        """Publish some acknowledged events once more, some of them on any partition."""
        again = self.rng.sample(self.ledger, min(number, len(self.ledger)))
        places = [None, *range(self.settings.kafka_partitions)]
        await self.send([replace(outgoing(event), partition=self.rng.choice(places)) for event in again])
        self.doubled += len(again)

    async def send(self, records: list[Outgoing]) -> list[Receipt]:
        """Publish records until they are acknowledged."""
        assert self._publisher is not None  # noqa: S101 - start() comes first
        while True:
            try:
                return await self._publisher.send(records)
            except PeyvandError:
                self.retries += 1
                await asyncio.sleep(RETRY_SECONDS)

    async def _acknowledged(self, events: list[Envelope]) -> None:
        if events:
            await self.send([outgoing(event) for event in events])
            self.ledger += events

    def _maybe_skewed(self, event: Envelope) -> Envelope:
        if self.skewed <= 0:
            return event
        self.skewed -= 1
        return event.model_copy(update={"time": datetime.now(UTC) + self.rng.choice((-HOUR, HOUR))})

    def _maybe_late(self, event: Envelope) -> Envelope | None:
        if self.late <= 0:
            return event
        self.late -= 1
        self._held_back.append(event)
        return None
