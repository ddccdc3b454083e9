"""Runs `peyvand` on a machine whose clock is wrong: `python -m services.chaos.skewed SECONDS worker --slot 1`."""

import runpy
import sys
import time
from collections.abc import Callable


def skew(seconds: float) -> None:
    """Let this process believe that it is later by so many seconds; negative ones are earlier."""
    real: Callable[[], float] = time.time
    real_ns: Callable[[], int] = time.time_ns
    time.time = lambda: real() + seconds
    time.time_ns = lambda: real_ns() + round(seconds * 1e9)


def main() -> None:
    """Take the seconds off the command line, set the clock wrong, go on as the command line says."""
    skew(float(sys.argv.pop(1)))
    runpy.run_module("services.cli", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
