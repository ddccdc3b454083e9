"""Award results: told to the winner, and of a complete award to all that had been told of the item."""

from datetime import date
from typing import Literal

from graph.driver import Graph, Row, Tx
from graph.record import Message
from graph.tidings.deadlines import CLAIM_TOLD
from graph.tidings.outgoing import put_news
from schemas.ids import derived
from schemas.notices import AwardTold, SupplierNews

AWARDS_DUE = """
MATCH (a:Award {due: true})
RETURN a.id AS id LIMIT $rows
"""

# (:Award)-[:OF_ITEM]->(:DemandItem), and (:Match) of the item that were told
AWARD = """
MATCH (a:Award {id: $id})-[:OF_ITEM]->(i:DemandItem)<-[:HAS_ITEM]-(d:Demand)
WHERE a.due
SET a.due = false
WITH a, i, d
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN a.id AS key, a.award_id AS award, a.version AS version, a.supplier AS winner, a.quantity AS quantity,
       a.unit AS unit, a.awarded AS awarded, a.complete AS complete, a.cancelled AS cancelled, i.key AS item,
       i.title AS item_title, d.id AS demand, d.title AS demand_title, b.name AS buyer,
       COLLECT { MATCH (x:Match {item: i.key}) WHERE x.revision > 0 RETURN DISTINCT x.supplier } AS told
"""


async def tell_awards(graph: Graph, today: date, rows: int) -> list[Message]:
    """Tell of awards that were made, changed or cancelled; each version once per supplier."""
    sent: list[Message] = []
    for due in await graph.read(AWARDS_DUE, rows=rows):
        sent += await _tell(graph, due["id"], today)
    return sent


async def _tell(graph: Graph, award: str, today: date) -> list[Message]:
    async def work(tx: Tx) -> list[Message]:
        rows = await tx.rows(AWARD, id=award)
        if not rows:
            return []
        row = rows[0]
        everybody = row["complete"] and not row["cancelled"]
        suppliers = sorted({row["winner"], *(row["told"] if everybody else ())})
        ids = {f"award|{row['key']}|{row['version']}|{supplier}": supplier for supplier in suppliers}
        claimed = await tx.rows(CLAIM_TOLD, ids=sorted(ids), today=today.isoformat())
        return await put_news(tx, [_notice(row, ids[one["id"]]) for one in claimed])

    return await graph.write(work)


def _notice(row: Row, supplier: str) -> tuple[str, SupplierNews]:
    won: Literal["won", "not_won", "cancelled"] = "won" if supplier == row["winner"] else "not_won"
    news = AwardTold(
        version=row["version"],
        supplier_id=supplier,
        demand_id=row["demand"],
        item_key=row["item"],
        award_id=row["award"],
        result="cancelled" if row["cancelled"] else won,
        demand_title=row["demand_title"] or "",
        item_title=row["item_title"] or "",
        buyer=row["buyer"],
        quantity=row["quantity"] if won == "won" else None,
        unit=row["unit"] if won == "won" else None,
        awarded=row["awarded"],
    )
    return derived("award-told", row["key"], row["version"], supplier), news
