"""The time by the clock of Neo4j, which all processes share, whatever the clocks of their machines say.

Leases, due times and ages are compared by other processes than those that wrote them: a worker an hour ahead would
hold an endpoint for an hour after its end, and sign what it sends with a time that no receiver takes.
"""

import time
from typing import Final

ASK_SECONDS: Final = 30.0
ASK_AGAIN_SECONDS: Final = 1.0
SLOW_SECONDS: Final = 2.0
"""An answer that took longer says too little about when it was given."""

NOW = "RETURN timestamp() / 1000.0 AS now"


class Clock:
    """Runs on by the monotonic clock from what the graph said last; by the machine's own clock until then."""

    def __init__(self) -> None:
        self._said: float | None = None
        self._heard_at = 0.0
        self._ask_at = float("-inf")

    def now(self) -> float:
        """Seconds since the epoch."""
        if self._said is None:
            return time.time()
        return self._said + time.monotonic() - self._heard_at

    def asks(self) -> bool:
        """Whether the graph is to be asked now; if so, nobody else needs to for a moment."""
        due = time.monotonic() >= self._ask_at
        if due:
            self._ask_at = time.monotonic() + ASK_AGAIN_SECONDS
        return due

    def set(self, said: float, asked_at: float) -> None:
        """Take what the graph said to a question asked at a monotonic time."""
        heard_at = time.monotonic()
        took = heard_at - asked_at
        if took > SLOW_SECONDS and self._said is not None:
            return
        self._said, self._heard_at = said + took / 2, heard_at
        self._ask_at = heard_at + ASK_SECONDS


CLOCK: Final = Clock()
"""This process's: it works with one graph."""


def now() -> float:
    """Seconds since the epoch by the graph's clock."""
    return CLOCK.now()
