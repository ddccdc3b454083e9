"""Which pairs of demand item and offer have to be decided: found through classes and terms, both ways."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, LiteralString

from graph.changes import Touched
from graph.driver import Graph, Row
from graph.knowledge import ItemFacts, Knowledge, OfferFacts, SupplierFacts, decide
from graph.matching.keys import reverse_classes
from graph.sieve import Wanted, sifted
from schemas.matches import Outcome, Verdict

Pair = tuple[str, str]
KEPT: Final = 20_000
BREATH: Final = 200
AT_ONCE: Final = 2_000
"""Pairs whose facts are held at a time."""

OFFERS_OF_SUPPLIERS = """
UNWIND $ids AS id
MATCH (:Supplier {id: id})-[:OFFERS]->(o:Offer)
RETURN o.key AS key
"""

READ_ITEMS = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
WHERE i.facts IS NOT NULL
RETURN i.key AS key, i.facts AS facts, i.open AS open, i.closes AS closes, i.needed_by AS needed_by
"""

READ_OFFERS = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})<-[:OFFERS]-(s:Supplier)
WHERE o.facts IS NOT NULL AND s.facts IS NOT NULL
RETURN o.key AS key, o.facts AS facts, s.facts AS supplier, coalesce(o.withdrawn, false) AS withdrawn,
       coalesce(o.awarded, false) AS awarded
"""

# (:DemandItem) -> classes it may be served from <-[:CLASSIFIED_AS]- (:Offer), and shared terms; unsifted, for advice
OFFERS_FOR_ITEMS = """
UNWIND $rows AS r
CALL (r) {
  UNWIND r.classes AS class
  MATCH (:ProductClass {id: class})<-[:CLASSIFIED_AS]-(o:Offer)
  RETURN o
  UNION
  UNWIND r.keys AS term
  MATCH (:Term {id: term})<-[:KNOWN_BY]-(o:Offer)
  RETURN o
}
RETURN r.key AS item, collect(o.key) AS offers
"""

# (:Offer) -> classes it may serve <-[:ASKS_FOR]- (:DemandItem) that is open, and shared terms
ITEMS_FOR_OFFERS = """
UNWIND $rows AS r
CALL (r) {
  UNWIND r.classes AS class
  MATCH (:ProductClass {id: class})<-[:ASKS_FOR]-(i:DemandItem)
  WHERE i.open
  RETURN i
  UNION
  UNWIND r.keys AS term
  MATCH (:Term {id: term})<-[:KNOWN_BY]-(i:DemandItem)
  WHERE i.open
  RETURN i
}
RETURN r.key AS offer, collect(i.key) AS items
"""

# What stands, and what was told as open: normally the same, but not while a rebuild is under way
STANDING_PAIRS_OF_ITEMS = """
UNWIND $keys AS key
CALL (key) {
  MATCH (i:DemandItem {key: key})-[:MATCHES|NEARLY_MATCHES]->(o:Offer)
  RETURN o.key AS offer
  UNION
  MATCH (x:Match {item: key})
  WHERE x.told = 'open'
  RETURN x.offer AS offer
}
RETURN key AS item, offer
"""

STANDING_PAIRS_OF_OFFERS = """
UNWIND $keys AS key
CALL (key) {
  MATCH (o:Offer {key: key})<-[:MATCHES|NEARLY_MATCHES]-(i:DemandItem)
  RETURN i.key AS item
  UNION
  MATCH (x:Match {offer: key})
  WHERE x.told = 'open'
  RETURN x.item AS item
}
RETURN item, key AS offer
"""

# Quantities that open awards still take of offers
COMMITTED = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})<-[:AWARDED_TO]-(a:Award {cancelled: false})-[:OF_ITEM]->(i:DemandItem)
WHERE i.needed_by IS NULL OR i.needed_by >= $today
RETURN o.key AS key, sum(coalesce(a.quantity, i.quantity, 0.0)) AS quantity
"""


@lru_cache(maxsize=KEPT)
def item_of(text: str) -> ItemFacts:
    """Facts of an item from their JSON, kept by text so that a changed text is never served from before."""
    return ItemFacts.from_json(text)


@lru_cache(maxsize=KEPT)
def offer_of(text: str) -> OfferFacts:
    """Facts of an offer from their JSON."""
    return OfferFacts.from_json(text)


@lru_cache(maxsize=KEPT)
def supplier_of(text: str) -> SupplierFacts:
    """Facts of a supplier from their JSON."""
    return SupplierFacts.from_json(text)


@dataclass(slots=True)
class Candidates:
    """Pairs that may have to be written, and the items that were looked at."""

    pairs: set[Pair] = field(default_factory=set[Pair])
    items: set[str] = field(default_factory=set[str])
    looked_at: int = 0


def lapsed(row: Row, today: date) -> str | None:
    """Why an item's time has passed, or None."""
    day = today.isoformat()
    if row["closes"] is not None and row["closes"] < day:
        return f"the demand closed on {row['closes']}"
    if row["needed_by"] is not None and row["needed_by"] < day:
        return f"the item was needed by {row['needed_by']}"
    return None


def verdict_of(
    item: str, offer: str, supplier: str, today: date, committed: float, knowledge: Knowledge
) -> Verdict | None:
    """Decide one pair by the JSON of its facts; None when they are laid out as another release does."""
    try:
        facts = item_of(item), offer_of(offer), supplier_of(supplier)
    except ValueError:
        return None
    return decide(*facts, today=today, committed=committed, knowledge=knowledge)


async def committed_of(graph: Graph, keys: list[str], today: date) -> dict[str, float]:
    """Quantity that awards have taken of each offer, where any has."""
    if not keys:
        return {}
    rows = await graph.read(COMMITTED, keys=keys, today=today.isoformat())
    return {row["key"]: row["quantity"] for row in rows}


async def find_candidates(graph: Graph, touched: Touched, knowledge: Knowledge, today: date) -> Candidates:
    """Pairs of the touched subjects that match, nearly match, or stand as such; read after their commit.

    The verdict here only sorts out what need not be written: what is written is decided again under lock.
    """
    offers = touched.offers
    items, served = await _items(graph, touched.items), await _offers(graph, offers)
    found = Candidates(items=set(touched.items))
    found.pairs |= await _standing(graph, STANDING_PAIRS_OF_ITEMS, touched.items)
    found.pairs |= await _standing(graph, STANDING_PAIRS_OF_OFFERS, offers)
    pairs = await _from_items(graph, items, knowledge, today) | await _from_offers(graph, served, knowledge)
    looked_at = sorted(pairs - found.pairs)
    found.looked_at = len(looked_at)
    for start in range(0, len(looked_at), AT_ONCE):
        part = looked_at[start : start + AT_ONCE]
        asked = items | await _items(graph, {item for item, _ in part} - items.keys())
        serving = served | await _offers(graph, {offer for _, offer in part} - served.keys())
        found.pairs |= await _decided(graph, part, asked, serving, knowledge, today)
    return found


async def _decided(
    graph: Graph, pairs: list[Pair], items: dict[str, Row], served: dict[str, Row], knowledge: Knowledge, today: date
) -> set[Pair]:
    """Which of the pairs match or nearly match."""
    awarded = await committed_of(graph, sorted(key for key, row in served.items() if row["awarded"]), today)
    found: set[Pair] = set()
    for number, (item, offer) in enumerate(pairs):
        if number % BREATH == 0:
            await asyncio.sleep(0)  # a decision takes 0.1 ms; others on this loop want a turn
        i, o = items.get(item), served.get(offer)
        if i is None or o is None or o["withdrawn"] or not i["open"] or lapsed(i, today) is not None:
            continue
        verdict = verdict_of(i["facts"], o["facts"], o["supplier"], today, awarded.get(offer, 0.0), knowledge)
        if verdict is not None and verdict.outcome in (Outcome.MATCH, Outcome.NEAR_MISS):
            found.add((item, offer))
    return found


async def _standing(graph: Graph, query: LiteralString, keys: set[str]) -> set[Pair]:
    rows = await graph.read(query, keys=sorted(keys)) if keys else []
    return {(row["item"], row["offer"]) for row in rows}


async def _from_items(graph: Graph, items: dict[str, Row], knowledge: Knowledge, today: date) -> set[Pair]:
    asks = [
        Wanted(key, item_of(row["facts"])) for key, row in items.items() if row["open"] and lapsed(row, today) is None
    ]
    found = await sifted(graph, asks, knowledge, today)
    return {(item, offer) for item, offers in found.items() for offer in offers}


async def _from_offers(graph: Graph, offers: dict[str, Row], knowledge: Knowledge) -> set[Pair]:
    serves: list[Row] = []
    for key, row in offers.items():
        if not row["withdrawn"]:
            facts = offer_of(row["facts"])
            serves.append({"key": key, "classes": list(reverse_classes(facts, knowledge)), "keys": list(facts.keys)})
    rows = await graph.read(ITEMS_FOR_OFFERS, rows=serves) if serves else []
    return {(item, row["offer"]) for row in rows for item in row["items"]}


def _readable(read: Callable[[str], object], text: str) -> bool:
    """Whether this release reads these facts. Others are passed over: their renewal decides their pairs."""
    try:
        read(text)
    except ValueError:
        return False
    return True


async def _items(graph: Graph, keys: set[str]) -> dict[str, Row]:
    rows = await graph.read(READ_ITEMS, keys=sorted(keys)) if keys else []
    return {row["key"]: row for row in rows if _readable(item_of, row["facts"])}


async def _offers(graph: Graph, keys: set[str]) -> dict[str, Row]:
    rows = await graph.read(READ_OFFERS, keys=sorted(keys)) if keys else []
    readable = (row for row in rows if _readable(offer_of, row["facts"]) and _readable(supplier_of, row["supplier"]))
    return {row["key"]: row for row in readable}
