"""Starting several servers side by side."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait

from services.local.kafka import KafkaServer
from services.local.neo4j import Neo4jServer
from services.local.progress import Progress


def bring_up(servers: list[KafkaServer | Neo4jServer], progress: Progress) -> None:
    """Start `servers` side by side and wait until all serve. The first failure is raised, after all ended."""
    given_up = threading.Event()
    failures: list[BaseException] = []

    def bring_up_one(server: KafkaServer | Neo4jServer) -> None:
        stage = f"start {server.name}"
        progress(stage, 0, 0)
        try:
            server.launch()
            server.wait_ready(given_up.is_set)
        except BaseException as error:  # noqa: BLE001 - raised below, in the caller's thread
            failures.append(error)
            given_up.set()
        else:
            progress(stage, 1, 1)

    with ThreadPoolExecutor(len(servers)) as pool:
        try:
            wait([pool.submit(bring_up_one, server) for server in servers])
        finally:
            given_up.set()  # Ctrl-C while waiting: let the threads end
    if failures:
        raise failures[0]
