"""A small BM25 index over word stems and letter n-grams, in numpy: any language, no model.

Letters of a word's inside meet across inflection, compounds and typing («bremsbelag», "bremsbeläge"); stems carry
the plain meetings. Documents are short; term frequencies hardly matter.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graph.matching.text import normalise, stems

Scores = NDArray[np.float32]

GRAM: Final = 4
#: A letter n-gram says less than a stem.
GRAM_WEIGHT: Final = 0.35
_K1: Final = 1.2
_B: Final = 0.5
#: A term in more documents than this share tells nothing.
_COMMON: Final = 0.25


def features(text: str) -> Counter[str]:
    """Return the terms of a text with their numbers: stems as they are, n-grams led by a mark."""
    found: Counter[str] = Counter()
    for stem in stems(normalise(text)):
        if stem.isdecimal():
            continue
        found[stem] += 1
        padded = f"_{stem}_"
        for start in range(max(1, len(padded) - GRAM + 1)):
            found[f"#{padded[start : start + GRAM]}"] += 1
    return found


class TextIndex:
    """Documents by number, in the order given."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = [features(text) for text in texts]
        self.size = len(counted)
        lengths = np.array([sum(each.values()) for each in counted] or [0], dtype=np.float32)
        mean = float(lengths.mean()) or 1.0
        rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, terms in enumerate(counted):
            for term, count in terms.items():
                rows[term].append((number, count))
        self._postings: dict[str, tuple[NDArray[np.int32], Scores]] = {}
        most = max(8.0, _COMMON * self.size)
        for term, found in rows.items():
            if len(found) > most:
                continue
            docs = np.array([number for number, _ in found], dtype=np.int32)
            counts = np.array([count for _, count in found], dtype=np.float32)
            idf = math.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5))
            norm = counts + _K1 * (1 - _B + _B * lengths[docs] / mean)
            weight = idf * (GRAM_WEIGHT if term[0] == "#" else 1.0)
            self._postings[term] = (docs, (weight * counts * (_K1 + 1) / norm).astype(np.float32))

    def scores(self, text: str) -> Scores:
        """Return the BM25 score of every document."""
        total = np.zeros(self.size, dtype=np.float32)
        for term in features(text):
            found = self._postings.get(term)
            if found is not None:
                total[found[0]] += found[1]
        return total

    def nearest(self, text: str, most: int) -> list[tuple[int, float]]:
        """Return the documents with the highest scores above 0, best first; equal scores in the order given."""
        return top(self.scores(text), most)


def top(scores: Scores, most: int) -> list[tuple[int, float]]:
    """Return (place, score) of the highest scores above 0, best first; equal scores in their order."""
    if not scores.size:
        return []
    count = min(most, scores.size)
    best = np.argpartition(-scores, count - 1)[:count]
    found = [(int(place), float(scores[place])) for place in best if scores[place] > 0]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def ranks(order: Sequence[str]) -> dict[str, int]:
    """Return the rank of each name, from 1."""
    return {name: place for place, name in enumerate(order, start=1)}
