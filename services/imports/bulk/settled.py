"""Waiting until the graph has what the log of a topic holds: only then can be said what is new and what is changed."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final

from graph.cursors import read_cursors
from graph.driver import Graph
from schemas.errors import UnavailableError
from schemas.settings import Settings
from streams.admin import end_offsets

PATIENCE_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.3


async def settled(
    settings: Settings,
    graph: Graph,
    topic: str,
    *,
    waiting: Callable[[int], None] | None = None,
    patience: float = PATIENCE_SECONDS,
) -> None:
    """Return when the graph has applied the events that the topic has now. `waiting` is told how many are left.

    UnavailableError: their number has not fallen for `patience` seconds, as when no worker runs.
    """
    ends = await asyncio.to_thread(end_offsets, settings)
    wanted = {tp: end for tp, end in ends.items() if tp.rpartition(":")[0] == topic}
    least, since = -1, time.monotonic()
    while left := await _left(graph, wanted):
        if least < 0 or left < least:
            least, since = left, time.monotonic()
        elif time.monotonic() - since > patience:
            msg = (
                f"the graph has not applied {left} events of {topic}, and nothing moves, so what is new cannot be told"
            )
            raise UnavailableError(msg, hint="Is a worker running? The import goes on when the graph has caught up.")
        if waiting is not None:
            waiting(left)
        await asyncio.sleep(_POLL_SECONDS)


async def _left(graph: Graph, ends: Mapping[str, int]) -> int:
    cursors = await read_cursors(graph, list(ends))
    return sum(max(0, end - cursors[tp].applied) for tp, end in ends.items())
