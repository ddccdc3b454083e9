"""The offers that may serve an item which need not be in the graph: read as the matcher reads them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.driver import Graph
from graph.knowledge import ItemFacts, Knowledge, OfferFacts, SupplierFacts, decide
from graph.matching.keys import search_classes
from graph.retrieve import OFFERS_FOR_ITEMS, READ_OFFERS, committed_of, offer_of, supplier_of
from schemas.errors import UnavailableError
from schemas.matches import Verdict

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer with its maker; `committed` is what awards have taken of its capacity, in its unit."""

    key: str
    offer: OfferFacts
    supplier: SupplierFacts
    committed: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with the verdict for one item."""

    candidate: Candidate
    verdict: Verdict


async def candidates_of(graph: Graph, item: ItemFacts, knowledge: Knowledge, today: date) -> list[Candidate]:
    """Offers that share a class, a part number or a term with the item, in the order of their keys.

    Withdrawn offers are left out. UnavailableError: the facts of some are of another release and not renewed yet, so
    that what is said of "nobody" could be wrong.
    """
    return (await candidates_for(graph, [item], knowledge, today))[item.id]


async def candidates_for(
    graph: Graph, items: Sequence[ItemFacts], knowledge: Knowledge, today: date
) -> dict[str, list[Candidate]]:
    """The same for several items at once, by item id; each offer is read once."""
    if not items:
        return {}
    rows = [
        {"key": item.id, "classes": list(search_classes(item, knowledge)), "keys": list(item.keys)} for item in items
    ]
    found = {row["item"]: row["offers"] for row in await graph.read(OFFERS_FOR_ITEMS, rows=rows)}
    read, stale = await candidates_at(graph, {key for offers in found.values() for key in offers}, today)
    if stale:
        msg = f"{len(stale)} offers that may serve {items[0].id!r} are being understood anew by other rules of matching"
        raise UnavailableError(msg, hint="Ask again in a minute: the workers of the new release renew them.")
    return {item.id: [read[key] for key in sorted(set(found.get(item.id, ()))) if key in read] for item in items}


async def candidates_at(graph: Graph, keys: Iterable[str], today: date) -> tuple[dict[str, Candidate], set[str]]:
    """The offers of these keys that stand, and the keys of those whose facts another release laid out."""
    wanted = sorted(keys)
    done: dict[str, Candidate] = {}
    stale: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        rows = await graph.read(READ_OFFERS, keys=wanted[start : start + BATCH])
        taken = await committed_of(graph, [row["key"] for row in rows if row["awarded"]], today)
        for row in rows:
            if row["withdrawn"]:
                continue
            try:
                facts = offer_of(row["facts"]), supplier_of(row["supplier"])
            except ValueError:  # its renewal is under way
                stale.add(row["key"])
                continue
            done[row["key"]] = Candidate(row["key"], *facts, taken.get(row["key"], 0.0))
    return done, stale


def judge(item: ItemFacts, candidates: Iterable[Candidate], knowledge: Knowledge, today: date) -> Iterator[Judged]:
    """Decide every candidate for the item."""
    for one in candidates:
        yield Judged(one, verdict(item, one, knowledge, today))


def verdict(item: ItemFacts, one: Candidate, knowledge: Knowledge, today: date) -> Verdict:
    """Decide one candidate for an item."""
    return decide(item, one.offer, one.supplier, today=today, committed=one.committed, knowledge=knowledge)
