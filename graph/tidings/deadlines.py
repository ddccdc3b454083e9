"""Deadlines near: demands that close within days, for suppliers that match and have not answered."""

from datetime import date, timedelta

from graph.driver import Graph, Row, Tx
from graph.record import Message
from graph.tidings.outgoing import put_news, waiting_item
from schemas.ids import derived
from schemas.notices import MOST_NAMED, DeadlineNear, SupplierNews

# Told of the match before today: who was told just now knows the day
NEAR_DEADLINES = """
MATCH (i:DemandItem)
WHERE i.open = true AND i.closes >= $today AND i.closes <= $until
MATCH (i)-[:MATCHES]->(o:Offer)<-[:OFFERS]-(s:Supplier)
WHERE i.stage <> 'plan' AND NOT EXISTS { MATCH (a:Response {item: i.key}) WHERE a.offer = o.key }
MATCH (d:Demand)-[:HAS_ITEM]->(i)
WITH i, o, s, d, 'deadline|' + s.id + '|' + d.id + '|' + i.closes AS id
WHERE NOT EXISTS { MATCH (t:Told {id: id}) }
  AND EXISTS { MATCH (x:Match {item: i.key}) WHERE x.offer = o.key AND coalesce(x.told_on, '') < $today }
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN id, s.id AS supplier, i.key AS item, i.title AS item_title, i.quantity AS quantity, i.unit AS unit,
       i.needed_by AS needed_by, i.closes AS closes, o.id AS offer, d.id AS demand, d.title AS demand_title,
       b.name AS buyer
ORDER BY id, item, offer LIMIT $rows
"""

CLAIM_TOLD = """
UNWIND $ids AS id
MERGE (t:Told {id: id})
SET t.held = true
WITH t
WHERE t.day IS NULL
SET t.day = $today
RETURN t.id AS id
"""


async def tell_deadlines(graph: Graph, today: date, days: int, rows: int) -> list[Message]:
    """Remind suppliers of demands that close within `days`, each once per demand and closing day."""
    until = today + timedelta(days=days)
    found = await graph.read(NEAR_DEADLINES, today=today.isoformat(), until=until.isoformat(), rows=rows)
    groups: dict[str, list[Row]] = {}
    for row in found:
        groups.setdefault(row["id"], []).append(row)
    if not groups:
        return []

    async def work(tx: Tx) -> list[Message]:
        claimed = await tx.rows(CLAIM_TOLD, ids=sorted(groups), today=today.isoformat())
        return await put_news(tx, [_notice(groups[row["id"]]) for row in claimed])

    return await graph.write(work)


def _notice(rows: list[Row]) -> tuple[str, SupplierNews]:
    first = rows[0]
    news = DeadlineNear(
        supplier_id=first["supplier"],
        demand_id=first["demand"],
        demand_title=first["demand_title"] or "",
        buyer=first["buyer"],
        closes=first["closes"],
        total=len(rows),
        items=[waiting_item(row) for row in rows[:MOST_NAMED]],
    )
    return derived("deadline", first["supplier"], first["demand"], first["closes"]), news
