"""One hash of all that the log determines. Two graphs with the same log have the same hash.

Left out: cursors, the outbox, locks and the day of the last decision; shared nodes that nothing points to any more;
items and units that later content no longer has, of which a replay may never hear.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Final, LiteralString

from graph.driver import Graph

PARTS: Final[dict[str, LiteralString]] = {
    "suppliers": """
MATCH (s:Supplier)
RETURN [s.id, s.version, s.event, s.body, s.facts, s.standing_version, coalesce(s.suspended, false)] AS row
ORDER BY s.id""",
    "units": """
MATCH (s:Supplier)-[:OPERATES]->(u:Unit)
WHERE u.present OR u.state_version IS NOT NULL
OPTIONAL MATCH (u)-[:HAD_STATE]->(h:UnitState)
WITH s, u, h ORDER BY h.event
WITH s, u, collect(h.event) AS history
RETURN [u.key, s.id, u.state, CASE WHEN u.present THEN u.first_state END, u.state_version,
        coalesce(u.present, false), history] AS row
ORDER BY u.key""",
    "certificates": """
MATCH (s:Supplier)-[h:HOLDS]->(t:Standard)
RETURN [s.id, t.id, h.valid_until] AS row ORDER BY s.id, t.id""",
    "offers": """
MATCH (s:Supplier)-[:OFFERS]->(o:Offer)
RETURN [o.key, s.id, o.version, o.event, o.body, o.facts, o.standing_version, coalesce(o.withdrawn, false),
        o.capacity_version, o.capacity_body] AS row
ORDER BY o.key""",
    "offer_links": """
MATCH (o:Offer)-[l:CLASSIFIED_AS|MEETS|NEEDS|KNOWN_BY]->(n)
WITH o.key AS key, type(l) AS link, coalesce(n.id, '') AS id, coalesce(l.valid_until, '') AS until
RETURN [key, link, id, until] AS row ORDER BY key, link, id, until""",
    "demands": """
MATCH (d:Demand)
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN [d.id, b.id, d.version, d.event, d.body, d.standing_version, coalesce(d.cancelled, false)] AS row
ORDER BY d.id""",
    "revisions": """
MATCH (d:Demand)-[:HAD_REVISION]->(v:DemandRevision)
RETURN [d.id, v.event, v.version, v.kind, v.body] AS row ORDER BY d.id, v.event""",
    "items": """
MATCH (d:Demand)-[:HAS_ITEM]->(i:DemandItem)
WHERE i.present
RETURN [i.key, d.id, i.body, i.facts, coalesce(i.open, false)] AS row
ORDER BY i.key""",
    "item_links": """
MATCH (i:DemandItem)-[l:ASKS_FOR|KNOWN_BY]->(n)
WHERE i.present
WITH i.key AS key, type(l) AS link, n.id AS id
RETURN [key, link, id] AS row ORDER BY key, link, id""",
    "awards": """
MATCH (a:Award)-[:OF_ITEM]->(i:DemandItem)
OPTIONAL MATCH (a)-[:AWARDED_TO]->(o:Offer)
RETURN [a.id, i.key, o.key, a.version, a.event, a.quantity, a.complete, a.cancelled] AS row ORDER BY a.id""",
    "responses": """
MATCH (a:Response)
RETURN [a.id, a.version, a.event, a.body] AS row ORDER BY a.id""",
    "matches": """
MATCH (i:DemandItem)-[m:MATCHES]->(o:Offer)
WITH i.key AS item, o.key AS offer, m
RETURN [item, offer, m.score, m.revision, m.digest, m.buyer] AS row ORDER BY item, offer""",
    "near_misses": """
MATCH (i:DemandItem)-[m:NEARLY_MATCHES]->(o:Offer)
WITH i.key AS item, o.key AS offer, m
RETURN [item, offer, m.missing] AS row ORDER BY item, offer""",
    "can_buy_from": """
MATCH (b:Buyer)-[l:CAN_BUY_FROM]->(s:Supplier)
WITH b.id AS buyer, s.id AS supplier, l
RETURN [buyer, supplier, l.items] AS row ORDER BY buyer, supplier""",
    "ledger": """
MATCH (x:Match)
WHERE x.revision > 0
RETURN [x.id, x.item, x.offer, x.revision, x.told, x.score] AS row ORDER BY x.id""",
    "notices": """
MATCH (n:Notice)-[:FOR]->(s:Supplier)
RETURN [n.id, s.id, n.kind, n.revision] AS row ORDER BY n.id""",
}


async def checksum(graph: Graph) -> dict[str, str]:
    """A short hash per part of the graph and `all` over them, with the number of rows: `<rows>:<hash>`."""
    parts = {name: await _hash(graph, query) for name, query in PARTS.items()}
    whole = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
    return {**parts, "all": whole}


async def _hash(graph: Graph, query: LiteralString) -> str:
    digest, count = hashlib.sha256(), 0
    async for row in _rows(graph, query):
        digest.update(json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n")
        count += 1
    return f"{count}:{digest.hexdigest()[:16]}"


async def _rows(graph: Graph, query: LiteralString) -> AsyncIterator[list[object]]:
    for row in await graph.read(query, seconds=600):
        yield row["row"]
