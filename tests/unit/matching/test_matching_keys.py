"""An offer is found from an item exactly when the item is found from the offer."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.matching.facts import ItemFacts, OfferFacts
from graph.matching.keys import reverse_classes, search_classes
from graph.matching.knowledge import default_knowledge
from graph.matching.understand import understand_item, understand_offer
from schemas.demands import Demand
from schemas.offers import Offer

KNOWLEDGE = default_knowledge()
IDS = sorted(KNOWLEDGE.taxonomy.classes)
CLASSES = st.lists(st.sampled_from(IDS), min_size=0, max_size=4, unique=True).map(tuple)


def blank_item() -> ItemFacts:
    demand = Demand.model_validate(
        {"id": "d", "buyer": "b", "title": "x", "items": [{"id": "1", "title": "x", "quantity": 1}]}
    )
    return understand_item(demand, demand.items[0], KNOWLEDGE)


def blank_offer() -> OfferFacts:
    return understand_offer(Offer.model_validate({"id": "o", "supplier_id": "s", "title": "x"}), KNOWLEDGE)


ITEM, OFFER = blank_item(), blank_offer()


@settings(max_examples=400, deadline=None)
@given(asked=CLASSES, held=CLASSES)
def test_found_one_way_is_found_the_other_way(asked: tuple[str, ...], held: tuple[str, ...]) -> None:
    item = replace(ITEM, classes=asked)
    offer = replace(OFFER, classes=held)
    forth = not set(search_classes(item, KNOWLEDGE)).isdisjoint(offer.classes)
    back = not set(reverse_classes(offer, KNOWLEDGE)).isdisjoint(item.classes)
    assert forth == back


def test_neighbours_find_each_other_both_ways() -> None:
    """Random classes seldom meet: here every class is tried against those around it."""
    for own in IDS:
        item = replace(ITEM, classes=(own,))
        found = set(search_classes(item, KNOWLEDGE))
        around = found | set(KNOWLEDGE.taxonomy.ancestors(own)) | set(KNOWLEDGE.taxonomy.children(own))
        for held in around:
            back = reverse_classes(replace(OFFER, classes=(held,)), KNOWLEDGE)
            assert (held in found) == (own in back), (own, held)


@settings(max_examples=200, deadline=None)
@given(own=st.sampled_from(IDS))
def test_a_class_finds_itself_and_what_is_narrower(own: str) -> None:
    found = search_classes(replace(ITEM, classes=(own,)), KNOWLEDGE)
    assert {own, *KNOWLEDGE.taxonomy.descendants(own)} <= set(found)
