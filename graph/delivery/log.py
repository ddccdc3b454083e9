"""The log of deliveries, replaying one by hand, and test pings."""

import json
import uuid
from typing import Any

from graph import clock
from graph.delivery.planning import WAKE
from graph.driver import Graph, Row, Tx
from schemas.delivery import DeliveryState

DELIVERIES = """
MATCH (d:Delivery {endpoint: $endpoint})
WHERE d.supplier = $supplier AND (d.planned_at < $before OR (d.planned_at = $before AND d.id < $before_id))
  AND ($state IS NULL OR d.state = $state)
RETURN d.id AS id, d.kind AS kind, d.notice AS notice, d.match AS match, d.item AS item, d.state AS state,
       d.reason AS reason, d.attempts AS attempts, d.planned_at AS planned_at, d.next_at AS next_at,
       d.sent_at AS sent_at, d.status AS status, d.log AS log
ORDER BY d.planned_at DESC, d.id DESC LIMIT $rows
"""

DELIVERY = """
MATCH (d:Delivery {id: $id})
WHERE d.endpoint = $endpoint AND d.supplier = $supplier
RETURN d.id AS id, d.state AS state
"""

SEND_AGAIN = """
MATCH (d:Delivery {id: $id})
SET d.state = 'pending', d.attempts = 0, d.next_at = $now, d.reason = 'sent again by hand'
"""

PUT_PING = """
MATCH (e:Endpoint {id: $endpoint})
WHERE e.supplier = $supplier
MERGE (d:Delivery {id: $id})
SET d += $props
RETURN d.id AS id
"""


async def deliveries(
    graph: Graph, supplier: str, endpoint: str, before: tuple[float, str], rows: int, state: DeliveryState | None
) -> list[Row]:
    """Deliveries to an endpoint before (planned at, id), newest first; `log` is a list of attempts."""
    at, last = before
    found = await graph.read(
        DELIVERIES, supplier=supplier, endpoint=endpoint, before=at, before_id=last, rows=rows,
        state=state.value if state else None,
    )  # fmt: skip
    return [{**row, "log": [json.loads(line) for line in row["log"] or []]} for row in found]


async def send_again(graph: Graph, supplier: str, endpoint: str, delivery: str) -> bool:
    """Put a delivery into the queue again, under its old id. False: there is none."""

    async def work(tx: Tx) -> bool:
        now = clock.now()
        if not await tx.rows(DELIVERY, id=delivery, endpoint=endpoint, supplier=supplier):
            return False
        await tx.run(SEND_AGAIN, id=delivery, now=now)
        await tx.run(WAKE, ids=[endpoint], now=now)
        return True

    return await graph.write(work)


async def ping(graph: Graph, supplier: str, endpoint: str, at: str) -> str | None:
    """Queue a test delivery; returns its id, or None when there is no such endpoint."""
    made = str(uuid.uuid4())
    now = clock.now()
    props: dict[str, Any] = {
        "endpoint": endpoint, "supplier": supplier, "kind": "Ping", "state": DeliveryState.PENDING.value, "attempts": 0,
        "planned_at": now, "next_at": now, "seq": -1, "at": at,
        "body": json.dumps({"supplier_id": supplier, "endpoint_id": endpoint}),
    }  # fmt: skip

    async def work(tx: Tx) -> str | None:
        if not await tx.rows(PUT_PING, endpoint=endpoint, supplier=supplier, id=made, props=props):
            return None
        await tx.run(WAKE, ids=[endpoint], now=now)
        return made

    return await graph.write(work)
