"""Fixtures of all tests: one embedded stack a session, and settings that point at it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from schemas.settings import Settings

ROOT = Path(__file__).parent.parent
SERVER_TESTS = {"graph", "streams", "api", "e2e", "local"}

hypothesis_settings.register_profile("peyvand", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("peyvand")


@pytest.fixture(scope="session")
def stack() -> Iterator["object"]:
    """Real servers on free ports with temporary data."""
    from services.local.stack import LocalStack

    folder = Path(tempfile.mkdtemp(prefix="peyvand-test-"))
    running = LocalStack(folder)
    running.start()
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stack_settings(stack) -> Settings:
    """Settings of the embedded stack."""
    return Settings(
        kafka_bootstrap_servers=stack.endpoints.bootstrap_servers,
        neo4j_uri=stack.endpoints.neo4j_uri,
        neo4j_user=stack.endpoints.neo4j_user,
        neo4j_password=stack.endpoints.neo4j_password,
        kafka_partitions=4,
        today="2026-11-24",
        log_level="warning",
        gap_settle_seconds=3600,
    )


@pytest.fixture(scope="session")
async def prepared(stack_settings) -> Settings:
    """Constraints, indexes, topics and the tree are there; whatever else is."""
    from tests.service import empty_service

    return await empty_service(stack_settings)


@pytest.fixture
async def settings(stack_settings) -> Settings:
    """Settings of an empty service: no topics' records, no nodes but the tree, a group of its own."""
    from tests.service import empty_service

    return await empty_service(stack_settings)


@pytest.fixture
async def graph(settings):
    """A connected graph of the empty service."""
    from graph.driver import Graph

    opened = Graph(settings)
    yield opened
    await opened.close()


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(settings, tmp_path) -> Iterator[Start]:
    """Start worker processes by slot; all that still run are ended after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(slot: int = 1, **extra: str) -> subprocess.Popen[bytes]:
        from tests.service import environment

        log = (tmp_path / f"worker-{slot}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "worker", "--slot", str(slot)],
            env={**os.environ, **environment(settings), **extra},
            cwd=tmp_path,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + 12
    for process in started:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
