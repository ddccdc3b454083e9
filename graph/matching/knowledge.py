"""Everything the library knows beforehand: taxonomy and lexicons, read once, with a version of the whole."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import pint
import yaml

from graph.matching.attributes import AttributeReader
from graph.matching.index import ClassIndex
from graph.matching.names import AttributeNames
from graph.matching.origin import Origins
from graph.matching.phrases import Grammar
from graph.matching.roles import Roles
from graph.matching.sound import sound
from graph.matching.standards import Standards
from graph.matching.text import normalise, stem, words
from graph.matching.things import ThingReader
from graph.matching.units import Units
from graph.matching.values import Values
from graph.taxonomy.load import default_taxonomy
from graph.taxonomy.model import Taxonomy

LEXICON: Final = Path(__file__).parent / "lexicon"
CODE: Final = Path(__file__).parent
"""The code of the rules is part of their version: whatever changes it makes stored facts known to be old."""

_STEPS_UP: Final = 2
_NARROW: Final = 8
#: A process that makes more kinds of thing than this says nothing of one of them.
_FEW: Final = 20


class Knowledge:
    """Taxonomy, lexicons and what is worked out of them once. Immutable after it is built."""

    def __init__(self, taxonomy: Taxonomy, lexicon: Path = LEXICON) -> None:
        self.taxonomy = taxonomy
        self.version: str = _version(taxonomy, lexicon)
        rules = read(lexicon / "grammar.yaml")
        self.grammar = Grammar(rules)
        self.standards = Standards(read(lexicon / "standards.yaml"))
        self.names = AttributeNames(_entries(lexicon, "attributes"), rules)
        self.units = Units(_entries(lexicon, "quantities"), pint.UnitRegistry(cache_folder=None))
        self.values = Values(_entries(lexicon, "values"))
        self.attributes = AttributeReader(self.names, self.units, self.values)
        self.role_weights: Mapping[str, Any] = rules["roles"]
        self.faults = frozenset(self.role_weights["faults"])
        self.domain_cues: int = rules["domain_cues"]
        self.akin = tuple(frozenset(group) for group in rules["akin"])
        qualifiers = [*_entries(lexicon, "roles"), *_entries(lexicon, "qualifiers")]
        places = [
            {**each, "domain": rules["domains"].get(each["domain"], each["domain"])}
            for each in qualifiers
            if each["role"] == "domain"
        ]
        self.roles = Roles(
            (each for each in qualifiers if each["role"] != "domain"),
            self.role_weights,
            self.grammar,
            origins=Origins(rules["origin"]),
        )
        self.domain_words = Roles(places, self.role_weights, self.grammar, context=True)
        self.roles_of = lru_cache(maxsize=4096)(self._roles_of)
        self.name_sounds = lru_cache(maxsize=4096)(self._name_sounds)
        self.without_standards = lru_cache(maxsize=256)(self._without_standards)
        self.index = ClassIndex(taxonomy, self.grammar, self.domain_words.single_words())
        self.things = ThingReader(
            taxonomy,
            self.index,
            self.grammar,
            self.values.is_value,
            self.standards.codes,
            frozenset(self.roles.single_words()),
        )
        self.up: Mapping[str, frozenset[str]] = {
            each.id: frozenset((each.id, *taxonomy.ancestors(each.id))) for each in taxonomy
        }

    def _without_standards(self, text: str) -> str:
        """Return normalised text with the standards it names left out, so that their numbers are no values."""
        plain = normalise(text)
        for one in reversed(self.standards.find(plain)):
            plain = f"{plain[: one.start]} ; {plain[one.end :]}"
        return plain

    def _roles_of(self, class_id: str) -> frozenset[str]:
        """Return the roles that the names of a class tell by themselves: who asks for a lathe wants a machine."""
        told = (
            role
            for _, name in self.taxonomy.classes[class_id].names()
            for role in self.roles.find(self.grammar.clauses(name), self.index, title=True)
        )
        return frozenset(role.id for role in told if role.strength >= self.role_weights["decides"])

    def _name_sounds(self, class_id: str) -> frozenset[str]:
        """Return the words of all names of a class, as they sound."""
        names = self.taxonomy.classes[class_id].names()
        return frozenset(sound(stem(word)) for _, name in names for word in words(normalise(name)))

    @cached_property
    def roots(self) -> frozenset[str]:
        """Ids of the classes with nothing above them."""
        return frozenset(self.taxonomy.roots)

    @cached_property
    def wider(self) -> Mapping[str, tuple[str, ...]]:
        """For each class the parents and grandparents that are no roots: an offer named so broadly may be meant."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.taxonomy:
            level, above = {each.id}, dict[str, None]()
            for _ in range(_STEPS_UP):
                level = {parent for one in level for parent in self.taxonomy.classes[one].broader}
                above.update(dict.fromkeys(sorted(level - self.roots)))
            found[each.id] = tuple(above)
        return found

    @cached_property
    def special_ways(self) -> frozenset[str]:
        """Processes by which only few kinds of thing are made: who offers one may be asked for such a thing."""
        uses = Counter(way for each in self.taxonomy for way in each.made_by)
        return frozenset(way for way, count in uses.items() if count <= _FEW)

    @cached_property
    def kin(self) -> Mapping[str, tuple[str, ...]]:
        """For each class its siblings and what is below them, where the common parent is narrow: variants of one thing."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.taxonomy:
            near: dict[str, None] = {}
            for parent in each.broader if each.form != "process" else ():
                below = self.taxonomy.descendants(parent)
                if parent not in self.roots and len(below) <= _NARROW:
                    near.update(dict.fromkeys(sorted(below - {each.id})))
            found[each.id] = tuple(near)
        return found

    @cached_property
    def kin_of(self) -> Mapping[str, tuple[str, ...]]:
        """The mirror of `kin`."""
        found: dict[str, list[str]] = {each.id: [] for each in self.taxonomy}
        for one, others in self.kin.items():
            for each in others:
                found[each].append(one)
        return {each: tuple(ones) for each, ones in found.items()}

    @cached_property
    def narrower(self) -> Mapping[str, tuple[str, ...]]:
        """The mirror of `wider`."""
        found: dict[str, list[str]] = {each.id: [] for each in self.taxonomy}
        for below, above in self.wider.items():
            for each in above:
                found[each].append(below)
        return {each: tuple(below) for each, below in found.items()}

    def near_above(self, above: str, below: str) -> bool:
        """Tell whether one class is a parent or grandparent of another and yet no root."""
        return above in self.wider[below]


def _version(taxonomy: Taxonomy, lexicon: Path) -> str:
    digest = hashlib.sha256(taxonomy.version.encode())
    for file in (*sorted(lexicon.glob("*.yaml")), *sorted(CODE.rglob("*.py"))):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def read(file: Path) -> Any:
    """Read one lexicon file with the fast safe loader."""
    return yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)


def _entries(lexicon: Path, kind: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of kind.yaml and of every kind-*.yaml."""
    for file in sorted((*lexicon.glob(f"{kind}.yaml"), *lexicon.glob(f"{kind}-*.yaml"))):
        yield from read(file)


@cache
def default_knowledge() -> Knowledge:
    """Return the knowledge that Peyvand is shipped with, built once in a process."""
    return Knowledge(default_taxonomy())
