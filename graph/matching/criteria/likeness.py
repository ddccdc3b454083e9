"""Likeness of records that no class knows: rare title words, the product standards and the properties they share.

Words are compared by sound, so that a word written in the other script counts; where the scripts differ and words
say nothing, equal product standards and properties of the same names must tell.
"""

from typing import Final

from graph.matching.criteria.attributes import speaks_of
from graph.matching.criteria.base import Relation
from graph.matching.facts import ItemFacts, OfferFacts, StandardMark, SupplierFacts
from graph.matching.knowledge import Knowledge
from graph.matching.sound import sound
from graph.matching.text import is_persian
from graph.matching.things import BESIDE

_WORDS_ALONE: Final = 0.62
_WORDS_AND_PROPERTIES: Final = 0.4
_PROPERTIES: Final = 0.66
_FAIRLY: Final = 0.6
_OUTRIGHT: Final = 0.88


def compare(item: ItemFacts, offer: OfferFacts, supplier: SupplierFacts, knowledge: Knowledge) -> Relation | None:
    """Return the relation that words, standards and properties speak for, or None."""
    if other_things(item, offer) or _named_otherwise(item, offer, knowledge):
        return None
    script = _other_script(item, offer)
    words = _words(item, offer)
    part = _part_of(item, offer) and not item.to_drawing
    if words >= _WORDS_ALONE and not part:
        return Relation("words", "")
    properties = speaks_of(item, offer, knowledge)
    standards = _standards(item, (*offer.standards, *supplier.certificates), knowledge)
    if words >= _WORDS_AND_PROPERTIES and not part and properties >= _PROPERTIES and standards != 0.0:
        return Relation("words", "")
    if standards == 1.0 and properties >= _PROPERTIES and (words > 0 or script):
        return Relation("evidence", "")
    return None


def other_things(item: ItemFacts, offer: OfferFacts) -> bool:
    """Tell whether unlike classes were read out of both, if not for sure, and their titles' nouns differ too."""
    if not item.hits or not offer.hits or min(item.hits[0].score, offer.hits[0].score) < _FAIRLY:
        return False
    return not _other_script(item, offer) and set(item.heads).isdisjoint(offer.heads)


def _part_of(item: ItemFacts, offer: OfferFacts) -> bool:
    """Tell whether one title names the thing and the other something of it: "gate valves", "gate valve covers"."""
    return bool(item.hits and offer.hits) and (item.hits[0].source == BESIDE) is not (offer.hits[0].source == BESIDE)


def _named_otherwise(item: ItemFacts, offer: OfferFacts, knowledge: Knowledge) -> bool:
    """Tell whether both titles name their thing outright, and not the same: "rebar" and "glass fibre rebar"."""
    mine, theirs = item.hits[:1], offer.hits[:1]
    if not mine or not theirs or min(mine[0].score, theirs[0].score) < _OUTRIGHT:
        return False
    up = knowledge.up
    if mine[0].id in up[theirs[0].id] or theirs[0].id in up[mine[0].id]:
        return False
    # What they share must be said by the offer's class too: "exchangers – tube bundles" speaks of a bundle besides.
    shared = {sound(term) for term, _ in item.terms} & {sound(term) for term, _ in offer.terms}
    return shared <= knowledge.name_sounds(theirs[0].id)


def _words(item: ItemFacts, offer: OfferFacts) -> float:
    """Return how much of each title the other record says, by weight, 0 to 1; in a description it counts half."""
    mine = {sound(term): weight for term, weight in item.terms}
    theirs = {sound(term): weight for term, weight in offer.terms}
    return (_said(mine, theirs, offer.also) + _said(theirs, mine, item.also)) / 2


def _said(title: dict[str, float], other: dict[str, float], also: tuple[str, ...]) -> float:
    whole = sum(title.values())
    got = sum(weight if term in other else weight / 2 if term in also else 0.0 for term, weight in title.items())
    return got / whole if whole else 0.0


def _standards(item: ItemFacts, held: tuple[StandardMark, ...], knowledge: Knowledge) -> float | None:
    """Return the share of asked product standards that the offer names, expired or not; None if none is asked."""
    asked = [group for group in item.standards if any(map(knowledge.standards.is_product, group))]
    if not asked:
        return None
    met = sum(any(knowledge.standards.meets(mark, wanted) for wanted in group for mark in held) for group in asked)
    return met / len(asked)


def _other_script(item: ItemFacts, offer: OfferFacts) -> bool:
    """Tell whether the title words of the two have no script in common."""
    mine = {is_persian(term) for term, _ in item.terms}
    theirs = {is_persian(term) for term, _ in offer.terms}
    return mine.isdisjoint(theirs)
