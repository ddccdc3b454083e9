"""What has to be told leaves the graph exactly once committed: at once from memory, and by a sweep after a crash."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

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
        self._tasks: set[asyncio.Task[None]] = set()

    def send_soon(self, messages: list[Message]) -> None:
        """Send in the background; what fails stays in the graph for the sweep."""
        if messages:
            task = asyncio.get_running_loop().create_task(self._send_logged(messages))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until everything that send_soon took is sent or left to the sweep."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def sweep(self, *, settle: float = SETTLE_SECONDS) -> int:
        """Send what has waited longer than `settle` seconds; returns how many."""
        total = 0
        while True:
            messages = await left_over(self._graph, time.time() - settle, SWEEP_ROWS)
            if not messages:
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

    async def _send_logged(self, messages: list[Message]) -> None:
        try:
            await self._send(messages)
        except (UnavailableError, TooLargeError) as error:
            log.warning("outbox.waits", messages=len(messages), error=error.detail)

    async def _send(self, messages: list[Message]) -> None:
        await self._publisher.send([Outgoing(m.topic, m.key.encode(), m.value.encode()) for m in messages])
        self._at("outbox.sent-before-mark")
        await delete_sent(self._graph, [m.id for m in messages])
