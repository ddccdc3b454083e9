"""Workers and API as child processes: started, watched, started again when they end, stopped in order."""

import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from services.local.spawn import spawn

STOP_SECONDS = 12.0
QUICK_SECONDS = 5.0
QUICK_ENDS = 5


@dataclass(slots=True)
class Child:
    """One process that has to run. `ends` are the times at which it ended by itself."""

    name: str
    command: list[str]
    folder: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    last_code: int | None = None
    ends: deque[float] = field(default_factory=lambda: deque[float](maxlen=QUICK_ENDS))

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self.process.pid if self.process and self.process.poll() is None else None

    @property
    def failing(self) -> bool:
        """Whether it has ended at once several times in a row: starting it again will not help."""
        return len(self.ends) == QUICK_ENDS and self.ends[-1] - self.ends[0] < QUICK_SECONDS * QUICK_ENDS

    def start(self) -> None:
        """Start it. The log of earlier runs is kept."""
        self.process = spawn(self.command, self.folder, self.log)
        self.started = time.monotonic()

    def tend(self) -> bool:
        """Start it again if it has ended; returns whether it had."""
        if self.process is None or self.process.poll() is None:
            return False
        self.last_code = self.process.returncode
        self.ends.append(time.monotonic())
        self.restarts += 1
        if not self.failing:
            self.start()
        return True

    def last_words(self, lines: int = 5) -> str:
        """The end of its log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


class Children:
    """All child processes of `peyvand up`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.all: list[Child] = []
        (data_dir / "logs").mkdir(parents=True, exist_ok=True)

    def add(self, name: str, *arguments: str) -> Child:
        """Start `peyvand ARGUMENTS` under a name."""
        command = [sys.executable, "-m", "services.cli", "--data-dir", str(self._data_dir), *arguments]
        child = Child(name, command, Path.cwd(), self._data_dir / "logs" / f"{name}.log")
        child.start()
        self.all.append(child)
        return child

    def stop(self) -> None:
        """SIGTERM to all, then SIGKILL to what is still there after a while."""
        running = [child.process for child in self.all if child.process and child.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
