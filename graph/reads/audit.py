"""Who was told of a demand, when, by which rules and by which channel; and who was not, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.driver import Graph, Row
from graph.knowledge import Knowledge
from graph.matching.keys import search_classes
from graph.reads.matches import closed_why
from graph.retrieve import OFFERS_FOR_ITEMS, READ_OFFERS, committed_of, item_of, verdict_of
from schemas.matches import Missing, Outcome, Verdict

MOST_ITEMS: Final = 1000
MOST_LOOKED_AT: Final = 2000
MOST_UNTOLD: Final = 200

AUDIT_HEAD = """
MATCH (d:Demand {id: $id})
WHERE d.body IS NOT NULL
RETURN d.id AS id, d.title AS title, d.version AS version, d.event AS event, d.published AS published
"""

AUDIT_ITEMS = """
MATCH (:Demand {id: $id})-[:HAS_ITEM]->(i:DemandItem)
WHERE i.body IS NOT NULL
RETURN i.key AS key, i.id AS id, i.title AS title, i.open AS open, i.closed_why AS closed_why, i.closes AS closes,
       i.needed_by AS needed_by, i.facts AS facts
ORDER BY key LIMIT $rows
"""

# (:Notice {item}) with (:Delivery)s of it
AUDIT_TOLD = """
UNWIND $keys AS key
MATCH (n:Notice {item: key})
WHERE n.match IS NOT NULL
OPTIONAL MATCH (s:Supplier {id: n.supplier})
RETURN n.item AS item, n.id AS id, n.supplier AS supplier, s.name AS name, n.kind AS kind, n.body AS body, n.at AS at,
       COLLECT {
         MATCH (d:Delivery {notice: n.id})
         RETURN {
           id: d.id, endpoint: d.endpoint, channel: d.channel, state: d.state, reason: d.reason, sent_at: d.sent_at,
           attempts: d.attempts
         } ORDER BY d.id
       } AS deliveries
ORDER BY n.at, n.seq, id
"""

NAMES_OF_OFFERS = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})<-[:OFFERS]-(s:Supplier)
RETURN o.key AS key, o.id AS offer, s.id AS supplier, s.name AS name, coalesce(o.withdrawn, false) AS withdrawn
"""


@dataclass(frozen=True, slots=True)
class Untold:
    """An offer that was looked at for an item and does not match it by present facts."""

    supplier: str
    name: str | None
    offer: str
    outcome: str
    missing: tuple[Missing, ...]
    why: str


@dataclass(frozen=True, slots=True)
class ItemAudit:
    """One item: its row, rows of what was told (see AUDIT_TOLD), and who was not told."""

    row: Row
    closed: str | None
    told: list[Row]
    untold: list[Untold]
    untold_total: int


@dataclass(frozen=True, slots=True)
class Audit:
    """A demand's head (see AUDIT_HEAD) and its items."""

    head: Row
    rules: str
    items: list[ItemAudit]


async def audit(graph: Graph, demand_id: str, knowledge: Knowledge, today: date) -> Audit | None:
    """The audit of a demand; None when the graph does not have it.

    What was told is as it was told, with the rules of that time. Why others were not told is decided by present facts.
    """
    heads = await graph.read(AUDIT_HEAD, id=demand_id)
    if not heads:
        return None
    rows = await graph.read(AUDIT_ITEMS, id=demand_id, rows=MOST_ITEMS)
    told: dict[str, list[Row]] = {}
    for one in await graph.read(AUDIT_TOLD, keys=[row["key"] for row in rows]):
        told.setdefault(one["item"], []).append(one)
    items: list[ItemAudit] = []
    for row in rows:
        mine = told.get(row["key"], [])
        untold, total = await _untold(graph, row, {one["supplier"] for one in mine}, knowledge, today)
        items.append(ItemAudit(row, closed_why(row, today), mine, untold, total))
    return Audit(heads[0], knowledge.version, items)


async def _untold(
    graph: Graph, row: Row, told: Iterable[str], knowledge: Knowledge, today: date
) -> tuple[list[Untold], int]:
    if not row["facts"]:
        return [], 0
    facts = item_of(row["facts"])
    asked = [{"key": row["key"], "classes": list(search_classes(facts, knowledge)), "keys": list(facts.keys)}]
    found = await graph.read(OFFERS_FOR_ITEMS, rows=asked)
    suppliers = set(told)
    keys = sorted({key for one in found for key in one["offers"] if key.partition("~")[0] not in suppliers})
    keys = keys[:MOST_LOOKED_AT]
    offers = {one["key"]: one for one in await graph.read(READ_OFFERS, keys=keys)}
    awarded = await committed_of(graph, sorted(key for key, one in offers.items() if one["awarded"]), today)
    made: list[Untold] = []
    for name in await graph.read(NAMES_OF_OFFERS, keys=keys):
        offer = offers.get(name["key"])
        verdict = _verdict(row, offer, awarded.get(name["key"], 0.0), knowledge, today)
        made.append(_reason(name, verdict, closed_why(row, today)))
    order = {"match": 0, "near_miss": 1, "related": 2, "unlike": 3, "unknown": 4}
    made.sort(key=lambda one: (order[one.outcome], one.supplier, one.offer))
    return made[:MOST_UNTOLD], len(made)


def _verdict(row: Row, offer: Row | None, committed: float, knowledge: Knowledge, today: date) -> Verdict | None:
    if offer is None:
        return None
    return verdict_of(row["facts"], offer["facts"], offer["supplier"], today, committed, knowledge)


def _reason(name: Row, verdict: Verdict | None, closed: str | None) -> Untold:
    outcome, missing = "unknown", tuple[Missing, ...]()
    why = "its record or its supplier's is not there, or waits to be read by the present rules"
    if verdict is not None:
        outcome, missing, why = verdict.outcome.value, verdict.missing, verdict.summary
    if name["withdrawn"]:
        why = f"the supplier withdrew the offer ({why})"
    elif outcome == Outcome.MATCH.value:
        why = closed or "it fits by present facts, and a worker will tell it shortly"
    return Untold(name["supplier"], name["name"], name["offer"], outcome, missing, why)
