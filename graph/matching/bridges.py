"""Retrieval keys besides classes: part numbers, and what leads to or from records that no class knows well.

A record known by its class is found by class. One that is not (a new thing, a word the taxonomy lacks) is found by
the product standards and the rare words of its title that both sides carry. Two known records never meet this way,
so that a widely used standard does not make everything a candidate of everything.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from graph.matching.criteria.thing import known
from graph.matching.facts import StandardMark
from graph.matching.knowledge import Knowledge
from graph.matching.partnumbers import number_key
from graph.matching.reading import Reading
from graph.matching.sound import sound
from graph.matching.text import is_persian

_MOST_TERMS: Final = 3
#: A word in the names of more classes than this ("valve") brings too many together.
_COMMON: Final = 15


def offer_keys(
    seen: Reading, kind: str, numbers: Iterable[str], standards: Iterable[StandardMark], knowledge: Knowledge
) -> tuple[str, ...]:
    """Return the keys of an offer besides its classes."""
    sides = ("o",) if known(seen.hits, kind, knowledge) else ("i", "w")
    return _keys(seen, numbers, standards, knowledge, sides)


def item_keys(
    seen: Reading, numbers: Iterable[str], standards: Iterable[StandardMark], knowledge: Knowledge
) -> tuple[str, ...]:
    """Return the keys of an item: known items meet unknown offers ("i"), unknown items known offers ("o"), unknown both ("w")."""
    sides = ("i",) if known(seen.hits, "item", knowledge) else ("o", "w")
    return _keys(seen, numbers, standards, knowledge, sides)


def _keys(
    seen: Reading, numbers: Iterable[str], standards: Iterable[StandardMark], knowledge: Knowledge, sides: Sequence[str]
) -> tuple[str, ...]:
    found = [number_key(number) for number in numbers]
    marks = [*_product_keys(standards, knowledge)]
    terms: list[str] = []
    for persian in (False, True):
        own = [
            term
            for term, _ in seen.terms
            if is_persian(term) is persian and knowledge.index.frequency.get(term, 0) <= _COMMON
        ]
        terms.extend(sound(term) for term in own[:_MOST_TERMS])
    for side in sides:
        found.extend(f"s{side}:{mark}" for mark in marks)
        found.extend(f"t{side}:{term}" for term in terms if term)
    return tuple(dict.fromkeys(found))


def _product_keys(standards: Iterable[StandardMark], knowledge: Knowledge) -> Iterator[str]:
    for mark in standards:
        if knowledge.standards.is_product(mark):
            yield knowledge.standards.key(mark)
