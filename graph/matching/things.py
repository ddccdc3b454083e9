"""Which classes a text is about: the thing itself, what it is used in, and the processes named."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from graph.matching.facts import ClassHit
from graph.matching.heads import Heads
from graph.matching.index import ClassIndex, Span
from graph.matching.phrases import CONTEXT, HEAD, LISTED, MARK, TAIL, WITH, Clause, Grammar
from graph.matching.roles import negated
from graph.matching.text import is_persian, normalise
from graph.taxonomy.model import Taxonomy

DENIED: Final = "denied"
#: Source of a class whose name stands in a title beside the noun that heads it.
BESIDE: Final = "beside"
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
_NEARLY_ALL: Final = 0.85
#: What covers less than the best does, by this much, is another thing of the same head.
_BEHIND: Final = 0.1
#: What is left of a score where no word of the text speaks for the class's domain: a single word may mean much else.
_LONELY: Final = 0.65


class Found(NamedTuple):
    """One class found: score, the part it plays, whether in the title, how many classes share its words.

    `covered` is the share of a name's words that the text has, `clause` and `at` where it stands, `words` its
    stems where they stand side by side. `beside`: another noun heads the phrase, as the cover does a "valve cover".
    """

    id: str
    score: float
    part: str
    title: bool
    shared: int
    lead: bool = False
    covered: float = 1.0
    clause: int = 0
    at: int = -1
    words: tuple[str, ...] = ()
    beside: bool = False


class ThingReader:
    """Reads titles and descriptions against the class index."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        index: ClassIndex,
        grammar: Grammar,
        is_value: Callable[[str], bool],
        codes: AbstractSet[str],
        cues: AbstractSet[str],
    ) -> None:
        """`is_value` tells the words of materials and other categories.

        `codes` are the families of standards, `cues` the stems of what makers, traders and repairers say of themselves.
        """
        self._tree, self._index, self._grammar = taxonomy, index, grammar
        self._heads = Heads(taxonomy, index, grammar, is_value, codes, cues)

    def find(self, title: str, description: str = "", context: str = "") -> list[Found]:
        """Find classes in a title and its description, scored by the place they stand in; `context` only fills in."""
        found: list[Found] = []
        titles = [(clause, weight) for text, weight in _variants(title) for clause in self._grammar.clauses(text)]
        rest = self._grammar.clauses(description)
        have: dict[str, float] = {}
        for clause in self._grammar.clauses(context):
            have.update(dict.fromkeys(map(self._index.correct, clause.stems), _ELSEWHERE))
        for clause in rest:
            have.update(dict.fromkeys(map(self._index.correct, clause.stems), _ELSEWHERE))
        for clause, _ in titles:
            have.update(dict.fromkeys(map(self._index.correct, clause.stems), 1.0))
        for clause, weight in titles:
            found.extend(self._read(clause, weight, have, title=True))
        for clause in rest:
            found.extend(self._read(clause, _DESCRIPTION, have, title=False))
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

    def _read(self, clause: Clause, weight: float, have: dict[str, float], *, title: bool) -> list[Found]:
        """Find the names in a clause, and those whose words stand anywhere but whose head stands here."""
        weight *= 1.0 if clause.order == 0 or not title else _LATER_CLAUSE
        spans = self._index.spans(clause.stems)
        work = self._heads.work(spans)
        found = self._bags(clause, weight, have, spans, work, title=title)
        told = {each.at for each in found if each.covered >= _NEARLY_ALL}
        for span in spans:
            part = clause.parts[span.start] if clause.parts[span.start] != MARK else HEAD
            if part == LISTED and _continues(clause, span, spans):
                part = CONTEXT
            if negated(clause, span.start, span.end, self._grammar):
                part = DENIED
            gap = self._heads.gap(clause, span, work)
            score = weight * _PART.get(part, 0.3) / (1 + _GAP * gap)
            size = span.end - span.start
            score *= 0.85 + 0.05 * min(size, 3)
            if told.issuperset(self._heads.core(clause, span)):
                score *= _BESIDE_PHRASE  # a name that explains more of the title than its head goes before
            lead = part == HEAD and self._heads.leads(clause, span, work)
            told_by = clause.stems[span.start : span.end]
            heads = self._heads.besides(clause, span, work) if gap >= 1 else frozenset[str]()
            found.extend(
                Found(
                    each, score, part, title, len(span.classes), lead, 1.0, clause.order, span.start, told_by,
                    bool(heads - self._heads.own(each)),
                )
                for each in span.classes
            )  # fmt: skip
        return found

    def _bags(
        self,
        clause: Clause,
        weight: float,
        have: dict[str, float],
        spans: Sequence[Span],
        work: frozenset[int],
        *,
        title: bool,
    ) -> list[Found]:
        found: list[Found] = []
        for at, part in enumerate(clause.parts):
            if part not in _PART or len(clause.words[at]) < 2:  # noqa: PLR2004
                continue
            near = self._index.bags(self._index.correct(clause.stems[at]), have)
            if not near or negated(clause, at, at + 1, self._grammar):
                continue
            span = Span(at, at + 1, (), True)
            gap = self._heads.gap(clause, span, work)
            heads = self._heads.besides(clause, span, work) if gap >= 1 else frozenset[str]()
            place = weight * _PART[part] / (1 + _GAP * gap) * _BAG
            if any(each.start <= at < each.end and each.end - each.start > 1 for each in spans):
                place *= _BESIDE_PHRASE
            least = near[0][1] - _BEHIND
            found.extend(
                Found(
                    each,
                    place * share**2,
                    part,
                    title,
                    1,
                    False,
                    share,
                    clause.order,
                    at,
                    (),
                    bool(heads - self._heads.own(each)),
                )
                for each, share in near
                if share >= least
            )
        return found

    def _supported(self, one: Found, weight: float, total: float) -> float:
        """Weigh a class by what the text says of its domain: whole names need little, single words much."""
        if len(one.words) > 1 and one.shared == 1:
            return 1.0 if not total else 0.85 + 0.15 * min(1.0, 2 * weight / total)
        if not total:
            return _LONELY if len(one.words) == 1 else 1.0
        return 0.6 + 0.4 * min(1.0, 2 * weight / total)

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
            if domain not in NEUTRAL:
                score *= self._supported(one, domains.get(domain, 0.0), total)
            if one.shared > 1:
                score *= 0.9
            if one.covered < 1 and domain not in NEUTRAL and domain not in domains:
                # The words that are missing may be the very ones that name the domain.
                if total:
                    continue
                score *= 0.8
            if score > scores.get(one.id, 0.0):
                scores[one.id] = score
                source[one.id] = BESIDE if one.beside and one.title else "title" if one.title else "description"
        return tuple(
            ClassHit(c, round(s, 3), source[c]) for c, s in sorted(scores.items(), key=lambda x: (-x[1], x[0]))
        )


def _continues(clause: Clause, span: Span, spans: Sequence[Span]) -> bool:
    """Tell whether a listed Persian noun goes on with what the thing is for: «لنت اتوبوس و کامیون» sells no lorries."""
    if not is_persian(clause.words[span.start]):
        return False
    before = [other for other in spans if other.end <= span.start and is_persian(clause.words[other.start])]
    return len(before) > 1 and before[-1].end == span.start - 1


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
