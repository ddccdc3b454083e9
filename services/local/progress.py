"""How the embedded servers tell what they are doing, and two ways to show it."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import (
    Progress as RichBars,
)

TENTHS = 10


class Progress(Protocol):
    """Called as often as there is news, from any thread.

    `stage` is a short phrase for a person ("fetch jars", "start Kafka"); `done` of `total` are bytes or
    steps; `total` 0 means that the end is not known yet; `done` == `total` > 0 means that the stage is over.
    """

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell what is being done and how far it is."""


def silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


class PlainProgress:
    """One line when a stage begins, one per tenth of a long one, one when it ends. For logs and pipes."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown: dict[str, int] = {}
        self._lock = threading.Lock()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """See Progress."""
        tenth = TENTHS * done // total if total else 0
        with self._lock:
            if self._shown.get(stage, -1) >= tenth:
                return
            self._shown[stage] = tenth
            text = "done" if tenth == TENTHS else f"{10 * tenth} %" if tenth else "..."
            print(f"{stage}: {text}", file=self._stream, flush=True)


class RichProgress:
    """A bar a stage. Use as a context manager, so that the terminal is left in order."""

    def __init__(self, console: Console | None = None) -> None:
        self._bars = RichBars(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
            console=console or Console(stderr=True),
        )
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """See Progress."""
        with self._lock:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, total=None)
            self._bars.update(self._tasks[stage], completed=done, total=total or None)
