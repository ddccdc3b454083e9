"""Suppliers that demands like this went to before: for exploring and inviting, never a match."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from graph.advice.embed import Embedder
from graph.advice.learn.history import Past, name_key
from graph.advice.learn.kernel import Likeness
from graph.advice.textindex import top

NEIGHBOURS: Final = 30
MOST_HISTORY: Final = 20_000
SHOWN: Final = 3
_SHARPNESS: Final = 2.0
_FLOOR: Final = 0.02


@dataclass(frozen=True, slots=True)
class Won:
    """A supplier with the past demands that speak for it, the most similar first; score sums their likeness."""

    supplier: str
    score: float
    demands: tuple[str, ...]


class AwardRanker:
    """Ranks past winners for texts."""

    def __init__(self, history: Sequence[Past], embedder: Embedder | None = None) -> None:
        self._rows = [each for each in history if each.suppliers][-MOST_HISTORY:]
        self._likeness = Likeness([each.text for each in self._rows], embedder) if self._rows else None
        self.known = {name_key(name) for each in self._rows for name in each.suppliers}

    def rank(self, texts: Sequence[str], most: int) -> list[list[Won]]:
        """For each text the suppliers of similar past demands, best first."""
        if self._likeness is None:
            return [[] for _ in texts]
        return [self._winners(row, most) for row in self._likeness.to(texts)]

    def _winners(self, row: "np.ndarray[tuple[int], np.dtype[np.float32]]", most: int) -> list[Won]:
        scores: dict[str, float] = defaultdict(float)
        names: dict[str, str] = {}
        demands: dict[str, list[str]] = defaultdict(list)
        for place, likeness in top(row, NEIGHBOURS):
            if likeness < _FLOOR:
                continue
            past = self._rows[place]
            for name in past.suppliers:
                key = name_key(name)
                names.setdefault(key, name)
                scores[key] += likeness**_SHARPNESS
                demands[key].append(past.id)
        order = sorted(scores, key=lambda key: (-scores[key], key))[:most]
        return [Won(names[key], round(scores[key], 4), tuple(demands[key][:SHOWN])) for key in order]
