"""Peyvand's own tree of product classes: plain frozen data and the questions asked of it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter
from types import MappingProxyType
from typing import Final, NamedTuple

from graph.taxonomy.codes import broader_digits, scheme_name, significant_digits
from graph.taxonomy.text import normalise_alias

FORMS: Final = ("thing", "process", "service", "material")
LANGUAGES: Final = ("en", "fa")
Texts = Mapping[str, tuple[str, ...]]


def _no_texts() -> dict[str, tuple[str, ...]]:
    return {}


@dataclass(frozen=True, slots=True)
class ProductClass:
    """One class of thing, process, service or material that is bought and made.

    `broader` are the ids of its parents (none for a root); `domain` is the root that gives its words their
    meaning, or 'general'; `made_by` are the processes by which a workshop makes it to drawing. `aliases` are
    by language, `codes` by scheme (CPV, HS, ISIC, UNSPSC).
    """

    id: str
    en: str
    fa: str
    domain: str
    form: str
    broader: tuple[str, ...] = ()
    aliases: Texts = field(default_factory=_no_texts, hash=False)
    made_by: tuple[str, ...] = ()
    codes: Texts = field(default_factory=_no_texts, hash=False)

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield every (language, name or alias) of the class, its own name first in each language."""
        for language, name in zip(LANGUAGES, (self.en, self.fa), strict=True):
            yield language, name
            for alias in self.aliases.get(language, ()):
                yield language, alias


class CodeHit(NamedTuple):
    """A class that a foreign code leads to. Precision is the share of the code's digits met: 1 is exact."""

    class_id: str
    precision: float


class Taxonomy:
    """The whole tree, immutable, with the closures of its `broader` relation worked out once.

    Built from classes that were validated (see load_taxonomy): parents exist and there is no cycle.
    """

    def __init__(self, classes: Iterable[ProductClass]) -> None:
        ordered = sorted(classes, key=lambda each: each.id)
        self.classes: Mapping[str, ProductClass] = MappingProxyType({each.id: each for each in ordered})
        self._children = _children(ordered)
        downhill = list(TopologicalSorter({each.id: each.broader for each in ordered}).static_order())
        self._ancestors = _closure(downhill, lambda each: self.classes[each].broader)
        self._descendants = _closure(reversed(downhill), self.children)
        self._by_digits = _by_digits(ordered)

    def __len__(self) -> int:
        return len(self.classes)

    def __iter__(self) -> Iterator[ProductClass]:
        return iter(self.classes.values())

    def __contains__(self, class_id: object) -> bool:
        return class_id in self.classes

    def get(self, class_id: str) -> ProductClass | None:
        """Return the class with this id, or None."""
        return self.classes.get(class_id)

    def children(self, class_id: str) -> tuple[str, ...]:
        """Return the ids of the classes directly below, sorted. An unknown id is a KeyError."""
        return self._children[class_id]

    def ancestors(self, class_id: str) -> frozenset[str]:
        """Return the ids of all classes above this one, itself not included."""
        return self._ancestors[class_id]

    def descendants(self, class_id: str) -> frozenset[str]:
        """Return the ids of all classes below this one, itself not included."""
        return self._descendants[class_id]

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The ids of the classes with nothing above them, sorted."""
        return tuple(each.id for each in self if not each.broader)

    def path(self, class_id: str) -> tuple[ProductClass, ...]:
        """Return the classes from a root down to this one by first parents: the trail to display."""
        trail = [self.classes[class_id]]
        while trail[-1].broader:
            trail.append(self.classes[trail[-1].broader[0]])
        return tuple(reversed(trail))

    def by_code(self, scheme: str, code: str) -> list[CodeHit]:
        """Return the classes that a foreign code leads to by its digits and the cross references, best first.

        The exact code comes first, then each broader code that its digits imply: CPV 34631400-3, 3463140,
        346314, ...; HS 8607.21, 8607. A scheme or code that is not understood leads nowhere: an empty list.
        """
        name = scheme_name(scheme)
        digits = significant_digits(name, code) if name else ""
        if not name or not digits:
            return []
        best: dict[str, float] = {}
        for shorter in broader_digits(name, digits):
            for class_id in self._by_digits.get((name, shorter), ()):
                best.setdefault(class_id, len(shorter) / len(digits))
        return [CodeHit(class_id, precision) for class_id, precision in best.items()]

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Normalised name or alias (see normalise_alias) -> the one class that carries it."""
        return MappingProxyType({key: ids[0] for key, ids in self.index_aliases(normalise_alias).items()})

    def index_aliases(self, normalise: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
        """Index names and aliases under another normaliser: key -> class ids, sorted.

        A normaliser stronger than normalise_alias may bring words of several classes together.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for each in self:
            for _, name in each.names():
                found[normalise(name)].add(each.id)
        return {key: tuple(sorted(ids)) for key, ids in found.items()}

    @cached_property
    def version(self) -> str:
        """16 hexadecimal digits of a hash of the content: equal for equal trees, whatever the files."""
        content = [_plain(each) for each in self]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(each: ProductClass) -> dict[str, object]:
    plain: dict[str, object] = {name: getattr(each, name) for name in ProductClass.__slots__}
    return plain | {"aliases": dict(each.aliases), "codes": dict(each.codes)}


def _children(classes: Sequence[ProductClass]) -> dict[str, tuple[str, ...]]:
    below: dict[str, list[str]] = {each.id: [] for each in classes}
    for each in classes:
        for parent in each.broader:
            below[parent].append(each.id)
    return {class_id: tuple(ids) for class_id, ids in below.items()}


def _closure(order: Iterable[str], nearest: Callable[[str], Iterable[str]]) -> dict[str, frozenset[str]]:
    """Return each id's transitive relatives; `order` names the relatives of an id before the id."""
    found: dict[str, frozenset[str]] = {}
    for class_id in order:
        near = tuple(nearest(class_id))
        found[class_id] = frozenset(near).union(*(found[each] for each in near))
    return found


def _by_digits(classes: Iterable[ProductClass]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in classes:
        for scheme, codes in each.codes.items():
            for digits in {significant_digits(scheme, code) for code in codes}:
                found[scheme, digits].append(each.id)
    return found
