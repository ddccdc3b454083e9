"""Any pair of a demand item and an offer, decided now from what the graph holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from graph.driver import Graph
from graph.knowledge import Knowledge, default_knowledge
from graph.retrieve import committed_of, lapsed, verdict_of
from schemas.errors import ConflictError
from schemas.matches import Verdict

PAIR = """
UNWIND [{item: $item, offer: $offer}] AS pair
MATCH (i:DemandItem {key: pair.item})<-[:HAS_ITEM]-(d:Demand)
CALL (pair) {
  MATCH (o:Offer {id: pair.offer})<-[:OFFERS]-(s:Supplier)
  WHERE $supplier IS NULL OR s.id = $supplier
  RETURN o, s
}
OPTIONAL MATCH (i)-[m:MATCHES|NEARLY_MATCHES]->(o)
RETURN i.key AS item, i.title AS item_title, i.facts AS item_facts, i.open AS open, i.closed_why AS closed_why,
       i.closes AS closes, i.needed_by AS needed_by, i.event AS item_event, d.event AS demand_event,
       o.key AS key, o.id AS offer, o.title AS offer_title, o.facts AS offer_facts, o.event AS offer_event,
       coalesce(o.withdrawn, false) AS withdrawn, s.id AS supplier, s.name AS supplier_name,
       s.facts AS supplier_facts, s.event AS supplier_event, type(m) AS stands
LIMIT 10
"""


@dataclass(frozen=True, slots=True)
class Explained:
    """A pair with its verdict now, what stands in the graph, why it is not open, and the events it stands on."""

    item: str
    item_title: str
    offer: str
    offer_title: str
    supplier: str
    supplier_name: str
    verdict: Verdict | None
    stands: str | None
    closed: str | None
    events: dict[str, str | None]


async def explain(
    graph: Graph,
    item: str,
    offer: str,
    supplier: str | None = None,
    *,
    knowledge: Knowledge | None = None,
    today: date | None = None,
) -> Explained | None:
    """Explain one pair; None when either is not there. ConflictError: several suppliers have an offer of this id."""
    rows = await graph.read(PAIR, item=item, offer=offer, supplier=supplier)
    if not rows:
        return None
    if len(rows) > 1:
        names = ", ".join(sorted(row["supplier"] for row in rows))
        msg = f"offer {offer!r} exists at several suppliers: {names}"
        raise ConflictError(msg, hint="Name the supplier too.")
    row = rows[0]
    day = today or datetime.now(UTC).date()
    verdict = None
    if row["item_facts"] and row["offer_facts"] and row["supplier_facts"]:
        committed = (await committed_of(graph, [row["key"]], day)).get(row["key"], 0.0)
        verdict = verdict_of(
            row["item_facts"],
            row["offer_facts"],
            row["supplier_facts"],
            day,
            committed,
            knowledge or default_knowledge(),
        )
    closed = row["closed_why"] or "the item is not open" if not row["open"] else None
    closed = closed or ("the offer was withdrawn" if row["withdrawn"] else None) or lapsed(row, day)
    events = {"demand": row["demand_event"], "offer": row["offer_event"], "supplier": row["supplier_event"]}
    return Explained(
        row["item"], row["item_title"], row["offer"], row["offer_title"], row["supplier"], row["supplier_name"],
        verdict, row["stands"], closed, events,
    )  # fmt: skip
