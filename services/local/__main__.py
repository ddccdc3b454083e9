"""The embedded servers alone, in the foreground: `python -m services.local DATA_DIR`.

They run until Ctrl-C or SIGTERM. Instead of DATA_DIR, --prepare fetches and makes what is needed once a machine,
and --lock resolves the versions of versions.py afresh and writes jars.lock.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from services.local.errors import LocalStackError
from services.local.fetch import resolve_roots
from services.local.lockfile import write_lock
from services.local.prepare import prepare_machine
from services.local.progress import PlainProgress, RichProgress
from services.local.stack import LocalStack

LOOK_SECONDS = 1.0


def main() -> int:
    """Read the command line, start, wait, stop; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.local", description=__doc__)
    parser.add_argument("data_dir", type=Path, nargs="?", help="where the data stays")
    parser.add_argument("--kafka-port", type=int, help="a free one when not given")
    parser.add_argument("--neo4j-port", type=int, help="a free one when not given")
    parser.add_argument("--password", help="of Neo4j's user neo4j; made and kept when not given")
    parser.add_argument("--prepare", action="store_true", help="fetch the servers, prepare quick starts, end")
    parser.add_argument("--lock", action="store_true", help="write jars.lock afresh, end")
    given = parser.parse_args()
    if [given.data_dir is not None, given.prepare, given.lock].count(True) != 1:
        parser.error("give one of DATA_DIR, --prepare, --lock")
    for number in (signal.SIGTERM, signal.SIGINT):  # both end it in order, also where a script's shell ignores Ctrl-C
        signal.signal(number, signal.default_int_handler)
    try:
        with RichProgress() if sys.stderr.isatty() else nullcontext(PlainProgress()) as progress:
            if given.prepare:
                prepare_machine(progress)
                return 0
            if given.lock:
                write_lock({"kafka": resolve_roots("kafka", progress), "neo4j": resolve_roots("neo4j", progress)})
                return 0
            ports = {"kafka_port": given.kafka_port, "neo4j_port": given.neo4j_port}
            stack = LocalStack(given.data_dir, password=given.password, **ports)
            stack.start(progress)
        try:
            wait_for_end(stack)
        finally:
            stack.stop()
    except LocalStackError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def wait_for_end(stack: LocalStack) -> None:
    """Print the addresses and return on a signal. Raises LocalStackError when a server ends by itself."""
    endpoints = stack.endpoints
    try:
        if endpoints:
            sys.stdout.write(f"Kafka: {endpoints.bootstrap_servers}\n")
            sys.stdout.write(f"Neo4j: {endpoints.neo4j_uri}, {endpoints.neo4j_user} / {endpoints.neo4j_password}\n")
            sys.stdout.write(f"Processes: {stack.pids}. Ctrl-C ends them.\n")
            sys.stdout.flush()
        while True:
            time.sleep(LOOK_SECONDS)
            stack.check()
    except KeyboardInterrupt:
        sys.stderr.write("Stopping ...\n")


if __name__ == "__main__":
    sys.exit(main())
