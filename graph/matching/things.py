"""Which classes a text is about: the thing itself, what it is used in, and the processes named."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from graph.matching.facts import ClassHit
from graph.matching.index import ClassIndex, Span
from graph.matching.phrases import CONTEXT, HEAD, LISTED, MARK, TAIL, WITH, Clause, Grammar
from graph.matching.roles import negated
from graph.matching.text import is_persian, normalise
from graph.taxonomy.model import Taxonomy

DENIED: Final = "denied"
#: Domains that say nothing of where a thing is used.
NEUTRAL: Final = frozenset(
    {"general", "process", "machinery", "electrical", "chemical", "metals", "services", "materials"}
)

_PARENS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_INSERTED: Final = re.compile(r"([^\W\d_]+)\s*\(([^\W\d_]+)\)(?=\s+[^\W\d_])")
_PART: Final = {HEAD: 1.0, LISTED: 0.9, TAIL: 0.7}
_LATER_CLAUSE: Final = 0.85
_GAP: Final = 0.6
_DESCRIPTION: Final = 0.45
_ELSEWHERE: Final = 0.7
_BAG: Final = 0.95
_FIELD: Final = 0.7
#: What a bag of words finds is worth less where a whole name stands.
_BESIDE_PHRASE: Final = 0.8


class Found(NamedTuple):
    """One class found: score, the part it plays, whether in the title, how many classes share its words."""

    id: str
    score: float
    part: str
    title: bool
    shared: int
    lead: bool = False
    covered: float = 1.0
    clause: int = 0


class ThingReader:
    """Reads titles and descriptions against the class index."""

    def __init__(self, taxonomy: Taxonomy, index: ClassIndex, grammar: Grammar) -> None:
        self._tree, self._index, self._grammar = taxonomy, index, grammar

    def find(self, title: str, description: str = "") -> list[Found]:
        """Find classes in a title and its description, scored by the place they stand in."""
        found: list[Found] = []
        titles = [(clause, weight) for text, weight in _variants(title) for clause in self._grammar.clauses(text)]
        rest = self._grammar.clauses(description)
        have: dict[str, float] = {}
        for clause in rest:
            have.update(dict.fromkeys(map(self._index.correct, clause.stems), _ELSEWHERE))
        for clause, _ in titles:
            have.update(dict.fromkeys(map(self._index.correct, clause.stems), 1.0))
        for clause, weight in titles:
            found.extend(self._read(clause, weight, title=True))
            found.extend(self._bags(clause, weight, have, title=True))
        for clause in rest:
            found.extend(self._read(clause, _DESCRIPTION, title=False))
            found.extend(self._bags(clause, _DESCRIPTION, have, title=False))
        return found

    def named(self, names: Sequence[str]) -> list[Found]:
        """Find the classes that a field names: as good as a title's second clause."""
        found: list[Found] = []
        for name in names:
            for clause in self._grammar.clauses(name):
                spans = self._index.spans(clause.stems)
                found.extend(
                    Found(each, _FIELD, LISTED, False, len(span.classes)) for span in spans for each in span.classes
                )
        return found

    def _bags(self, clause: Clause, weight: float, have: dict[str, float], *, title: bool) -> list[Found]:
        """Find names whose words stand anywhere in the record, but whose head stands in this clause."""
        weight *= 1.0 if clause.order == 0 or not title else _LATER_CLAUSE
        found: list[Found] = []
        spans = self._index.spans(clause.stems)
        for at, part in enumerate(clause.parts):
            if part not in _PART or len(clause.words[at]) < 2:  # noqa: PLR2004
                continue
            near = self._index.bags(self._index.correct(clause.stems[at]), have)
            if not near:
                continue
            span = Span(at, at + 1, (), True)
            if negated(clause, at, at + 1, self._grammar):
                continue
            place = weight * _PART[part] / (1 + _GAP * self._gap(clause, span)) * _BAG
            if any(each.start <= at < each.end and each.end - each.start > 1 for each in spans):
                place *= _BESIDE_PHRASE
            best = near[0][1]
            found.extend(
                Found(each, place * share**2, part, title, 1, lead=False, covered=share, clause=clause.order)
                for each, share in near
                if share >= best - 0.1
            )
        return found

    def _read(self, clause: Clause, weight: float, *, title: bool) -> list[Found]:
        weight *= 1.0 if clause.order == 0 or not title else _LATER_CLAUSE
        found: list[Found] = []
        for span in self._index.spans(clause.stems):
            part = clause.parts[span.start] if clause.parts[span.start] != MARK else HEAD
            if negated(clause, span.start, span.end, self._grammar):
                part = DENIED
            score = weight * _PART.get(part, 0.3) / (1 + _GAP * self._gap(clause, span))
            score *= 0.85 + 0.05 * min(span.end - span.start, 3)
            lead = part == HEAD and self._leads(clause, span)
            found.extend(
                Found(each, score, part, title, len(span.classes), lead, 1.0, clause.order) for each in span.classes
            )
        return found

    def _leads(self, clause: Clause, span: Span) -> bool:
        """Tell whether the span is where the head of the title stands: first in Persian, last in English."""
        if is_persian(clause.words[span.start]):
            return all(word in self._grammar.fillers for word in clause.stems[: span.start])
        follows = clause.parts[span.end] if span.end < len(clause.parts) else MARK
        return follows != HEAD and self._gap(clause, span) == 0

    def _gap(self, clause: Clause, span: Span) -> int:
        """Count the words that stand between the span and the head's place of its phrase."""
        persian = is_persian(clause.words[span.start])
        part = clause.parts[span.start]
        gap = 0
        if persian:
            at = span.start - 1
            while at >= 0 and clause.parts[at] == part and is_persian(clause.words[at]):
                gap += clause.stems[at] not in self._grammar.fillers and not self._is_process(clause.stems[at])
                at -= 1
        else:
            at = span.end
            while at < len(clause.words) and clause.parts[at] == part and not is_persian(clause.words[at]):
                word = clause.words[at]
                if any(letter.isdigit() for letter in word):
                    break  # "valves DN100", "pads EN 15328": the noun phrase ended
                gap += clause.stems[at] not in self._grammar.tails and len(word) > 1
                at += 1
        return gap

    def _is_process(self, word: str) -> bool:
        return any(self._tree.classes[each].form == "process" for each in self._index.classes_of(word))

    def weigh(self, found: Sequence[Found], domains: dict[str, float]) -> tuple[ClassHit, ...]:
        """Join what was found into scores by class, best first; the domain decides between shared words."""
        total = sum(domains.values())
        scores: dict[str, float] = {}
        source: dict[str, str] = {}
        for one in found:
            if one.part in (CONTEXT, WITH):
                continue
            domain = self._tree.classes[one.id].domain
            score = one.score
            if domain not in NEUTRAL and total:
                score *= 0.6 + 0.4 * min(1.0, 2 * domains.get(domain, 0.0) / total)
            if one.shared > 1:
                score *= 0.9
            if one.covered < 1 and domain not in NEUTRAL and domain not in domains:
                # The words that are missing may be the very ones that name the domain.
                if total:
                    continue
                score *= 0.8
            if score > scores.get(one.id, 0.0):
                scores[one.id] = score
                source[one.id] = "title" if one.title else "description"
        return tuple(
            ClassHit(c, round(s, 3), source[c]) for c, s in sorted(scores.items(), key=lambda x: (-x[1], x[0]))
        )


def _variants(title: str) -> list[tuple[str, float]]:
    """Return the readings of a title with words in brackets: left out, in place of the word before, alone."""
    text = normalise(title)
    if "(" not in text and "[" not in text:
        return [(text, 1.0)]
    variants = [(_PARENS.sub(" ", text), 1.0)]
    inserted = _INSERTED.sub(r"\2", text)
    if inserted != text:
        variants.append((_PARENS.sub(" ", inserted), 0.95))
    variants.extend((inner, _LATER_CLAUSE) for pair in _PARENS.findall(text) for inner in pair if inner)
    return variants
