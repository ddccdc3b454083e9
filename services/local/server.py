"""One Java server as a child process: start, wait until it serves, stop, kill."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from services.local.errors import LocalStackError
from services.local.spawn import spawn

POLL_SECONDS = 0.05


def never() -> bool:
    """Say that the start is not given up."""
    return False


class JavaServer:
    """A server that prints to one log file. Not safe for use from several threads at once."""

    def __init__(self, name: str, log: Path, extra_logs: tuple[Path, ...] = ()) -> None:
        self.name = name
        self.log = log
        self._extra_logs = extra_logs
        self._process: subprocess.Popen[bytes] | None = None
        self._told_to_end = False

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self, command: list[str], folder: Path) -> None:
        """Start it; returns at once. The log of the start before is kept as NAME.log.1. Raises OSError."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        self._told_to_end = False
        self._process = spawn(command, folder, self.log)

    def check(self) -> None:
        """Raise LocalStackError when it was started and ended without being told to."""
        if self._process and self.pid is None and not self._told_to_end:
            code = self._process.returncode
            msg = f"{self.name} ended by itself (exit code {code})."
            raise LocalStackError(msg, self.last_words())

    def wait_until(self, ready: Callable[[], bool], limit: float, given_up: Callable[[], bool]) -> None:
        """Poll `ready` for at most `limit` seconds. Raises LocalStackError with the last log lines."""
        deadline = time.monotonic() + limit
        while not ready():
            if self.pid is None:
                code = self._process.returncode if self._process else None
                msg = f"{self.name} ended while starting (exit code {code})."
                raise LocalStackError(msg, self.last_words())
            if time.monotonic() > deadline:
                msg = f"{self.name} did not answer within {limit:.0f} s."
                raise LocalStackError(msg, self.last_words())
            if given_up():
                msg = f"The start of {self.name} was given up."
                raise LocalStackError(msg)
            time.sleep(POLL_SECONDS)

    def terminate(self) -> None:
        """Ask it to stop (SIGTERM); returns at once."""
        self._told_to_end = True
        if self._process and self.pid is not None:
            self._process.send_signal(signal.SIGTERM)

    def finish(self, grace: float) -> None:
        """Wait `grace` seconds for its end after terminate, then kill."""
        if self._process:
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL to it and what it started, and wait until it is gone."""
        self._told_to_end = True
        if self._process and self.pid is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # spawn made it the leader of a group of its own
            self._process.wait()

    def last_words(self, lines: int = 8) -> str:
        """Return the last lines of the logs, for an error's hint."""
        found: list[str] = []
        for path in (self.log, *self._extra_logs):
            try:
                with path.open(encoding="utf-8", errors="replace") as stream:
                    tail = [line.strip() for line in deque(stream, lines) if line.strip()]
            except OSError:
                continue
            if tail:
                found.append(f"The end of {path}:\n  " + "\n  ".join(tail))
        return "\n".join(found) or f"It wrote nothing to {self.log}."
