"""CPV codes of a text, learnt from past demands and from the labels of the codes.

Score of a code = what ridge regression over the history says of the code and of every broader level of it (a code
never seen before is carried by its division, group and class), + how alike its label is, + how often codes of so
many digits are chosen (buyers like round ones), + how often it was chosen before. Weights: measured on TED notices,
see docs/matching-classify.md.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from graph.advice.embed import Embedder, Vectors
from graph.advice.learn.history import Past
from graph.advice.learn.kernel import Likeness, Matrix, centred
from graph.advice.textindex import TextIndex, top

LEVELS: Final = {2: 0.3, 3: 0.3, 4: 0.3, 5: 0.3, 8: 1.0}
LABEL_WEIGHT: Final = 1.0
LABEL_WORDS_WEIGHT: Final = 0.3
SHAPE_WEIGHT: Final = 0.05
USED_WEIGHT: Final = 0.03
#: How much a code counts that stands beside the main one.
BESIDE: Final = 0.3
RIDGE: Final = 1.0
MOST_HISTORY: Final = 5_000
_TEMPERATURE: Final = 0.15
_DIVISION: Final = 2


class CodeRanker:
    """Ranks codes for texts. Without history it goes by labels, without labels by history; with neither it is empty."""

    def __init__(self, history: Sequence[Past], labels: Mapping[str, str], embedder: Embedder | None = None) -> None:
        rows = [each for each in history if each.main][-MOST_HISTORY:]
        seen = Counter(each.main for each in rows)
        used: Counter[str] = Counter()
        for each in rows:
            used[each.main] += 1
            used.update(dict.fromkeys(set(each.codes) - {each.main}, BESIDE))  # type: ignore[arg-type]
        self.codes = sorted({*labels, *used, *(_round(code) for code in used)})
        self._columns = {code: place for place, code in enumerate(self.codes)}
        self._prior = self._priors(seen, used)
        self._likeness = Likeness([each.text for each in rows], embedder) if rows else None
        self._prefixes: dict[int, list[str]] = {}
        self._weights: dict[int, Matrix] = {}
        if self._likeness is not None:
            self._learn(rows, self._likeness)
        mean = self._likeness.mean if self._likeness is not None else None
        self._labels = _Labels(labels, self._columns, embedder, mean) if labels else None

    def rank(self, texts: Sequence[str], most: int) -> list[list[tuple[str, float]]]:
        """For each text the codes with shares of 1, best first; equal ones in the order of the codes."""
        if not self.codes:
            return [[] for _ in texts]
        table = self.scores(texts)
        return [[(self.codes[place], share) for place, share in _shares(row, most)] for row in table]

    def scores(self, texts: Sequence[str]) -> Matrix:
        """The score of every code (columns, see `codes`) for every text (rows)."""
        table = np.tile(self._prior, (len(texts), 1))
        if self._likeness is not None:
            alike = self._likeness.to(texts)
            for level, weight in LEVELS.items():
                found = alike @ self._weights[level]
                for place, prefix in enumerate(self._prefixes[level]):
                    table[:, self._under(prefix)] += weight * found[:, place : place + 1]
        if self._labels is not None:
            self._labels.add(table, texts)
        return table

    def _under(self, prefix: str) -> slice:
        """The columns of the codes that begin with a prefix: codes are sorted."""
        low = int(np.searchsorted(self.codes, prefix))
        high = int(np.searchsorted(self.codes, prefix + "~"))
        return slice(low, high)

    def _learn(self, rows: Sequence[Past], likeness: Likeness) -> None:
        system = likeness.gram() + RIDGE * np.eye(len(rows), dtype=np.float32)
        wanted: list[Matrix] = []
        for level in LEVELS:
            names = sorted({code[:level] for each in rows for code in (each.main, *each.codes)})
            place = {name: number for number, name in enumerate(names)}
            target = np.zeros((len(rows), len(names)), dtype=np.float32)
            for number, each in enumerate(rows):
                for code in each.codes:
                    target[number, place[code[:level]]] = BESIDE
                target[number, place[each.main[:level]]] = 1.0
            self._prefixes[level] = names
            wanted.append(target)
        solved = np.linalg.solve(system, np.concatenate(wanted, axis=1)).astype(np.float32)
        start = 0
        for level, target in zip(LEVELS, wanted, strict=True):
            self._weights[level] = solved[:, start : start + target.shape[1]]
            start += target.shape[1]

    def _priors(self, seen: Mapping[str, int], used: Mapping[str, float]) -> Matrix:
        """What speaks for a code before any text: its number of digits and its use."""
        chosen: Counter[int] = Counter()
        for code, count in seen.items():
            chosen[_depth(code)] += count
        there = Counter(_depth(code) for code in self.codes)
        shape = {depth: math.log((chosen[depth] + 1) / (count + 1)) for depth, count in there.items()}
        weigh = SHAPE_WEIGHT if seen else 0.0
        prior = [weigh * shape[_depth(code)] + USED_WEIGHT * math.log1p(used.get(code, 0.0)) for code in self.codes]
        return np.array(prior, dtype=np.float32)


class _Labels:
    """The labels of the codes: by embeddings across languages, else by their words."""

    def __init__(
        self, labels: Mapping[str, str], columns: Mapping[str, int], embedder: Embedder | None, mean: Vectors | None
    ) -> None:
        names = sorted(labels)
        self._columns = np.array([columns[name] for name in names], dtype=np.int64)
        self._embedder = embedder
        self._vectors: Vectors | None = None
        self._index: TextIndex | None = None
        if embedder is None:
            self._index = TextIndex(labels[name] for name in names)
            return
        made = embedder.passage([labels[name] for name in names])
        own = made.mean(axis=0)
        self._vectors = centred(made, own)
        self._mean = own if mean is None else mean

    def add(self, table: Matrix, texts: Sequence[str]) -> None:
        """Add to the scores how alike each text and each label are."""
        if self._embedder is not None and self._vectors is not None:
            asked = centred(self._embedder.query(texts), self._mean)
            table[:, self._columns] += LABEL_WEIGHT * (asked @ self._vectors.T)
        elif self._index is not None:
            for row, text in zip(table, texts, strict=True):
                found = self._index.scores(text)
                best = float(found.max())
                if best > 0:
                    row[self._columns] += LABEL_WORDS_WEIGHT * found / best


def _depth(code: str) -> int:
    """How many digits of a code say something, at least two."""
    return max(_DIVISION, len(code.rstrip("0")))


def _round(code: str) -> str:
    """The class of a code: it may be chosen although no label and no past demand names it."""
    return code[:4].ljust(len(code), "0")


def _shares(row: Matrix, most: int) -> list[tuple[int, float]]:
    """The best places with scores turned into shares of 1."""
    best = top((row - float(row.min()) + 1.0).astype(np.float32), most)
    if not best:
        return []
    first = best[0][1]
    raw = [(place, math.exp((score - first) / _TEMPERATURE)) for place, score in best]
    total = sum(share for _, share in raw)
    return [(place, round(share / total, 4)) for place, share in raw]
