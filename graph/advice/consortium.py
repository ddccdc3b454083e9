"""Consortium: offers that meet everything but the quantity, and together have it.

Greedy: the largest free quantity first, which needs the fewest members; where a minimum order forbids that, the next
largest. One offer a supplier, so that no plant is counted twice; at most four members; every member's share is at
least its minimum order. What awards have taken is not free.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final, Literal, NamedTuple

from graph.advice.candidates import Candidate, Judged
from graph.knowledge import ItemFacts, Knowledge
from graph.matching.criteria import capacity
from graph.matching.criteria.base import Findings, Pair
from graph.matching.criteria.counting import comparable
from graph.matching.quantity import PIECES
from schemas.matches import Finding, Outcome

MOST_MEMBERS: Final = 4
LOOKED_AT: Final = 12
"""So many of the largest are tried together: 781 ways at most."""
_ROUNDING: Final = 1e-9
_OF_A_PIECE: Final = 1e-6

Outcomes = Literal["together", "single", "short", "none"]


@dataclass(frozen=True, slots=True)
class Member:
    """One offer with what it would deliver, in the item's unit and as a share (0 to 1) of what is asked."""

    supplier_id: str
    supplier: str
    offer_id: str
    offer: str
    quantity: float
    share: float


@dataclass(frozen=True, slots=True)
class Consortium:
    """Offers that together have the quantity. `why` says in a sentence why there is none; then members is empty.

    outcome: `together` members have it, `single` one offer alone has it, `short` all together have not, `none` nobody
    lacks only quantity. covered: the share of what is asked that the largest have together, 0 to 1.
    short: suppliers that lack nothing but quantity. unstated: suppliers that lack only a word on their capacity.
    """

    item: str
    wanted: float
    unit: str
    outcome: Outcomes
    members: tuple[Member, ...]
    covered: float
    short: int = 0
    unstated: int = 0
    why: str = ""


class _Free(NamedTuple):
    """What an offer can give, and gives at least, in base units of the item."""

    candidate: Candidate
    most: float
    least: float


def consortium(item: ItemFacts, judged: Iterable[Judged], knowledge: Knowledge, today: date) -> Consortium:
    """Find the fewest offers that together meet the item, out of all its judged candidates."""
    found = list(judged)
    if any(one.verdict.outcome is Outcome.MATCH for one in found):
        return _none(item, "single", "a single offer has the whole quantity: see the matches")
    best: dict[str, _Free] = {}
    free = [each for one in found if (each := _free(item, one, knowledge, today)) is not None]
    for each in sorted(free, key=lambda each: (-each.most, each.candidate.key)):
        best.setdefault(each.candidate.supplier.id, each)
    unstated = len({one.candidate.supplier.id for one in found if _lacks(one, Finding.SILENT)} - best.keys())
    largest = list(best.values())[:LOOKED_AT]
    covered = round(min(1.0, sum(each.most for each in largest[:MOST_MEMBERS]) / item.quantity_base), 4)
    for size in range(2, min(MOST_MEMBERS, len(largest)) + 1):
        for members in combinations(largest, size):
            parts = _parts(members, item.quantity_base)
            if parts is not None:
                told = tuple(_member(item, each, part) for each, part in zip(members, parts, strict=True))
                return Consortium(
                    item.id, item.quantity, item.unit, "together", told, 1.0, short=len(best), unstated=unstated
                )
    if not best:
        return _none(item, "none", "no offer meets everything but the quantity", unstated=unstated)
    return _none(item, "short", _short(len(best), covered), covered, len(best), unstated)


def _short(offers: int, covered: float) -> str:
    if offers == 1:
        return f"only one supplier lacks nothing but quantity, and has {covered:.0%} of it in time"
    if covered >= 1:
        return f"{offers} suppliers lack nothing but quantity, but their minimum orders do not go together"
    return f"the {min(offers, MOST_MEMBERS)} largest together cannot deliver it: {covered:.0%} in time"


def _lacks(one: Judged, how: Finding) -> bool:
    """Tell whether capacity is all that an offer lacks, and lacks it this way."""
    told = [each for each in one.verdict.criteria if each.kind == "capacity" and each.finding is how]
    return bool(told) and {each.kind for each in one.verdict.missing} == {"capacity"}


def _free(item: ItemFacts, one: Judged, knowledge: Knowledge, today: date) -> _Free | None:
    """What an offer gives that misses nothing but quantity."""
    if not _lacks(one, Finding.NOT_MET):
        return None
    candidate = one.candidate
    pair = Pair(item, candidate.offer, candidate.supplier, today.toordinal(), candidate.committed, knowledge)
    most = capacity.judge(pair, Findings([], [])) * item.quantity_base
    wanted = comparable(pair, item.quantity_base, item.counting, candidate.offer.min_order_counting)
    least = (candidate.offer.min_order or 0.0) / wanted * item.quantity_base if wanted else 0.0
    if item.counting == PIECES and float(item.quantity_base).is_integer():
        most, least = math.floor(most + _OF_A_PIECE), math.ceil(least - _OF_A_PIECE)
    return _Free(candidate, most, least) if most > 0 and least <= most else None


def _parts(members: Sequence[_Free], wanted: float) -> list[float] | None:
    """Give every member all it has and the last the rest, raised to its minimum at the cost of those before it."""
    slack = wanted * _ROUNDING
    if sum(each.most for each in members) < wanted - slack or sum(each.least for each in members) > wanted + slack:
        return None
    parts = [each.least for each in members]
    rest = wanted - sum(parts)
    for place, each in enumerate(members):
        more = min(rest, each.most - parts[place])
        parts[place] += more
        rest -= more
    return parts if all(part > slack for part in parts) else None


def _member(item: ItemFacts, each: _Free, part: float) -> Member:
    one, share = each.candidate, part / item.quantity_base
    return Member(
        one.supplier.id,
        one.supplier.name,
        one.offer.id,
        one.offer.title,
        round(share * item.quantity, 6),
        round(share, 4),
    )


def _none(
    item: ItemFacts, outcome: Outcomes, why: str, covered: float = 0.0, short: int = 0, unstated: int = 0
) -> Consortium:
    return Consortium(item.id, item.quantity, item.unit, outcome, (), covered, short, unstated, why)
