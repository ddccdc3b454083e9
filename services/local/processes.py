"""Names for processes that stay right after a process id was given to another."""

from __future__ import annotations

import psutil
from pydantic import BaseModel, ConfigDict

CLOCK_SECONDS = 1.0  # start times of one process may be read this far apart after the clock was set


class ProcessName(BaseModel):
    """A process id with its start time (seconds since 1970)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessName:
        """Name the process that has `pid` now; start time 0 when there is none."""
        try:
            return cls(pid=pid, started=psutil.Process(pid).create_time())
        except psutil.Error:
            return cls(pid=pid, started=0.0)

    def find(self) -> psutil.Process | None:
        """Find the process, when it still lives and its id was not given to another."""
        try:
            process = psutil.Process(self.pid)
            return process if abs(process.create_time() - self.started) < CLOCK_SECONDS else None
        except (psutil.Error, ValueError):
            return None

    def kill(self) -> None:
        """End it at once and wait until it is gone; without effect when it is gone already."""
        process = self.find()
        if process:
            try:
                process.kill()
                process.wait(10)
            except psutil.NoSuchProcess:
                pass
