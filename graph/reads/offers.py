"""Offers as the graph has them."""

from graph.driver import Graph, Row

OFFER = """
MATCH (s:Supplier)-[:OFFERS]->(o:Offer {key: $key})
RETURN o.id AS id, o.key AS key, s.id AS supplier, s.name AS supplier_name, o.body AS body, o.version AS version,
       o.event AS event, o.standing_version AS standing_version, coalesce(o.withdrawn, false) AS withdrawn,
       o.capacity_body AS capacity_body, o.capacity_version AS capacity_version,
       COLLECT { MATCH (o)-[:CLASSIFIED_AS]->(c:ProductClass) RETURN c.id AS id ORDER BY id LIMIT 100 } AS classes,
       COUNT { (o)<-[:MATCHES]-() } AS matches, COUNT { (o)<-[:NEARLY_MATCHES]-() } AS near_misses
"""

OFFERS = """
MATCH (o:Offer)
WHERE o.key > $after AND o.body IS NOT NULL
RETURN o.id AS id, o.key AS key, o.supplier AS supplier, o.title AS title, o.kind AS kind,
       coalesce(o.withdrawn, false) AS withdrawn, o.version AS version,
       COUNT { (o)<-[:MATCHES]-() } AS matches, COUNT { (o)<-[:NEARLY_MATCHES]-() } AS near_misses
ORDER BY o.key LIMIT $rows
"""

OFFERS_OF_SUPPLIER = """
MATCH (:Supplier {id: $supplier})-[:OFFERS]->(o:Offer)
WHERE o.key > $after AND o.body IS NOT NULL
RETURN o.id AS id, o.key AS key, o.supplier AS supplier, o.title AS title, o.kind AS kind,
       coalesce(o.withdrawn, false) AS withdrawn, o.version AS version,
       COUNT { (o)<-[:MATCHES]-() } AS matches, COUNT { (o)<-[:NEARLY_MATCHES]-() } AS near_misses
ORDER BY o.key LIMIT $rows
"""

OFFERS_OF_CLASS = """
MATCH (:ProductClass {id: $in_class})<-[:CLASSIFIED_AS]-(o:Offer)
WHERE o.key > $after AND o.body IS NOT NULL
RETURN o.id AS id, o.key AS key, o.supplier AS supplier, o.title AS title, o.kind AS kind,
       coalesce(o.withdrawn, false) AS withdrawn, o.version AS version,
       COUNT { (o)<-[:MATCHES]-() } AS matches, COUNT { (o)<-[:NEARLY_MATCHES]-() } AS near_misses
ORDER BY o.key LIMIT $rows
"""

SUPPLIERS_WITH_OFFER = """
MATCH (o:Offer {id: $id})
RETURN o.supplier AS supplier ORDER BY supplier LIMIT $rows
"""


async def offer(graph: Graph, key: str) -> Row | None:
    """One offer by `supplier~offer`; `body` is its record as JSON (None when only other events name it)."""
    rows = await graph.read(OFFER, key=key)
    return rows[0] if rows else None


async def offers(
    graph: Graph, after: str, rows: int, *, supplier: str | None = None, in_class: str | None = None
) -> list[Row]:
    """Offers by key, those after `after`: of one supplier, or else directly of one class, or else all."""
    if supplier is not None:
        return await graph.read(OFFERS_OF_SUPPLIER, after=after, rows=rows, supplier=supplier)
    if in_class is not None:
        return await graph.read(OFFERS_OF_CLASS, after=after, rows=rows, in_class=in_class)
    return await graph.read(OFFERS, after=after, rows=rows)


async def suppliers_with_offer(graph: Graph, offer_id: str, rows: int = 20) -> list[str]:
    """Ids of the suppliers that have an offer of this id."""
    return [row["supplier"] for row in await graph.read(SUPPLIERS_WITH_OFFER, id=offer_id, rows=rows)]
