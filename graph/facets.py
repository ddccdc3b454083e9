"""What stands in the graph, as (kind, key, event): for comparing it with a fold of the log. And a lock to test waiting."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, LiteralString

from graph.cursors import LOCK_CURSOR
from graph.driver import Graph, Tx

FACETS: Final[dict[str, LiteralString]] = {
    "supplier": "MATCH (n:Supplier) WHERE n.event IS NOT NULL RETURN n.id AS key, n.event AS event",
    "standing": "MATCH (n:Supplier) WHERE n.standing_event IS NOT NULL RETURN n.id AS key, n.standing_event AS event",
    "unit": "MATCH (n:Unit) WHERE n.state_event IS NOT NULL RETURN n.key AS key, n.state_event AS event",
    "offer": "MATCH (n:Offer) WHERE n.event IS NOT NULL RETURN n.key AS key, n.event AS event",
    "stands": "MATCH (n:Offer) WHERE n.standing_event IS NOT NULL RETURN n.key AS key, n.standing_event AS event",
    "capacity": "MATCH (n:Offer) WHERE n.capacity_event IS NOT NULL RETURN n.key AS key, n.capacity_event AS event",
    "demand": "MATCH (n:Demand) WHERE n.event IS NOT NULL RETURN n.id AS key, n.event AS event",
    "valid": "MATCH (n:Demand) WHERE n.standing_event IS NOT NULL RETURN n.id AS key, n.standing_event AS event",
    "award": "MATCH (n:Award) WHERE n.event IS NOT NULL RETURN n.id AS key, n.event AS event",
    "unit_history": "MATCH (:Unit)-[:HAD_STATE]->(h:UnitState) RETURN h.event AS key, h.event AS event",
}

STANDING_MATCHES = """
MATCH (i:DemandItem)-[m:MATCHES]->(o:Offer)
RETURN i.key AS item, o.key AS offer
"""

STANDING_NEAR = """
MATCH (i:DemandItem)-[m:NEARLY_MATCHES]->(o:Offer)
RETURN i.key AS item, o.key AS offer, m.missing AS missing
"""

STANDING_LINKS = """
MATCH (b:Buyer)-[l:CAN_BUY_FROM]->(s:Supplier)
RETURN b.id AS buyer, s.id AS supplier, l.items AS items
"""

TOLD_LEDGER = """
MATCH (x:Match)
WHERE x.revision > 0
RETURN x.id AS match, x.revision AS revision, x.told AS told, x.item AS item, x.offer AS offer
"""

ALL_NOTICES = """
MATCH (n:Notice)
RETURN n.id AS id, n.match AS match, n.revision AS revision, n.kind AS kind, n.supplier AS supplier
"""

ALL_DELIVERIES = """
MATCH (d:Delivery)
RETURN d.id AS id, d.notice AS notice, d.endpoint AS endpoint, d.state AS state, d.kind AS kind,
       d.planned_at AS planned_at
"""

PENDING_DELIVERIES = """
MATCH (e:Endpoint)
WHERE e.due_at >= 0.0
MATCH (d:Delivery)
WHERE d.endpoint = e.id AND d.state = 'pending' AND d.next_at >= 0.0
RETURN d.id AS id
"""


async def facets(graph: Graph) -> AsyncIterator[tuple[str, str, str]]:
    """Every facet of every subject with the event that it stands on."""
    for kind, query in FACETS.items():
        for row in await graph.read(query, seconds=300):
            yield kind, row["key"], row["event"]


async def hold_cursor(graph: Graph, tp: str, seconds: float) -> None:
    """Keep a partition's cursor locked for a while, as a stuck transaction would, and change nothing."""

    async def work(tx: Tx) -> None:
        await tx.rows(LOCK_CURSOR, tp=tp, owner="held")
        await asyncio.sleep(seconds)

    await graph.write(work)
