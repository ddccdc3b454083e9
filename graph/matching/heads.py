"""Where the head of a noun phrase stands: first in Persian, last in English, and what stands between."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final

from graph.matching.index import ClassIndex, Span
from graph.matching.phrases import HEAD, MARK, TAIL, Clause, Grammar
from graph.matching.text import is_persian, normalise, stem, words
from graph.taxonomy.model import Taxonomy

_ADJECTIVES: Final = (
    "ic",
    "al",
    "ed",
    "able",
    "ible",
    "ile",
    "ous",
    "less",
    "ive",
    "ary",
    "free",
    "proof",
    "resistant",
    "ular",
    "type",
)
#: How much an unknown word counts that may be a noun.
_PERHAPS: Final = 0.5


class Heads:
    """Tells what heads a phrase, with the words of a taxonomy and of the grammar."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        index: ClassIndex,
        grammar: Grammar,
        is_value: Callable[[str], bool],
        codes: AbstractSet[str],
        cues: AbstractSet[str],
    ) -> None:
        """Take what `ThingReader` takes."""
        self._tree, self._index, self._grammar = taxonomy, index, grammar
        self._is_value, self._codes, self._cues = is_value, codes, cues
        self.own = lru_cache(maxsize=8192)(self._own_words)

    def work(self, spans: Sequence[Span]) -> frozenset[int]:
        """Return the places of words that name work alone: «اورهال پمپ» speaks of a pump, as its overhaul does."""
        return frozenset(
            at
            for span in spans
            if all(self._tree.classes[each].form in ("process", "service") for each in span.classes)
            for at in range(span.start, span.end)
        )

    def _works_on(self, clause: Clause, span: Span, work: frozenset[int]) -> bool:
        """Tell whether an "of" before the span leads to it from words that name work."""
        before = clause.words[: span.start]
        return "of" in before and bool(work.intersection(range(before.index("of"))))

    def core(self, clause: Clause, span: Span) -> set[int]:
        """Return the places of a span's words that name something: of "pump sets" the pump alone."""
        idle = self._grammar.tails | self._grammar.fillers
        core = {at for at in range(span.start, span.end) if clause.stems[at] not in idle}
        return core if len(core) == 1 else {-1}

    def leads(self, clause: Clause, span: Span, work: frozenset[int]) -> bool:
        """Tell whether the span is where the head of the title stands: first in Persian, last in English."""
        if is_persian(clause.words[span.start]):
            return all(word in self._grammar.fillers for word in clause.stems[: span.start])
        if self._works_on(clause, span, work):
            return False  # "calibration of gauges" is headed by the calibration
        if clause.words[span.end : span.end + 1] == ("of",):
            return True
        follows = clause.parts[span.end] if span.end < len(clause.parts) else MARK
        return follows != HEAD and self.gap(clause, span, work) == 0

    def gap(self, clause: Clause, span: Span, work: frozenset[int]) -> float:
        """Count the words that stand between the span and the head's place of its phrase.

        Words of work (at the places `work`), fillers and counters count nothing, what may be no noun half.
        """
        if is_persian(clause.words[span.start]):
            return self._gap_before(clause, span, work)
        return self._gap_after(clause, span, work)

    def _gap_before(self, clause: Clause, span: Span, work: frozenset[int]) -> float:
        gap = 0.0
        part = clause.parts[span.start]
        for at in range(span.start - 1, -1, -1):
            if not is_persian(clause.words[at]):
                # «کنتاکتور DC لوکوموتیو»: a code within the phrase does not end it.
                if clause.parts[at] != TAIL and clause.words[at].isalpha():
                    break
            elif clause.parts[at] != part:
                break
            elif not _counted(clause, at):
                gap += clause.stems[at] not in self._grammar.fillers and at not in work
        return gap

    def _gap_after(self, clause: Clause, span: Span, work: frozenset[int]) -> float:
        gap = 0.0
        part = clause.parts[span.start]
        for at in range(span.end, len(clause.words)):
            word = clause.words[at]
            if clause.parts[at] != part or is_persian(word) or word == "of":
                break
            if any(letter.isdigit() for letter in word) or word in self._codes:
                break  # "valves DN100", "pads EN 15328": the noun phrase ended
            if clause.stems[at] not in self._grammar.tails and len(word) > 1 and at not in work:
                gap += self._weight(word, clause.stems[at])
        return gap

    def besides(self, clause: Clause, span: Span, work: frozenset[int]) -> frozenset[str]:
        """Return the nouns that stand where the span's phrase has its head, and head names of their own."""
        part = clause.parts[span.start]
        if is_persian(clause.words[span.start]):
            around = [
                at
                for at in range(span.start)
                if is_persian(clause.words[at]) and clause.parts[at] == part and not _counted(clause, at)
            ]
        else:
            around = []
            for at in range(span.end, len(clause.words)):
                word = clause.words[at]
                if clause.parts[at] != part or is_persian(word) or any(map(str.isdigit, word)) or word == "of":
                    break
                around.append(at)
        return frozenset(
            stem(clause.stems[at])
            for at in around
            if at not in work
            and clause.stems[at] not in self._cues
            and self._is_noun(clause.words[at], stem(clause.stems[at]))
        )

    def _is_noun(self, word: str, root: str) -> bool:
        """Tell whether a word surely is a noun of its own where a phrase has its head.

        Of stuffs these are the plurals, and what is put on things or into them: "valve lubricant" is no valve, while
        "fender rubber" is a rubber fender. In Persian whatever stands first heads the phrase.
        """
        if root in self._index.heads:
            return True
        if root not in self._index.stuffs:
            return False
        return is_persian(word) or (word.endswith("s") and not word.endswith("ss")) or root in self._grammar.applied

    def _own_words(self, class_id: str) -> frozenset[str]:
        """Return the stems of the names of a class and of those above it: a "CCTV camera" is no camera of a CCTV."""
        names = (
            name
            for each in (class_id, *self._tree.ancestors(class_id))
            if self._tree.classes[each].broader or each == class_id
            for _, name in self._tree.classes[each].names()
        )
        return frozenset(stem(stem(word)) for name in names for word in words(normalise(name)))

    def _weight(self, word: str, root: str) -> float:
        """Tell how likely an English word that follows a name is the noun that the name only describes.

        "bed electric", "gloves sterile", "fender rubber" stay beds, gloves and fenders; "pump casing" is no pump.
        """
        if self._is_noun(word, root) or self._is_noun(word, stem(root)):
            return 1.0
        if word.endswith(_ADJECTIVES) or root in self._index.stuffs or self._is_value(word):
            return 0.0
        return _PERHAPS


def _counted(clause: Clause, at: int) -> bool:
    """Tell whether a word counts pieces: «۲ فروند یدک‌کش» asks for tugs."""
    return at > 0 and clause.words[at - 1].replace(".", "").isdigit()
