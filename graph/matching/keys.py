"""Under which classes the counterparts of an item or an offer are found."""

from typing import NamedTuple

from graph.matching.facts import ItemFacts, OfferFacts
from graph.matching.knowledge import Knowledge


class Around(NamedTuple):
    """Where offers for an item stand: at its classes and all narrower, at near broader ones, at near kin."""

    own: tuple[str, ...]
    wider: tuple[str, ...]
    kin: tuple[str, ...]


def around(item: ItemFacts, knowledge: Knowledge) -> Around:
    """Return the classes whose offers may match the item, by how they stand to its own."""
    own: dict[str, None] = {}
    wider: dict[str, None] = {}
    kin: dict[str, None] = {}
    for each in item.classes:
        own[each] = None
        own.update(dict.fromkeys(sorted(knowledge.taxonomy.descendants(each))))
        wider.update(dict.fromkeys(knowledge.wider[each]))
        kin.update(dict.fromkeys(knowledge.kin[each]))
    return Around(tuple(own), tuple(wider), tuple(kin))


def search_classes(item: ItemFacts, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the classes whose offers may match the item: its own, all narrower, near broader, and near kin.

    Where a workshop may make the item, its classes hold the processes too: see understand_item.
    """
    return tuple(dict.fromkeys(each for part in around(item, knowledge) for each in part))


def reverse_classes(offer: OfferFacts, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the classes whose items the offer may serve: the mirror of search_classes."""
    found: dict[str, None] = {}
    for own in offer.classes:
        found[own] = None
        found.update(dict.fromkeys(sorted(knowledge.up[own] - {own})))
        found.update(dict.fromkeys(knowledge.narrower[own]))
        found.update(dict.fromkeys(knowledge.kin_of[own]))
    return tuple(found)
