"""Taking away any one hard point of a matched pair ends the match: over every matched pair of the development set."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.matching.criteria.attributes import satisfies
from graph.matching.decide import decide
from graph.matching.evaluate import TODAY
from graph.matching.facts import ItemFacts, OfferFacts, SupplierFacts
from graph.matching.goldset import load_goldset
from graph.matching.knowledge import default_knowledge
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.matches import Outcome

KNOWLEDGE = default_knowledge()
GOLD = load_goldset(Path(__file__).parents[2] / "goldsets" / "industries")
Pair = tuple[ItemFacts, OfferFacts, SupplierFacts]


def outcome(item: ItemFacts, offer: OfferFacts, supplier: SupplierFacts) -> Outcome:
    return decide(item, offer, supplier, today=TODAY, knowledge=KNOWLEDGE).outcome


def matched() -> list[Pair]:
    """Return the facts of every capable pair that is matched."""
    items = {each.id: understand_item(each, each.items[0], KNOWLEDGE) for each in GOLD.demands}
    offers = {each.id: understand_offer(each, KNOWLEDGE) for each in GOLD.offers}
    suppliers = {
        each.id: understand_supplier(each, suspended=False, unit_states={}, knowledge=KNOWLEDGE)
        for each in GOLD.suppliers
    }
    pairs = [
        (items[each.demand_id], offers[each.offer_id], suppliers[offers[each.offer_id].supplier_id])
        for each in GOLD.judgments
        if each.grade == 3
    ]
    return [pair for pair in pairs if outcome(*pair) is Outcome.MATCH]


MATCHED = matched()


def mutations(item: ItemFacts, offer: OfferFacts, supplier: SupplierFacts) -> Iterator[tuple[str, Pair]]:
    """Yield every way to take one hard point away."""
    yield "unit", (item, offer, replace(supplier, state="idle", unit_states=()))
    yield "suspended", (item, offer, replace(supplier, suspended=True))
    if item.needed_by:
        yield "lead time", (item, replace(offer, lead_time=9_999), supplier)
        yield "capacity", (item, replace(offer, capacity_per_day=0.0), supplier)
    yield "minimum order", (item, replace(offer, min_order=1e15, min_order_counting=item.counting), supplier)
    if item.min_local:
        yield "local content", (item, replace(offer, local_content=item.min_local - 0.1), supplier)
    if item.part_numbers and offer.kind == "product":
        yield "part number", (item, replace(offer, part_numbers=()), supplier)
    for group in item.standards:

        def kept(marks: tuple, group: tuple = group) -> tuple:
            return tuple(mark for mark in marks if not any(KNOWLEDGE.standards.meets(mark, each) for each in group))

        bare = replace(offer, standards=kept(offer.standards))
        yield f"standard {group[0].shown}", (item, bare, replace(supplier, certificates=kept(supplier.certificates)))
    for want in item.requirements:
        left = tuple(mark for mark in offer.attributes if not satisfies(want, mark))
        yield f"attribute {want.name}", (item, replace(offer, attributes=left, text=""), supplier)


def test_there_are_matches_to_mutate() -> None:
    assert len(MATCHED) > 40


@pytest.mark.parametrize("pair", MATCHED, ids=lambda pair: f"{pair[0].id}-{pair[1].id}")
def test_one_point_taken_away_ends_the_match(pair: Pair) -> None:
    for name, changed in mutations(*pair):
        assert outcome(*changed) is not Outcome.MATCH, name
