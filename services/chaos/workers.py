"""Worker processes that are killed, paused and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from schemas.settings import ENV_FILE, Settings, write_env_file
from services.local.spawn import CLEAN, spawn

ROOT: Final = Path(__file__).parents[2]
MEGABYTE: Final = 1_048_576
TEND_SECONDS: Final = 0.2


@dataclass(slots=True)
class Workers:
    """One process per slot, started again whenever it ends. `ends` counts exit codes; negative ones are signals."""

    settings: Settings
    folder: Path
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict[int, subprocess.Popen[bytes]])
    ends: dict[int, int] = field(default_factory=dict[int, int])
    most_megabytes: float = 0.0
    _held: set[int] = field(default_factory=set[int])

    def start(self, slot: int, *, kill_at: str = "", number: int = 1, skew: float = 0.0) -> subprocess.Popen[bytes]:
        """Start a process for a slot; `number` 2 is a second one, which the first does not know of.

        `skew` is by how many seconds the clock of its machine is wrong.
        """
        place = self.folder / f"worker-{slot}-{number}"
        write_env_file(self.settings.model_copy(update={"kill_at": kill_at, "data_dir": place}), place / ENV_FILE)
        program = ["services.chaos.skewed", str(skew)] if skew else ["services.cli"]
        command = [sys.executable, "-m", *program, "--data-dir", str(place), "worker", "--slot", str(slot)]
        environment = {**CLEAN, "PYTHONPATH": str(ROOT)}
        process = spawn(command, place, self.log(slot), environment)
        if number == 1:
            self.running[slot] = process
        return process

    def log(self, slot: int) -> Path:
        """What the processes of a slot have said, one after another."""
        return self.folder / f"worker-{slot}.log"

    async def tend(self) -> None:
        """Start again whatever ended, until cancelled."""
        while True:
            for slot, process in list(self.running.items()):
                if slot in self._held:
                    continue
                code = process.poll()
                if code is not None:
                    self.ends[code] = self.ends.get(code, 0) + 1
                    self.start(slot)
                else:
                    self._weigh(process.pid)
            await asyncio.sleep(TEND_SECONDS)

    def hold(self, slot: int) -> None:
        """Do not start this slot again by itself."""
        self._held.add(slot)

    def let_go(self, slot: int) -> None:
        """Start this slot again by itself."""
        self._held.discard(slot)

    def signal(self, slot: int, number: signal.Signals) -> None:
        """Send a signal to a slot's process."""
        process = self.running[slot]
        if process.poll() is None:
            os.kill(process.pid, number)

    async def ended(self, process: subprocess.Popen[bytes], seconds: float) -> int | None:
        """Wait for a process to end; its exit code, or None when it still runs."""
        until = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < until:  # noqa: ASYNC110 - a process, not a task
            await asyncio.sleep(0.05)
        return process.poll()

    async def idle_cpu(self, seconds: float) -> dict[int, float]:
        """Percent of a core that each running process takes over some seconds."""
        before = {slot: self._cpu(slot) for slot in self.running}
        await asyncio.sleep(seconds)
        after = {slot: self._cpu(slot) for slot in self.running}
        return {
            slot: 100 * (end - start) / seconds
            for slot, start in before.items()
            if start is not None and (end := after.get(slot)) is not None and end >= start
        }

    async def stop(self) -> float:
        """SIGTERM to all; seconds until the last ended."""
        started = time.monotonic()
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            if await self.ended(process, 20) is None:
                process.kill()
                process.wait()
        return time.monotonic() - started

    def _cpu(self, slot: int) -> float | None:
        try:
            times = psutil.Process(self.running[slot].pid).cpu_times()
        except psutil.Error:
            return None
        return times.user + times.system

    def _weigh(self, pid: int) -> None:
        try:
            self.most_megabytes = max(self.most_megabytes, psutil.Process(pid).memory_info().rss / MEGABYTE)
        except psutil.Error:
            return
