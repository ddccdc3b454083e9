"""The command in the foreground, as a process of its own: how it ends must not matter to what it leaves."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil

from services.local import LocalStack

START_SECONDS = 90


@contextmanager
def foreground(folder):
    """Give `python -m services.local FOLDER` when it serves, and the ids of its servers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.local", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout:
            if line.startswith("Processes:"):
                break
        children = [child.pid for child in psutil.Process(process.pid).children()]
        assert len(children) == 2
        yield process, children
    finally:
        process.kill()
        process.communicate()


def wait_gone(pids, seconds):
    deadline = time.monotonic() + seconds
    while any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids):
        assert time.monotonic() < deadline, f"{pids} still run"
        time.sleep(0.05)


def test_a_killed_parent_leaves_no_server_and_no_lock(tmp_path):
    with foreground(tmp_path) as (process, servers):
        process.kill()
        process.wait()
        wait_gone(servers, 5)
    with LocalStack(tmp_path) as stack:  # after crashes of both, with the kept password
        assert set(stack.pids) == {"kafka", "neo4j"}


def test_a_signal_ends_both_in_order(tmp_path):
    with foreground(tmp_path) as (process, servers):
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert errors.endswith("Stopping ...\n")
        wait_gone(servers, 0.1)
    assert not (tmp_path / "instance.json").exists()
    assert "Stopped." in (tmp_path / "neo4j" / "logs" / "neo4j.log").read_text()


def test_a_signal_while_starting_leaves_nothing(tmp_path):
    process = subprocess.Popen([sys.executable, "-m", "services.local", str(tmp_path)], stderr=subprocess.PIPE)
    deadline = time.monotonic() + START_SECONDS
    while not (tmp_path / "neo4j" / "neo4j.log").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    servers = [child.pid for child in psutil.Process(process.pid).children()]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT
    wait_gone(servers, 0.1)
    assert not (tmp_path / "instance.json").exists()
