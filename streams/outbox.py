"""What has to be told leaves the graph exactly once committed: at once from memory, and by a sweep after a crash."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from graph import clock
from graph.driver import Graph
from graph.outbox import delete_sent, left_over
from graph.record import Message
from schemas.errors import UnavailableError
from streams.publish import Outgoing, Publisher, TooLargeError

log = structlog.get_logger()

SETTLE_SECONDS: Final = 2.0
SWEEP_ROWS: Final = 500


class Outbox:
    """Sends messages that are committed in the graph, and deletes their rows once the log has them."""

    def __init__(self, graph: Graph, publisher: Publisher, checkpoint: Callable[[str], None] = lambda _: None) -> None:
        self._graph = graph
        self._publisher = publisher
        self._at = checkpoint
        self._queue: list[Message] = []
        self._sending: asyncio.Task[None] | None = None
        self._left: dict[tuple[str, str], float] = {}
        """Keys with messages that were left to the sweep, and when: what comes later under them must not overtake."""

    def send_soon(self, messages: list[Message]) -> None:
        """Send in the background and in order; what fails stays in the graph for the sweep."""
        self._queue += messages
        if self._queue and (self._sending is None or self._sending.done()):
            self._sending = asyncio.get_running_loop().create_task(self._send_queue())

    async def drain(self) -> None:
        """Wait until everything that send_soon took is sent or left to the sweep."""
        if self._sending is not None:
            await self._sending

    async def sweep(self, *, settle: float = SETTLE_SECONDS) -> int:
        """Send what has waited longer than `settle` seconds; returns how many."""
        total, began = 0, time.monotonic()
        while True:
            messages = await left_over(self._graph, clock.now() - settle, SWEEP_ROWS)
            if not messages:
                self._left = {key: at for key, at in self._left.items() if at >= began - settle}
                return total
            total += await self._send_apart(messages)

    async def _send_apart(self, messages: list[Message]) -> int:
        """Send together, or, when one is too large for Kafka, each alone: that one is reported and given up."""
        try:
            await self._send(messages)
        except TooLargeError as error:
            if len(messages) == 1:
                log.error("outbox.too-large", id=messages[0].id, error=error.detail)  # noqa: TRY400 - the sentence says it
                await delete_sent(self._graph, [messages[0].id])
                return 0
            return sum([await self._send_apart([message]) for message in messages])
        return len(messages)

    async def _send_queue(self) -> None:
        while self._queue:
            messages, self._queue = self._queue, []
            now = time.monotonic()
            waiting = [m for m in messages if (m.topic, m.key) in self._left]
            self._left.update({(m.topic, m.key): now for m in waiting})
            ready = [m for m in messages if (m.topic, m.key) not in self._left]
            try:
                if ready:
                    await self._send(ready)
            except (UnavailableError, TooLargeError) as error:
                self._left.update({(m.topic, m.key): time.monotonic() for m in ready})
                log.warning("outbox.waits", messages=len(ready), error=error.detail)

    async def _send(self, messages: list[Message]) -> None:
        await self._publisher.send([Outgoing(m.topic, m.key.encode(), m.value.encode()) for m in messages])
        self._at("outbox.sent-before-mark")
        await delete_sent(self._graph, [m.id for m in messages])
