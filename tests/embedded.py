"""The embedded Kafka and Neo4j for tests: one stack a test session, started by whoever needs it first.

`from tests.embedded import endpoints, mended_stack, stack` in a conftest.py gives the fixtures. Tests that
kill a server must have it running again when they end: `mended_stack` sees to it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from services.local import Endpoints, LocalStack
from services.local.ephemeral import ephemeral_stack
from services.local.progress import PlainProgress

_running: list[LocalStack] = []


@contextmanager
def embedded_stack() -> Generator[LocalStack]:
    """Give the session's stack: the first to enter starts it and stops it on leaving, others share it."""
    if _running:
        yield _running[0]
        return
    with ephemeral_stack(PlainProgress()) as started:
        _running.append(started)
        try:
            yield started
        finally:
            _running.clear()


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """The running stack, with methods that kill and start its servers."""
    with embedded_stack() as running:
        yield running


@pytest.fixture(scope="session")
def endpoints(stack: LocalStack) -> Endpoints:
    """Addresses of the running stack. They stay the same for the whole session, kills included."""
    assert stack.endpoints is not None
    return stack.endpoints


@pytest.fixture
def mended_stack(stack: LocalStack) -> Iterator[LocalStack]:
    """The stack for tests that kill its servers: whatever was killed runs again afterwards."""
    yield stack
    if "kafka" not in stack.pids:
        stack.restart_kafka()
    stack.start_neo4j()
