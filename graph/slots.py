"""Which process holds a worker slot.

Kafka lets two members with one static id displace each other for ever; the graph lets the newer have it, and the
older find that out and end. Holders say every few seconds that they live, so that `--slot auto` finds a free one.
"""

from typing import Any, Final

from graph import clock
from graph.driver import Graph, Tx

FREE_AFTER: Final = 20.0
"""Seconds of silence after which a slot counts as free."""
MOST: Final = 1000

TAKE_SLOT = """
MERGE (m:Meta {id: $id})
SET m.owner = $owner, m.at = $at
"""

KEEP_SLOT = """
MATCH (m:Meta {id: $id})
SET m.held = true
WITH m
SET m.at = CASE WHEN m.owner = $owner THEN $at ELSE m.at END
RETURN m.owner AS owner
"""

READ_SLOT = """
MERGE (m:Meta {id: $id})
SET m.held = true
WITH m
RETURN m.owner AS owner, coalesce(m.at, 0.0) AS at
"""

SLOTS = """
MATCH (m:Meta)
WHERE m.id STARTS WITH $prefix
RETURN m.id AS id, m.owner AS owner, coalesce(m.at, 0.0) AS at
"""


def _id(group: str, slot: int) -> str:
    return f"slot:{group}:{slot}"


async def take_slot(graph: Graph, group: str, slot: int, owner: str) -> None:
    """Make this process the holder of the slot, whoever held it."""

    async def work(tx: Tx) -> None:
        await tx.run(TAKE_SLOT, id=_id(group, slot), owner=owner, at=clock.now())

    await graph.write(work)


async def free_slot(graph: Graph, group: str, owner: str) -> int:
    """Take the lowest slot that nobody has held for a while; competing processes get different ones."""

    async def work(tx: Tx) -> int:
        for slot in range(1, MOST):
            row = (await tx.rows(READ_SLOT, id=_id(group, slot)))[0]
            if row["owner"] in (None, owner) or clock.now() - row["at"] > FREE_AFTER:
                await tx.run(TAKE_SLOT, id=_id(group, slot), owner=owner, at=clock.now())
                return slot
        return MOST

    return await graph.write(work)


async def keep_slot(graph: Graph, group: str, slot: int, owner: str) -> str | None:
    """Say that the holder lives; returns who holds the slot."""

    async def work(tx: Tx) -> str | None:
        rows = await tx.rows(KEEP_SLOT, id=_id(group, slot), owner=owner, at=clock.now())
        return rows[0]["owner"] if rows else None

    return await graph.write(work)


async def slots(graph: Graph, group: str) -> list[dict[str, Any]]:
    """The slots of a group: `slot`, `owner` (machine:process) and `silent_seconds` since the holder last said it lives."""
    prefix = _id(group, 0).removesuffix("0")
    now = clock.now()
    found = [
        {
            "slot": int(row["id"].removeprefix(prefix)),
            "owner": row["owner"],
            "silent_seconds": max(0.0, now - row["at"]),
        }
        for row in await graph.read(SLOTS, prefix=prefix)
    ]
    return sorted(found, key=lambda row: row["slot"])
