"""Demands as the graph has them, and how their items stand."""

from graph.driver import Graph, Row

DEMAND = """
MATCH (d:Demand {id: $id})
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
CALL (d) {
  MATCH (d)-[:HAS_ITEM]->(i:DemandItem)
  WHERE i.body IS NOT NULL
  WITH i ORDER BY i.key LIMIT 2000
  RETURN collect({
    id: i.id, title: i.title, open: coalesce(i.open, false), closed_why: i.closed_why, stage: i.stage,
    closes: i.closes, needed_by: i.needed_by, present: coalesce(i.present, false),
    matches: COUNT { (i)-[:MATCHES]->() }, near_misses: COUNT { (i)-[:NEARLY_MATCHES]->() }
  }) AS items
}
CALL (d) {
  MATCH (d)-[:HAS_ITEM]->(i:DemandItem)<-[:OF_ITEM]-(a:Award)
  OPTIONAL MATCH (a)-[:AWARDED_TO]->(o:Offer)
  WITH a, i, o ORDER BY i.key, a.id LIMIT 2000
  RETURN collect({
    item: i.id, supplier: a.supplier, offer: o.id, quantity: a.quantity, unit: a.unit, awarded: a.awarded,
    complete: coalesce(a.complete, false), cancelled: coalesce(a.cancelled, false), version: a.version
  }) AS awards
}
RETURN d.id AS id, d.body AS body, d.version AS version, d.event AS event, d.standing_version AS standing_version,
       coalesce(d.cancelled, false) AS cancelled, d.cancelled_why AS cancelled_why, b.id AS buyer, b.name AS buyer_name,
       items, awards
"""

DEMANDS = """
MATCH (d:Demand)
WHERE d.id > $after AND d.body IS NOT NULL
WITH d ORDER BY d.id LIMIT $rows
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN d.id AS id, d.title AS title, d.buyer AS buyer, b.name AS buyer_name, d.stage AS stage, d.published AS published,
       d.closes AS closes, d.needed_by AS needed_by, coalesce(d.cancelled, false) AS cancelled, d.version AS version,
       COUNT { (d)-[:HAS_ITEM]->(:DemandItem {present: true}) } AS items,
       COUNT { (d)-[:HAS_ITEM]->(:DemandItem {open: true}) } AS open_items
ORDER BY id
"""

OPEN_DEMANDS = """
MATCH (i:DemandItem {open: true})
WITH DISTINCT i.demand AS demand
WHERE demand > $after
WITH demand ORDER BY demand LIMIT $rows
MATCH (d:Demand {id: demand})
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN d.id AS id, d.title AS title, d.buyer AS buyer, b.name AS buyer_name, d.stage AS stage, d.published AS published,
       d.closes AS closes, d.needed_by AS needed_by, coalesce(d.cancelled, false) AS cancelled, d.version AS version,
       COUNT { (d)-[:HAS_ITEM]->(:DemandItem {present: true}) } AS items,
       COUNT { (d)-[:HAS_ITEM]->(:DemandItem {open: true}) } AS open_items
ORDER BY id
"""

DEMANDS_OF_BUYER = """
MATCH (b:Buyer {id: $buyer})-[:PUBLISHED]->(d:Demand)
WHERE d.id > $after AND d.body IS NOT NULL
WITH b, d ORDER BY d.id LIMIT $rows
RETURN d.id AS id, d.title AS title, d.buyer AS buyer, b.name AS buyer_name, d.stage AS stage, d.published AS published,
       d.closes AS closes, d.needed_by AS needed_by, coalesce(d.cancelled, false) AS cancelled, d.version AS version,
       COUNT { (d)-[:HAS_ITEM]->(:DemandItem {present: true}) } AS items,
       COUNT { (d)-[:HAS_ITEM]->(:DemandItem {open: true}) } AS open_items
ORDER BY id
"""


async def demand(graph: Graph, demand_id: str) -> Row | None:
    """One demand with the standing of its items and its awards; `body` is its record as JSON, or None."""
    rows = await graph.read(DEMAND, id=demand_id)
    return rows[0] if rows else None


async def demands(
    graph: Graph, after: str, rows: int, *, buyer: str | None = None, only_open: bool = False
) -> list[Row]:
    """Demands by id, those after `after`: of one buyer, or else those with an open item, or else all."""
    if buyer is not None:
        return await graph.read(DEMANDS_OF_BUYER, after=after, rows=rows, buyer=buyer)
    if only_open:
        return await graph.read(OPEN_DEMANDS, after=after, rows=rows)
    return await graph.read(DEMANDS, after=after, rows=rows)
