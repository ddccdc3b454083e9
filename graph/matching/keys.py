"""Under which classes the counterparts of an item or an offer are found."""

from graph.matching.facts import ItemFacts, OfferFacts
from graph.matching.knowledge import Knowledge


def search_classes(item: ItemFacts, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the classes whose offers may match the item: its own, all narrower, near broader, and near kin.

    Where a workshop may make the item, its classes hold the processes too: see understand_item.
    """
    found: dict[str, None] = {}
    for own in item.classes:
        found[own] = None
        found.update(dict.fromkeys(sorted(knowledge.taxonomy.descendants(own))))
        found.update(dict.fromkeys(knowledge.wider[own]))
        found.update(dict.fromkeys(knowledge.kin[own]))
    return tuple(found)


def reverse_classes(offer: OfferFacts, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the classes whose items the offer may serve: the mirror of search_classes."""
    found: dict[str, None] = {}
    for own in offer.classes:
        found[own] = None
        found.update(dict.fromkeys(sorted(knowledge.up[own] - {own})))
        found.update(dict.fromkeys(knowledge.narrower[own]))
        found.update(dict.fromkeys(knowledge.kin_of[own]))
    return tuple(found)
