"""Turns itself into a server that dies with its parent: `python -I -S launch.py PARENT_PID COMMAND...`.

Linux ties the death signal to the process and keeps it over exec, so it is set here, in the child, between
fork and exec. (A preexec_fn would do the same in the parent's forked copy, which is unsafe with threads.)
Elsewhere there is no such signal: there the next start ends what a dead instance left (see instance.py).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Set the death signal, check that the parent still lives, then exec COMMAND."""
    parent_pid, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            sys.exit(f"prctl(PR_SET_PDEATHSIG) failed: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent_pid:  # it died before the signal was set
        sys.exit("the parent has gone")
    os.execv(command[0], command)  # noqa: S606 - becomes the command that spawn.py built


if __name__ == "__main__":
    main()
