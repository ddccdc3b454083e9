"""Part, drawing and type numbers as keys: letters and digits alone count, however they are grouped."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from graph.matching.phrases import Grammar, cut
from graph.matching.text import loose, normalise

_CODE: Final = re.compile(r"[a-z0-9]+(?:[-/. ][a-z0-9]+)*")
_LONGEST_RUN: Final = 5
_SHORTEST: Final = 4
_MOST: Final = 60
_DIGITS_ALONE: Final = 5
_SENTENCE: Final = re.compile(r"[;!?]|\.(?=\s|$)")
_NO_WORD: Final = re.compile(r"[^\w']+")
#: Of more words than these, a clause after the one that says "replaces" is another statement and no list of numbers.
_LISTED: Final = 4
_MOST_REPLACED: Final = 24
_LETTERS: Final = 3


class Replaced(NamedTuple):
    """Keys of the numbers that a text says are replaced by what it speaks of, and of those it says are not."""

    keys: tuple[str, ...]
    denied: tuple[str, ...]


def part_keys(numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of part numbers as declared: the whole, and each side of a slash or comma."""
    found: dict[str, None] = {}
    for number in numbers:
        whole = loose(number)
        if whole:
            found[whole] = None
        for side in re.split(r"[,;/|]", normalise(number)):
            key = loose(side)
            if len(key) >= _SHORTEST and key != whole:
                found[key] = None
    return tuple(found)


def number_key(number: str) -> str:
    """Return the retrieval key of a part number's key."""
    return f"pn:{number}"


def codes_in(text: str) -> tuple[str, ...]:
    """Return what may be part numbers in a text: runs of up to five Latin groups with letters and digits.

    >>> codes_in("bore 230.2 mm, part LN 645 E3 230")[-1]
    'ln645e3230'
    """
    found: dict[str, None] = {}
    for run in _CODE.findall(normalise(text)):
        groups = re.split(r"[-/. ]", run)
        for start in range(len(groups)):
            key = ""
            for end in range(start, min(len(groups), start + _LONGEST_RUN)):
                key += groups[end]
                if len(key) >= _SHORTEST and _has_both(key) and any(map(_has_digit, groups[start : end + 1])):
                    found[key] = None
    return tuple(sorted(found, key=len)[:_MOST])


def replaced_in(text: str, grammar: Grammar) -> Replaced:
    """Read whose numbers a thing stands in for: "equivalent to Knorr II-23451", «جایگزین ...», "OEM 0 986 478 853".

    Numbers count in the clause with such a word, and in the clauses of its sentence after it that only go on listing;
    where there is none but the word, in the clause before it: "EP2002 valve (equivalent)".
    """
    keys: dict[str, None] = {}
    denied: dict[str, None] = {}
    for sentence in _SENTENCE.split(normalise(text)):
        if not _says(sentence, grammar.replaces):
            continue
        into: dict[str, None] | None = None
        before: tuple[str, ...] = ()
        for clause in cut(sentence):
            numbers = tuple(_numbers(clause))
            if _says(clause, grammar.replaces):
                into = denied if _says(clause, (*grammar.negation_en, *grammar.negation_fa)) else keys
                numbers = numbers or (before if len(clause.split()) <= _LISTED else ())
            elif len(clause.split()) > _LISTED:
                into = None
            if into is not None:
                into.update(dict.fromkeys(numbers))
            before = numbers
    return Replaced(tuple(keys)[:_MOST_REPLACED], tuple(each for each in denied if each not in keys))


def _says(text: str, phrases: Iterable[str]) -> bool:
    plain = f" {_NO_WORD.sub(' ', text)} "
    return any(phrase in plain for phrase in phrases)


def _numbers(clause: str) -> Iterator[str]:
    """Yield the keys of what may be numbers in a clause: groups of which the last has a digit."""
    for run in _CODE.findall(clause):
        groups = run.split(" ")
        for start in range(len(groups)):
            for end in range(start, min(len(groups), start + _LONGEST_RUN)):
                if not _has_digit(groups[end]):
                    if len(groups[end]) > _LETTERS:
                        break
                    continue
                number = " ".join(groups[start : end + 1])
                yield from (key for key in part_keys([number]) if len(key) >= _least(key))


def _least(key: str) -> int:
    """Return how long a key must be to count in a text: digits alone say less."""
    return _SHORTEST if _has_both(key) else _DIGITS_ALONE


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _has_both(text: str) -> bool:
    return _has_digit(text) and any(letter.isalpha() for letter in text)
