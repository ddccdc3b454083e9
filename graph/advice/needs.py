"""Unmet needs: open demand items that nobody can serve now, and why.

A need is no record of its own. It is open while its item takes offers, was decided, and has no MATCHES; the match
transaction keeps those links, so what is read here can never differ from them, and a rebuild has nothing to add.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.advice.candidates import candidates_at, candidates_for, judge
from graph.advice.causes import Cause
from graph.advice.equivalents import why_unmet
from graph.driver import Graph, Row
from graph.knowledge import ItemFacts, Knowledge
from graph.retrieve import item_of
from schemas.common import Money
from schemas.demands import DemandItem, ImportedItem
from schemas.errors import UnavailableError

NEAREST: Final = 20
"""Causes are counted over so many near misses of an item at most, those that lack fewest points first."""

# `"imported":{` stands in the JSON of an item exactly when it names an import: within a text the quotes are escaped
UNMET_ITEMS = """
MATCH (i:DemandItem)
WHERE i.open = true AND i.decided_on > '' AND i.key > $after
  AND (i.closes IS NULL OR i.closes >= $today) AND (i.needed_by IS NULL OR i.needed_by >= $today)
  AND (NOT $imported OR i.body CONTAINS '"imported":{')
  AND NOT EXISTS { (i)-[:MATCHES]->() }
WITH i ORDER BY i.key LIMIT $rows
MATCH (d:Demand)-[:HAS_ITEM]->(i)
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN i.key AS key, i.id AS id, i.body AS body, i.facts AS facts, i.title AS title, i.quantity AS quantity,
       i.unit AS unit, i.needed_by AS needed_by, i.stage AS stage, d.id AS demand, d.title AS demand_title,
       d.published AS published, b.id AS buyer, b.name AS buyer_name, COUNT { (i)-[:NEARLY_MATCHES]->() } AS near_misses
ORDER BY key
"""

NEAREST_OFFERS = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
CALL (i) {
  MATCH (i)-[m:NEARLY_MATCHES]->(o:Offer)
  RETURN o.key AS offer ORDER BY m.gaps, m.score DESC, o.key LIMIT $each
}
RETURN key AS item, collect(offer) AS offers
"""


@dataclass(frozen=True, slots=True)
class Need:
    """An open demand item without a match. `published` is the day of its demand, value what waits for it, if known."""

    key: str
    item: str
    title: str
    demand_id: str
    demand: str
    buyer_id: str | None
    buyer: str | None
    stage: str
    published: str | None
    needed_by: str | None
    quantity: float
    unit: str | None
    value: Money | None
    imported: ImportedItem | None
    near_misses: int
    causes: tuple[Cause, ...]


async def needs(
    graph: Graph, after: str, rows: int, knowledge: Knowledge, today: date, *, imported: bool = False
) -> list[Need]:
    """Unmet needs after the item key `after`, in the order of keys; with `imported` only those that name an import."""
    found = await graph.read(UNMET_ITEMS, after=after, rows=rows, today=today.isoformat(), imported=imported)
    facts = [one for row in found if (one := readable(row["facts"])) is not None]
    why = await causes_of(graph, facts, knowledge, today)
    return [_need(row, why.get(row["key"], ())) for row in found]


def readable(facts: str | None) -> ItemFacts | None:
    """Facts of an item from their JSON; None where there are none, or another release made them."""
    try:
        return item_of(facts) if facts is not None else None
    except ValueError:
        return None


async def causes_of(
    graph: Graph, items: Sequence[ItemFacts], knowledge: Knowledge, today: date
) -> dict[str, tuple[Cause, ...]]:
    """Why nobody serves these items, by item key: from their near misses, and where there are none from all candidates.

    An item is left out while facts that would tell are of another release: nothing is said of it then.
    """
    done: dict[str, tuple[Cause, ...]] = {}
    if not items:
        return done
    rows = await graph.read(NEAREST_OFFERS, keys=[item.id for item in items], each=NEAREST)
    near: dict[str, list[str]] = {row["item"]: row["offers"] for row in rows if row["offers"]}
    offers, stale = await candidates_at(graph, {key for keys in near.values() for key in keys}, today)
    found = {
        item: [offers[key] for key in keys if key in offers] for item, keys in near.items() if stale.isdisjoint(keys)
    }
    with contextlib.suppress(UnavailableError):
        found |= await candidates_for(graph, [item for item in items if item.id not in near], knowledge, today)
    for item in items:
        if item.id in found:
            done[item.id] = why_unmet(item, list(judge(item, found[item.id], knowledge, today)), knowledge, today)
            await asyncio.sleep(0)  # a decision takes 0.1 ms; others on this loop want a turn
    return done


def _need(row: Row, causes: tuple[Cause, ...]) -> Need:
    item = DemandItem.model_validate_json(row["body"])
    return Need(
        key=row["key"],
        item=row["id"],
        title=row["title"],
        demand_id=row["demand"],
        demand=row["demand_title"],
        buyer_id=row["buyer"],
        buyer=row["buyer_name"],
        stage=row["stage"],
        published=row["published"],
        needed_by=row["needed_by"],
        quantity=row["quantity"],
        unit=row["unit"],
        value=_value(item),
        imported=item.imported,
        near_misses=row["near_misses"],
        causes=causes,
    )


def _value(item: DemandItem) -> Money | None:
    """What the item is estimated at, or what so many of it cost where they are imported."""
    if item.estimated_value is not None or item.imported is None or item.imported.unit_value is None:
        return item.estimated_value
    one = item.imported.unit_value
    return Money(amount=round(one.amount * item.quantity, 2), currency=one.currency)
