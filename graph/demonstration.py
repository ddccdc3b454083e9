"""Whether the demonstration was published into this graph."""

from datetime import UTC, datetime

from graph.driver import Graph

SEEDED = """
MATCH (m:Meta {id: 'demonstration'})
RETURN m.at AS at
"""

MARK_SEEDED = """
MERGE (m:Meta {id: 'demonstration'})
SET m.at = $at
"""


async def seeded(graph: Graph) -> bool:
    """Whether mark_seeded was called before."""
    return bool(await graph.read(SEEDED))


async def mark_seeded(graph: Graph) -> None:
    """Remember that the demonstration is in the log."""
    await graph.run(MARK_SEEDED, at=datetime.now(UTC).isoformat())
