"""One gap away: open items that one missing point keeps from a supplier, told per point and at most once a day."""

from datetime import date
from itertools import groupby

from graph.diff import missing_points
from graph.driver import Graph, Row, Tx
from graph.record import Message
from graph.tidings.outgoing import put_news, waiting_item
from schemas.ids import derived
from schemas.notices import MOST_NAMED, GapNoticed, SupplierNews

GAPS_DUE = """
MATCH (s:Supplier)
WHERE s.gaps_at <= $before
RETURN s.id AS id LIMIT $rows
"""

LOCK_GAPS = """
MATCH (s:Supplier {id: $id})
SET s.held = true
RETURN s.gaps_at AS at, coalesce(s.suspended, false) AS suspended
"""

# (:Supplier)-[:OFFERS]->(:Offer)<-[:NEARLY_MATCHES {gaps: 1}]-(:DemandItem), where no other offer of it matches
GAPS = """
MATCH (s:Supplier {id: $id})-[:OFFERS]->(o:Offer)<-[m:NEARLY_MATCHES]-(i:DemandItem)
WHERE m.gaps = 1 AND i.open AND i.stage <> 'plan'
  AND (i.closes IS NULL OR i.closes >= $today) AND (i.needed_by IS NULL OR i.needed_by >= $today)
  AND NOT EXISTS { (s)-[:OFFERS]->(:Offer)<-[:MATCHES]-(i) }
MATCH (d:Demand)-[:HAS_ITEM]->(i)
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN m.missing[0] AS point, i.key AS item, i.title AS item_title, i.quantity AS quantity, i.unit AS unit,
       i.needed_by AS needed_by, i.closes AS closes, o.id AS offer, d.id AS demand, d.title AS demand_title,
       b.name AS buyer
ORDER BY point, coalesce(closes, needed_by, '9999'), item, offer
"""

TOLD_GAPS = """
UNWIND $ids AS id
MATCH (t:Told {id: id})
RETURN t.id AS id, t.day AS day, t.items AS items
"""

PUT_TOLD_GAPS = """
UNWIND $rows AS r
MERGE (t:Told {id: r.id})
SET t.day = $today, t.items = r.items
"""

LOOK_AGAIN = """
MATCH (s:Supplier {id: $id})
SET s.gaps_at = $at
"""


async def gaps_due(graph: Graph, before: float, rows: int) -> list[str]:
    """Suppliers whose near misses changed, and have been calm since `before` (seconds since the epoch)."""
    return [row["id"] for row in await graph.read(GAPS_DUE, before=before, rows=rows)]


async def tell_gaps(graph: Graph, supplier: str, today: date, tomorrow: float) -> list[Message]:
    """Tell a supplier of its gaps with items that were not told yet; what was told today waits until `tomorrow`."""

    async def work(tx: Tx) -> list[Message]:
        rows = await tx.rows(LOCK_GAPS, id=supplier)
        if not rows or rows[0]["at"] is None:
            return []
        found = [] if rows[0]["suspended"] else await tx.rows(GAPS, id=supplier, today=today.isoformat())
        points = {point: list(group) for point, group in groupby(found, key=lambda row: str(row["point"]))}
        keys = {point: f"gap|{supplier}|{point}" for point in points}
        told = {row["id"]: row for row in await tx.rows(TOLD_GAPS, ids=sorted(keys.values()))}
        news: list[tuple[str, SupplierNews]] = []
        put: list[Row] = []
        later = False
        for point, items in points.items():
            before = told.get(keys[point])
            known = set(before["items"]) if before else set[str]()
            here = sorted({row["item"] for row in items})
            if known.issuperset(here):
                continue
            if before and before["day"] >= today.isoformat():
                later = True
                continue
            put.append({"id": keys[point], "items": here})
            news.append((derived("gap", supplier, point, today.isoformat()), _notice(supplier, point, items, today)))
        await tx.run(PUT_TOLD_GAPS, rows=put, today=today.isoformat())
        await tx.run(LOOK_AGAIN, id=supplier, at=tomorrow if later else None)
        return await put_news(tx, news)

    return await graph.write(work)


def _notice(supplier: str, point: str, items: list[Row], today: date) -> GapNoticed:
    once = {row["item"]: row for row in reversed(items)}
    rows = [row for row in items if once.get(row["item"]) is row]
    return GapNoticed(
        supplier_id=supplier,
        day=today,
        missing=missing_points([point])[0],
        total=len(rows),
        waiting=[waiting_item(row) for row in rows[:MOST_NAMED]],
    )
