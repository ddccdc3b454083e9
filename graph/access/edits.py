"""Versions that conditional edits have taken. An edit is an event, so the graph has its version only moments later.

Of two edits that both say `If-Match: "7"` one gets version 8; the other finds it taken, in whatever process it is.
"""

from typing import Final

from graph import clock
from graph.driver import Graph, Tx

HELD_SECONDS: Final = 30.0
"""After as long a version that was taken but never came into the graph is free again: its event was not sent."""
KEPT_SECONDS: Final = 3600.0

TAKE_VERSION = """
MERGE (e:Edit {id: $id})
SET e.held = true
WITH e, coalesce(e.version, 0) < $version OR e.at < $stale OR e.owner = $owner AS free
SET e.version = CASE WHEN free THEN $version ELSE e.version END, e.at = CASE WHEN free THEN $now ELSE e.at END,
    e.owner = CASE WHEN free THEN $owner ELSE e.owner END
RETURN coalesce(free, false) AS free
"""

FORGET_EDITS = """
MATCH (e:Edit)
WHERE e.at < $before
WITH e ORDER BY e.at LIMIT $rows
DELETE e
"""


async def take_version(graph: Graph, subject: str, version: int, owner: str) -> bool:
    """Take a version of a subject for one edit, named by `owner`. False: another edit has it, or a higher one."""

    async def work(tx: Tx) -> bool:
        now = clock.now()
        rows = await tx.rows(TAKE_VERSION, id=subject, version=version, owner=owner, now=now, stale=now - HELD_SECONDS)
        return bool(rows[0]["free"])

    return await graph.write(work)


async def forget(graph: Graph, rows: int = 5000) -> None:
    """Delete what is an hour old: the graph has these versions."""

    async def work(tx: Tx) -> None:
        await tx.run(FORGET_EDITS, before=clock.now() - KEPT_SECONDS, rows=rows)

    await graph.write(work)
