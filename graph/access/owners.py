"""Whose a demand is: the buyer that its record names."""

from collections.abc import Sequence

from graph.driver import Graph

BUYERS = """
UNWIND $ids AS id
MATCH (d:Demand {id: id})
RETURN d.id AS id, d.buyer AS buyer
"""


async def buyers(graph: Graph, demands: Sequence[str]) -> dict[str, str]:
    """Buyer ids by demand id, of those demands whose record the graph has."""
    rows = await graph.read(BUYERS, ids=list(demands))
    return {row["id"]: row["buyer"] for row in rows if row["buyer"] is not None}
