"""The words of the taxonomy, indexed so that a clause finds its classes by longest match, spaced or joined."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from graph.matching.phrases import HEAD, LISTED, MARK, Grammar
from graph.matching.text import compact, is_persian, normalise, stem, words
from graph.taxonomy.model import Taxonomy

_LINKING: Final = frozenset({"و", "of", "and", "for", "the", "a", "an", "در", "با", "برای", "to", "in", "with"})
_TYPO_LENGTH: Final = 6
_TYPO_SCORE: Final = 88.0
_COVERED: Final = 0.78
_PLACE: Final = 0.35


class Span(NamedTuple):
    """Classes found at words start to end of a clause; `names` counts the words of the name that matched."""

    start: int
    end: int
    classes: tuple[str, ...]
    exact: bool


class Alias(NamedTuple):
    """A name as a bag of words: its stems with their weights, and the word that says what it is."""

    class_id: str
    weights: tuple[tuple[str, float], ...]
    total: float
    head: str


class ClassIndex:
    """Names and aliases of all classes under their stems."""

    def __init__(self, taxonomy: Taxonomy, grammar: Grammar, domains: Mapping[str, AbstractSet[str]]) -> None:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        vocabulary: set[str] = set()
        self.longest = 1
        counts: dict[str, set[str]] = defaultdict(set)
        for each in taxonomy:
            for _, name in each.names():
                for key, size in _keys(name):
                    found[key][each.id] = None
                    self.longest = max(self.longest, min(size, 8))
                for word in words(normalise(name)):
                    vocabulary.add(stem(word))
                    counts[stem(word)].add(each.id)
        self._classes = {key: tuple(ids) for key, ids in found.items()}
        self._vocabulary = frozenset(vocabulary).union(self._classes)
        self.frequency = {word: len(ids) for word, ids in counts.items()}
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(vocabulary):
            if len(word) >= _TYPO_LENGTH - 1:
                self._by_letter[word[0]].append(word)
        self._things = frozenset(each.id for each in taxonomy if each.form in ("thing", "material"))
        self._bags = _bags(taxonomy, grammar, self.frequency, domains)
        # Words that head the name of some thing or work, and those that only name what things are made of.
        alone = {word: classes for word in counts if (classes := self._classes.get(word))}
        stuffs = {word for word, ids in alone.items() if all(taxonomy.classes[each].form == "material" for each in ids)}
        nouns = {
            head
            for head, ones in self._bags.items()
            if any(taxonomy.classes[one.class_id].form != "material" for one in ones)
        }
        self.heads = frozenset(nouns.union(alone) - stuffs)
        self.stuffs = frozenset(stuffs)
        self.correct = lru_cache(maxsize=20_000)(self._correct)

    def _correct(self, word: str) -> str:
        """Return the word of the vocabulary that a long unknown word misspells, or the word itself."""
        if len(word) < _TYPO_LENGTH or word in self._vocabulary or not word.isalpha():
            return word
        near = process.extractOne(word, self._by_letter.get(word[0], ()), scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE)
        return near[0] if near else word

    def spans(self, stems: Sequence[str]) -> list[Span]:
        """Find the names in a clause: longest first, none within another, in order."""
        fixed = [self.correct(word) for word in stems]
        found: list[Span] = []
        for start in range(len(fixed)):
            key = ""
            best: Span | None = None
            for end in range(start + 1, min(len(fixed), start + self.longest) + 1):
                key += fixed[end - 1]
                classes = self._classes.get(key)
                if classes:
                    best = Span(start, end, classes, True)
            if best:
                found.append(best)
        return _outermost(found)

    def bags(self, head: str, have: Mapping[str, float]) -> list[tuple[str, float]]:
        """Return (class, coverage) of the names that `head` is the head of, by how much of their words a text has.

        `have` weighs the words of the text, 1 for a word of the title. Word order and words between do not count.
        """
        best: dict[str, float] = {}
        for alias in self._bags.get(head, ()):
            got = sum(weight * have.get(word, 0.0) for word, weight in alias.weights)
            share = got / alias.total
            if share >= _COVERED and share > best.get(alias.class_id, 0.0):
                best[alias.class_id] = share
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))

    def is_thing(self, span: Span) -> bool:
        """Tell whether a span names things or materials alone, no services or processes."""
        return all(each in self._things for each in span.classes)

    def classes_of(self, name: str) -> tuple[str, ...]:
        """Return the classes that carry a name."""
        return self._classes.get(compact(name), ())


def _bags(
    taxonomy: Taxonomy, grammar: Grammar, frequency: Mapping[str, int], domains: Mapping[str, AbstractSet[str]]
) -> dict[str, list[Alias]]:
    found: dict[str, list[Alias]] = defaultdict(list)
    count = len(taxonomy) + 1
    for each in taxonomy:
        for _, name in each.names():
            for clause in grammar.clauses(name)[:1]:
                told = [(word, part) for word, part in zip(clause.stems, clause.parts, strict=True) if part != MARK]
                heads = [word for word, part in told if part in (HEAD, LISTED)]
                if not heads or len(told) < 2:  # noqa: PLR2004 - a single word is a span
                    continue
                head = heads[0] if is_persian(heads[0]) else heads[-1]
                # "train door" without the train is a door still: the domain is looked at by itself.
                bag = {
                    word: math.log(count / frequency.get(word, 1))
                    * (_PLACE if word != head and each.domain in domains.get(word, ()) else 1.0)
                    for word, _ in told
                }
                found[head].append(Alias(each.id, tuple(bag.items()), sum(bag.values()), head))
    return dict(found)


def _keys(name: str) -> Iterable[tuple[str, int]]:
    plain = [word for word in words(normalise(name)) if word not in ("ها", "های", "هایی", "ای", "ی", "the", "a", "an")]
    stems = [stem(word) for word in plain]
    yield "".join(stems), len(stems)
    short = [stem(word) for word in plain if word not in _LINKING]
    if short and len(short) < len(stems):
        yield "".join(short), len(stems)


def _outermost(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for one in spans:
        if any(o.start <= one.start and one.end <= o.end and o != one for o in spans):
            continue
        # Two names that overlap only in part both stay: «brake disc pad» is near to both.
        kept.append(one)
    return kept
