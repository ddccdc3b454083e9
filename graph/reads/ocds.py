"""What a demand's publication is made of: every event of it, who was told of it, and the organisations it names."""

from graph.driver import Graph, Row

MOST_REVISIONS = 5000
MOST_TOLD = 5000

DEMAND_OF_OCID = """
CALL () {
  MATCH (d:Demand)
  WHERE d.ocid = $ocid
  RETURN d
  UNION
  MATCH (d:Demand)
  WHERE d.id IN $ids
  RETURN d
}
WITH d
WHERE d.body IS NOT NULL
RETURN d.id AS id, coalesce(d.ocid = $ocid, false) AS named
ORDER BY named DESC, id LIMIT 1
"""

# (:Demand)-[:HAD_REVISION]->(:DemandRevision)
DEMAND_HISTORY = """
MATCH (d:Demand {id: $id})
RETURN d.id AS id, d.body AS body, d.version AS version, d.event AS event,
       COLLECT {
         MATCH (d)-[:HAD_REVISION]->(v:DemandRevision)
         RETURN {event: v.event, version: v.version, kind: v.kind, at: v.at, body: v.body}
         ORDER BY v.version DESC, v.event DESC LIMIT $rows
       } AS revisions
"""

# (:Notice {item}): who was told of a match, first at what time
DEMAND_TOLD = """
MATCH (:Demand {id: $id})-[:HAS_ITEM]->(i:DemandItem)
CALL (i) {
  MATCH (n:Notice {item: i.key})
  WHERE n.kind = 'MatchFound'
  RETURN n.supplier AS supplier, n.at AS at
}
WITH supplier, min(at) AS at
RETURN supplier, at ORDER BY at, supplier LIMIT $rows
"""

SUPPLIER_RECORDS = """
UNWIND $ids AS id
MATCH (s:Supplier {id: id})
WHERE s.body IS NOT NULL
RETURN s.id AS id, s.body AS body
"""


async def demand_of_ocid(graph: Graph, ocid: str, ids: list[str]) -> str | None:
    """The demand that says this ocid of itself, else the first of these ids that there is."""
    rows = await graph.read(DEMAND_OF_OCID, ocid=ocid, ids=ids)
    return rows[0]["id"] if rows else None


async def demand_history(graph: Graph, demand_id: str) -> Row | None:
    """The demand's record and its events with their times, newest first; None when the graph does not have it."""
    rows = await graph.read(DEMAND_HISTORY, id=demand_id, rows=MOST_REVISIONS)
    return rows[0] if rows else None


async def demand_told(graph: Graph, demand_id: str) -> list[Row]:
    """Suppliers that were told of a match with the demand, in the order of the time they were first told at."""
    return await graph.read(DEMAND_TOLD, id=demand_id, rows=MOST_TOLD)


async def supplier_records(graph: Graph, ids: list[str]) -> dict[str, str]:
    """The records of those of these suppliers that are registered, as JSON."""
    rows = await graph.read(SUPPLIER_RECORDS, ids=ids) if ids else []
    return {row["id"]: row["body"] for row in rows}
