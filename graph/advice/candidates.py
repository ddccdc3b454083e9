"""The offers that may serve an item which need not be in the graph: read as the matcher reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.driver import Graph
from graph.knowledge import ItemFacts, Knowledge, OfferFacts, SupplierFacts, decide
from graph.matching.keys import search_classes
from graph.retrieve import OFFERS_FOR_ITEMS, READ_OFFERS, committed_of, offer_of, supplier_of
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

    Withdrawn offers and those whose facts another release made are left out.
    """
    row = {"key": item.id, "classes": list(search_classes(item, knowledge)), "keys": list(item.keys)}
    found = await graph.read(OFFERS_FOR_ITEMS, rows=[row])
    keys = sorted({key for one in found for key in one["offers"]})
    done: list[Candidate] = []
    for start in range(0, len(keys), BATCH):
        rows = await graph.read(READ_OFFERS, keys=keys[start : start + BATCH])
        taken = await committed_of(graph, [row["key"] for row in rows if row["awarded"]], today)
        for row in rows:
            if row["withdrawn"]:
                continue
            try:
                facts = offer_of(row["facts"]), supplier_of(row["supplier"])
            except ValueError:  # another release's layout: its renewal is under way
                continue
            done.append(Candidate(row["key"], *facts, taken.get(row["key"], 0.0)))
    return sorted(done, key=lambda one: one.key)


def judge(item: ItemFacts, candidates: Iterable[Candidate], knowledge: Knowledge, today: date) -> Iterator[Judged]:
    """Decide every candidate for the item."""
    for one in candidates:
        yield Judged(one, verdict(item, one, knowledge, today))


def verdict(item: ItemFacts, one: Candidate, knowledge: Knowledge, today: date) -> Verdict:
    """Decide one candidate for an item."""
    return decide(item, one.offer, one.supplier, today=today, committed=one.committed, knowledge=knowledge)
