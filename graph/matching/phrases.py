"""Titles cut into noun phrases, and each phrase's words marked by what part they play.

English names the head last («brake disc bolts» are bolts), Persian first («پیچ دیسک ترمز» is a bolt); what stands
after "for" or «برای» is context.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from graph.matching.text import is_persian, normalise, stem

_CUT: Final = re.compile(r"\s[-/|]\s|[,;:.!?|\"()\[\]]\s|\s[\"(\[]|[()\[\]|;!?,]|\.$")
_WORD: Final = re.compile(r"[^\W_]+(?:[.+'][^\W_]+)*\+*", re.UNICODE)

HEAD: Final = "head"
LISTED: Final = "listed"
CONTEXT: Final = "context"
WITH: Final = "with"
TAIL: Final = "tail"
MARK: Final = "mark"
_STRETCH: Final = 60
_SHORTEST: Final = 2
_DROPPED: Final = frozenset({"the", "a", "an", "ها", "های", "هایی", "ای", "ی", "می"})


class Clause(NamedTuple):
    """Words between two cuts. parts has one letter a word: what part the word plays in the clause."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    parts: tuple[str, ...]
    order: int


class Grammar:
    """The little words of grammar.yaml, ready to be looked up."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        self._marks: dict[tuple[str, ...], str] = {}
        for part, key in ((CONTEXT, "context"), (WITH, "with"), (LISTED, "list")):
            for words in lexicon[key].values():
                for word in words:
                    self._marks[tuple(_words(str(word)))] = part
        self._longest = max(map(len, self._marks))
        self.of = frozenset(lexicon["of"])
        self.fillers = frozenset(
            stem(word) for ws in lexicon["fillers"].values() for text in ws for word in _words(str(text))
        )
        self.tails = frozenset(stem(word) for text in lexicon["tails"]["en"] for word in _words(str(text)))
        self.applied = frozenset(stem(word) for text in lexicon["applied"]["en"] for word in _words(str(text)))
        self.drawing = tuple(_spaced(str(text)) for ws in lexicon["drawing"].values() for text in ws)
        self.replaces = tuple(_spaced(str(text)) for texts in lexicon["replaces"].values() for text in texts)
        # A title and description are read several times over, one after the other.
        self.clauses = lru_cache(maxsize=256)(self._clauses)
        negation = lexicon["negation"]
        self.negation_en = tuple(_spaced(str(text)) for text in negation["en_before"])
        self.negation_en_after = tuple(_spaced(str(text)) for text in negation["en_after"])
        self.negation_before = tuple(_spaced(str(text)) for text in negation["fa_before"])
        self.negation_fa = tuple(_spaced(str(text)) for text in negation["fa_after"])

    def _clauses(self, text: str) -> tuple[Clause, ...]:
        """Cut a text into clauses and give each word its part. `text` need not be normalised."""
        found: list[Clause] = []
        for order, clause in enumerate(cut(normalise(text))):
            words = [word for word in _WORD.findall(clause) if word not in _DROPPED]
            # A text without any punctuation is read in stretches: no sentence is longer.
            found.extend(
                self._clause(words[at : at + _STRETCH], order) for at in range(0, max(1, len(words)), _STRETCH)
            )
        return tuple(found)

    def _clause(self, words: list[str], order: int) -> Clause:
        parts: list[str] = []
        part, lead = HEAD, None
        at = 0
        while at < len(words):
            mark, length = self._mark_at(words, at)
            if mark:
                # «لنت برای لوکوموتیو و واگن»: what is listed within a context is context.
                part = part if mark == LISTED and part in (CONTEXT, WITH) else mark
                parts.extend([MARK] * length)
                at += length
                continue
            if any(letter.isalpha() for letter in words[at]) and len(words[at]) > 1:
                persian = is_persian(words[at])
                lead = persian if lead is None else lead
                # «HVAC سقفی واگن»: words of the other script within a clause explain the first ones.
                here = TAIL if persian != lead and part == HEAD else part
            else:
                here = part
            parts.append(here)
            at += 1
        return Clause(tuple(words), tuple(map(stem, words)), tuple(parts), order)

    def _mark_at(self, words: list[str], at: int) -> tuple[str, int]:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            part = self._marks.get(tuple(words[at : at + length]))
            if part:
                return part, length
        return "", 0


def cut(text: str) -> list[str]:
    """Cut normalised text at punctuation and spaced dashes; decimal points and hyphenated words stay whole."""
    return [clause.strip() for clause in _CUT.split(f"{text} ") if clause.strip()]


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text))


def _spaced(text: str) -> str:
    return f" {' '.join(word for word in _words(text) if word not in _DROPPED)} "


def nouns(clauses: Sequence[Clause], grammar: Grammar) -> Iterator[str]:
    """Yield the stem of the noun that heads each phrase: the first Persian word, the last English one."""
    for clause in clauses:
        run = [
            (word, root)
            for word, root, part in zip(clause.words, clause.stems, clause.parts, strict=True)
            if part in (HEAD, LISTED) and word.isalpha() and len(word) >= _SHORTEST and root not in grammar.fillers
        ]
        persian = [root for word, root in run if is_persian(word)]
        english = [root for word, root in run if not is_persian(word) and root not in grammar.tails]
        yield from persian[:1]
        yield from english[-1:]
