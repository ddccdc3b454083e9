"""The highest version that the graph has of a subject, over all its facets: the next event must be above it."""

from typing import Final, LiteralString

from graph.driver import Graph

SUPPLIERS: Final = "supplier"
UNITS: Final = "unit"
OFFERS: Final = "offer"
DEMANDS: Final = "demand"
AWARDS: Final = "award"
RESPONSES: Final = "response"

VERSIONS: Final[dict[str, LiteralString]] = {
    SUPPLIERS: """
UNWIND $keys AS key
MATCH (n:Supplier {id: key})
RETURN key, [n.version, n.standing_version] AS versions
""",
    UNITS: """
UNWIND $keys AS key
MATCH (n:Unit {key: key})
RETURN key, [n.state_version] AS versions
""",
    OFFERS: """
UNWIND $keys AS key
MATCH (n:Offer {key: key})
RETURN key, [n.version, n.standing_version, n.capacity_version] AS versions
""",
    DEMANDS: """
UNWIND $keys AS key
MATCH (n:Demand {id: key})
RETURN key, [n.version, n.standing_version] AS versions
""",
    AWARDS: """
UNWIND $keys AS key
MATCH (n:Award {id: key})
RETURN key, [n.version] AS versions
""",
    RESPONSES: """
UNWIND $keys AS key
MATCH (n:Response {id: key})
RETURN key, [n.version] AS versions
""",
}


async def highest_versions(graph: Graph, kind: str, keys: list[str]) -> dict[str, int]:
    """Highest version by key, 0 for a subject that the graph does not have."""
    rows = await graph.read(VERSIONS[kind], keys=keys)
    found = {row["key"]: max((v for v in row["versions"] if v is not None), default=0) for row in rows}
    return {key: found.get(key, 0) for key in keys}
