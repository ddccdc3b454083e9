"""Starts child processes from one thread that lives as long as this process.

The death signal that launch.py sets is sent when the *thread* that made the child ends, not the process. A
child made from a worker thread would die with it.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")

_Job = tuple[list[str], Path, Path, dict[str, str] | None, "Future[subprocess.Popen[bytes]]"]

CLEAN = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
_jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
_start_lock = threading.Lock()
_owner_pid = 0


def spawn(
    command: list[str], folder: Path, log: Path, environment: dict[str, str] | None = CLEAN
) -> subprocess.Popen[bytes]:
    """Start `command` in `folder`, output appended to `log`, in its own session, to die with this process.

    A session of its own, so that Ctrl-C in the terminal reaches only us and we end the children in order. Without
    `environment` it has only a locale: JAVA_TOOL_OPTIONS and its like must not change the servers. None inherits
    ours.
    Raises OSError when it cannot be started.
    """
    global _owner_pid  # noqa: PLW0603 - one thread a process; a forked child needs its own
    with _start_lock:
        if _owner_pid != os.getpid():
            _owner_pid = os.getpid()
            threading.Thread(target=_work, name="spawn", daemon=True).start()
    answer: Future[subprocess.Popen[bytes]] = Future()
    _jobs.put((command, folder, log, environment, answer))
    return answer.result()


def _work() -> None:
    while True:
        command, folder, log, environment, answer = _jobs.get()
        try:
            with log.open("ab") as stream:
                process = subprocess.Popen(  # noqa: S603 - the command is built from our own constants
                    [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), *command],
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            answer.set_result(process)
        except BaseException as error:  # noqa: BLE001 - handed to the caller
            answer.set_exception(error)
