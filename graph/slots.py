"""Which process holds a worker slot.

Kafka lets two members with one static id displace each other for ever; the graph lets the newer have it, and the
older find that out and end.
"""

from graph.driver import Graph, Tx

TAKE_SLOT = """
MERGE (m:Meta {id: $id})
SET m.owner = $owner
"""

SLOT_OWNER = """
MATCH (m:Meta {id: $id})
RETURN m.owner AS owner
"""


async def take_slot(graph: Graph, group: str, slot: int, owner: str) -> None:
    """Make this process the holder of the slot."""

    async def work(tx: Tx) -> None:
        await tx.run(TAKE_SLOT, id=f"slot:{group}:{slot}", owner=owner)

    await graph.write(work)


async def slot_owner(graph: Graph, group: str, slot: int) -> str | None:
    """The process that holds the slot."""
    rows = await graph.read(SLOT_OWNER, id=f"slot:{group}:{slot}")
    return rows[0]["owner"] if rows else None
