"""Names of suppliers by their ids."""

from graph.driver import Graph

SUPPLIER_NAMES = """
UNWIND $ids AS id
MATCH (s:Supplier {id: id})
WHERE s.name IS NOT NULL
RETURN s.id AS id, s.name AS name
"""


async def supplier_names(graph: Graph, ids: list[str]) -> dict[str, str]:
    """The names of those of these suppliers that the graph knows."""
    rows = await graph.read(SUPPLIER_NAMES, ids=ids) if ids else []
    return {row["id"]: row["name"] for row in rows}
