"""What suppliers answered to the items of a demand, for its buyer."""

from graph.driver import Graph, Row

RESPONSES = """
MATCH (:Demand {id: $demand})-[:HAS_ITEM]->(i:DemandItem)
CALL (i) {
  MATCH (a:Response {item: i.key})<-[:ANSWERED]-(s:Supplier)
  WHERE coalesce(a.at, '') > $after OR (coalesce(a.at, '') = $after AND a.id > $after_id)
  RETURN a, s
}
WITH i, a, s ORDER BY coalesce(a.at, ''), a.id LIMIT $rows
OPTIONAL MATCH (o:Offer {key: a.offer})
RETURN a.id AS id, coalesce(a.at, '') AS at, a.event AS event, a.version AS version, a.body AS body, a.answer AS answer,
       a.reason AS reason, i.id AS item, i.title AS item_title, s.id AS supplier, s.name AS supplier_name,
       a.offer AS offer_key, o.title AS offer_title
ORDER BY at, id
"""


async def responses(graph: Graph, demand_id: str, after: tuple[str, str], rows: int) -> list[Row]:
    """Standing answers after (time of the event as ISO text, id), in that order."""
    at, last = after
    return await graph.read(RESPONSES, demand=demand_id, after=at, after_id=last, rows=rows)
