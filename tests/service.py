"""An empty service on the embedded stack, and waiting for it."""

import asyncio
import time
import uuid

from pydantic import SecretStr

from graph.cursors import ALL_CURSORS
from graph.driver import Graph
from schemas.settings import Settings
from schemas.topics import CONSUMED
from services.up.prepare import prepare
from streams.admin import admin, end_offsets, known_topics

DELETE = """
MATCH (n)
WHERE NOT n:ProductClass AND NOT n:Code AND NOT (n:Meta AND n.id IN ['schema', 'taxonomy', 'rules'])
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
"""


async def empty_service(stack_settings: Settings) -> Settings:
    """Delete all records and nodes; returns settings with a group of their own."""
    settings = stack_settings.model_copy(update={"group_id": f"test-{uuid.uuid4().hex[:8]}"})
    graph = Graph(settings)
    try:
        await graph.run(DELETE)
        await asyncio.to_thread(_drop_topics, settings)
        await prepare(settings, graph)
    finally:
        await graph.close()
    return settings


def _drop_topics(settings: Settings) -> None:
    with admin(settings) as client:
        names = known_topics(client)
        if names:
            client.delete_topics(names)
        deadline = time.monotonic() + 20
        while known_topics(client) and time.monotonic() < deadline:
            time.sleep(0.1)


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give a child process these settings."""
    found: dict[str, str] = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is None or value == "":
            continue
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        found[f"PEYVAND_{name.upper()}"] = text
    return found


async def caught_up(settings: Settings, graph: Graph, seconds: float = 120.0) -> int:
    """Wait until every consumed partition is matched to its end; returns the lag that is left (0 unless timed out)."""
    deadline = time.monotonic() + seconds
    left = -1
    calm = 0
    while time.monotonic() < deadline:
        ends = await asyncio.to_thread(end_offsets, settings)
        found = {row["tp"]: row["matched"] for row in await graph.read(ALL_CURSORS)}
        wanted = {tp: end for tp, end in ends.items() if tp.rpartition(":")[0] in CONSUMED}
        left = sum(max(0, end - found.get(tp, 0)) for tp, end in wanted.items())
        waiting = (await graph.read("MATCH (b:Outbox) RETURN count(b) AS n"))[0]["n"]
        waiting += (await graph.read("MATCH (a:Award {due: true}) RETURN count(a) AS n"))[0]["n"]
        calm = calm + 1 if left == 0 and waiting == 0 else 0
        if calm >= 3:  # news that is told is consumed again: quiet only when nothing followed
            return 0
        await asyncio.sleep(0.25)
    return left
