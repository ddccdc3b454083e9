"""How alike texts are: TF-IDF over stems and letter n-grams, with embeddings where there are any. In numpy alone."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graph.advice.embed import Embedder, Vectors
from graph.advice.textindex import features

Matrix = NDArray[np.float32]

CHARACTERS: Final = 600
_GRAM_WEIGHT: Final = 0.5
_COMMON: Final = 0.25
_LEAST: Final = 2
#: In a small history a term may well stand in every fourth text.
_FEW: Final = 50


class Likeness:
    """The texts of a history, and how alike another text is to each: 0 to 1, to 2 with embeddings."""

    def __init__(self, texts: Sequence[str], embedder: Embedder | None = None) -> None:
        self._counted = [features(text[:CHARACTERS]) for text in texts]
        self.size = len(texts)
        frequency = Counter(term for counts in self._counted for term in counts)
        most = max(_FEW, _COMMON * self.size)
        self._idf = {
            term: math.log(self.size / count) * (_GRAM_WEIGHT if term[0] == "#" else 1.0)
            for term, count in frequency.items()
            if _LEAST <= count <= most
        }
        rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, counts in enumerate(self._counted):
            for term, weight in self._weights(counts).items():
                rows[term].append((number, weight))
        self._postings = {
            term: (np.array([n for n, _ in found], dtype=np.int32), np.array([w for _, w in found], dtype=np.float32))
            for term, found in rows.items()
        }
        self._embedder = embedder
        self.mean: Vectors | None = None
        self._vectors: Vectors | None = None
        if embedder is not None and self.size:
            made = embedder.query(texts)
            mean: Vectors = made.mean(axis=0)
            self.mean, self._vectors = mean, centred(made, mean)

    def gram(self) -> Matrix:
        """How alike every two texts of the history are."""
        table = np.zeros((self.size, self.size), dtype=np.float32)
        for docs, weights in self._postings.values():
            table[np.ix_(docs, docs)] += np.outer(weights, weights)
        if self._vectors is not None:
            table += self._vectors @ self._vectors.T
        return table

    def to(self, texts: Sequence[str]) -> Matrix:
        """How alike each of these texts (rows) is to each of the history's (columns)."""
        table = np.zeros((len(texts), self.size), dtype=np.float32)
        for row, text in zip(table, texts, strict=True):
            for term, weight in self._weights(features(text[:CHARACTERS])).items():
                found = self._postings.get(term)
                if found is not None:
                    row[found[0]] += weight * found[1]
        if self._embedder is not None and self._vectors is not None and self.mean is not None and len(texts):
            table += centred(self._embedder.query(texts), self.mean) @ self._vectors.T
        return table

    def _weights(self, counts: Mapping[str, int]) -> dict[str, float]:
        """The weights of a text's known terms, of length 1."""
        raw = {term: (1 + math.log(count)) * self._idf[term] for term, count in counts.items() if term in self._idf}
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {term: weight / length for term, weight in raw.items()} if length else {}


def centred(vectors: Vectors, mean: Vectors) -> Vectors:
    """Vectors about their mean, of length 1: raw cosines of E5 all lie near 0.8."""
    moved = vectors - mean
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    return moved / np.maximum(length, 1e-9)
