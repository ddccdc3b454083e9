"""Part, drawing and type numbers as keys: letters and digits alone count, however they are grouped."""

import re
from collections.abc import Iterable
from typing import Final

from graph.matching.text import loose, normalise

_CODE: Final = re.compile(r"[a-z0-9]+(?:[-/. ][a-z0-9]+)*")
_LONGEST_RUN: Final = 5
_SHORTEST: Final = 4
_MOST: Final = 60


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


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _has_both(text: str) -> bool:
    return _has_digit(text) and any(letter.isalpha() for letter in text)
