"""Who sells what others make abroad: "cast for us in Turkey", «ساخت هند», "of Italian make"."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from graph.matching.facts import Role
from graph.matching.phrases import MARK, WITH, Clause, Grammar
from graph.matching.text import normalise, singular, stem, words

TRADER: Final = "trader"
_REACH: Final = 7
_NEAR: Final = 4


class Origins:
    """Countries and the words around them; see `origin` in grammar.yaml."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        self._places = frozenset(" ".join(words(normalise(str(text)))) for text in lexicon["places"])
        self._peoples = _set(lexicon["peoples"])
        self._made = _set(lexicon["made"])
        self._make = _set(lexicon["make"])
        self._from = _set(lexicon["from"])
        self._inputs = _set(lexicon["inputs"])
        self._strength = float(lexicon["strength"])

    def find(self, clauses: Sequence[Clause], grammar: Grammar, own: frozenset[str]) -> list[Role]:
        """Find what tells that the goods are made abroad. `own`: stems of the title, which are no inputs."""
        # The clause holds the denial too: "none of it is made in China".
        return [
            Role(TRADER, self._strength, told)
            for clause in clauses
            if not any(word in f" {' '.join(clause.words)} " for word in (*grammar.negation_en, *grammar.negation_fa))
            for told in self._told(clause, own)
        ]

    def is_abroad(self, clause: Clause, own: frozenset[str]) -> bool:
        """Tell whether a clause names a foreign place or people, of no machine or material of the maker's."""
        return any(
            (word in self._peoples or word in self._places or stem(word) in self._places)
            and not self.is_input(clause, at, own)
            for at, word in enumerate(clause.words)
        )

    def is_input(self, clause: Clause, at: int, own: frozenset[str]) -> bool:
        """Tell whether the words at a place speak of machines or materials of the maker: «با ورق وارداتی»."""
        return any(
            singular(clause.words[place]) in self._inputs and clause.stems[place] not in own
            for place in range(max(0, at - _NEAR), min(len(clause.words), at + _NEAR))
        )

    def _told(self, clause: Clause, own: frozenset[str]) -> Iterator[str]:
        plain = clause.words
        for at in range(len(plain)):
            start = self._start(clause, at)
            if start is None or clause.parts[start] == WITH:
                continue
            before = range(max(0, start - _NEAR), start)
            around = (*before, *range(at + 1, min(len(plain), at + 3)))
            inputs = any(singular(plain[place]) in self._inputs and clause.stems[place] not in own for place in around)
            withs = any(clause.parts[place] == WITH for place in before)
            if not inputs and not withs:
                yield " ".join(plain[start : at + 2])

    def _start(self, clause: Clause, at: int) -> int | None:
        """Return where the words begin that lead to a place at `at`: "drawn by our principal in China"."""
        plain = clause.words
        if plain[at] in self._peoples:
            near = [at + 1] if at + 1 < len(plain) else []
            return at if any(plain[place] in self._make for place in near) else None
        if plain[at] not in self._places and " ".join(plain[at : at + 2]) not in self._places:
            return None
        if at and plain[at - 1] in self._make:
            return at - 1  # «ساخت هند»
        if at and plain[at - 1] in self._from:
            for place in range(at - 2, max(-1, at - 2 - _REACH), -1):
                if plain[place] in self._made and clause.parts[place] != MARK:
                    return place
            if any(word in self._made for word in plain[at + 1 : at + 3]):
                return at - 1  # «از دبی تامین می‌شود»
        return None


def _set(texts: Sequence[Any]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(normalise(str(text))))
