"""Suppliers to look at or invite: by what they can make, and by similar demands they won. Never a match."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.advice.ask import Able
from graph.advice.learn.awards import Won
from graph.advice.learn.history import name_key

#: Reciprocal-rank fusion: the higher, the less the first ranks stand out.
_FLAT: Final = 10
ABLE_WEIGHT: Final = 1.0
WON_WEIGHT: Final = 0.6


@dataclass(frozen=True, slots=True)
class Recommended:
    """A supplier with why: `able` (its best offer's verdict in words) and `won` (ids of similar past demands)."""

    supplier: str
    supplier_id: str | None
    score: float
    able: str | None
    offer_id: str | None
    won: tuple[str, ...]


def recommend(
    capable: Sequence[Able], winners: Sequence[Won], names: Mapping[str, str], most: int
) -> list[Recommended]:
    """Fuse both lists by rank. `names` gives the name of a supplier whose id an award tells, where it is known."""
    scores: dict[str, float] = defaultdict(float)
    ables: dict[str, Able] = {}
    wins: dict[str, Won] = {}
    for place, each in enumerate(capable):
        key = name_key(each.supplier)
        ables.setdefault(key, each)
        scores[key] += ABLE_WEIGHT * (_FLAT + 1) / (_FLAT + 1 + place)
    for place, each in enumerate(winners):
        key = name_key(names.get(each.supplier, each.supplier))
        wins.setdefault(key, each)
        scores[key] += WON_WEIGHT * (_FLAT + 1) / (_FLAT + 1 + place)
    order = sorted(scores, key=lambda key: (-scores[key], key))[:most]
    return [_told(key, scores[key], ables.get(key), wins.get(key), names) for key in order]


def _told(key: str, score: float, able: Able | None, won: Won | None, names: Mapping[str, str]) -> Recommended:
    known = won.supplier if won is not None and won.supplier in names else None
    name = able.supplier if able is not None else names.get(won.supplier, won.supplier) if won is not None else key
    return Recommended(
        supplier=name,
        supplier_id=able.supplier_id if able is not None else known,
        score=round(score / (ABLE_WEIGHT + WON_WEIGHT), 4),
        able=f"{able.outcome.replace('_', ' ')}: {able.summary}" if able is not None else None,
        offer_id=able.offer_id if able is not None else None,
        won=won.demands if won is not None else (),
    )
