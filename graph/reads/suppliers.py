"""Suppliers as the graph has them, with their units."""

from graph.driver import Graph, Row

SUPPLIER = """
MATCH (s:Supplier {id: $id})
CALL (s) {
  MATCH (s)-[:OPERATES]->(u:Unit)
  CALL (u) {
    OPTIONAL MATCH (u)-[:HAD_STATE]->(h:UnitState)
    RETURN h ORDER BY h.version DESC, h.event DESC LIMIT 1
  }
  WITH u, h ORDER BY u.key LIMIT 300
  RETURN collect({
    id: u.unit_id, name: u.name, state: coalesce(u.state, u.first_state), present: coalesce(u.present, false),
    version: u.state_version, since: h.since, reason: h.reason, report: h.body
  }) AS units
}
RETURN s.id AS id, s.body AS body, s.version AS version, s.event AS event, s.standing_version AS standing_version,
       coalesce(s.suspended, false) AS suspended, s.suspended_why AS suspended_why, units,
       COUNT { (s)-[:OFFERS]->() } AS offers
"""

SUPPLIERS = """
MATCH (s:Supplier)
WHERE s.id > $after AND s.body IS NOT NULL
RETURN s.id AS id, s.name_en AS name_en, s.name_fa AS name_fa, s.city AS city, s.province AS province,
       coalesce(s.suspended, false) AS suspended, s.version AS version, COUNT { (s)-[:OFFERS]->() } AS offers
ORDER BY s.id LIMIT $rows
"""


async def supplier(graph: Graph, supplier_id: str) -> Row | None:
    """One supplier: `body` is its record as JSON (None when only other events name it), `units` its plants now."""
    rows = await graph.read(SUPPLIER, id=supplier_id)
    return rows[0] if rows else None


async def suppliers(graph: Graph, after: str, rows: int) -> list[Row]:
    """Registered suppliers by id, those after `after`."""
    return await graph.read(SUPPLIERS, after=after, rows=rows)
