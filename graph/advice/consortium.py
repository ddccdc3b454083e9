"""Consortium: offers that meet everything but the quantity, and together have it.

Greedy: the largest free quantity first, which needs the fewest members. One offer a supplier, so that no plant is
counted twice; at most four members; every member's share is at least its minimum order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from graph.advice.candidates import Candidate, Judged
from graph.knowledge import ItemFacts, Knowledge
from graph.matching.criteria import capacity
from graph.matching.criteria.base import Findings, Pair
from graph.matching.criteria.counting import comparable
from schemas.matches import Finding, Outcome

MOST_MEMBERS: Final = 4
_ROUNDING: Final = 1e-9


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
    """Offers that together have the quantity. `why` says in a sentence why there is none; then members is empty."""

    item: str
    wanted: float
    unit: str
    members: tuple[Member, ...]
    covered: float
    why: str = ""


class _Free(NamedTuple):
    """What an offer can give, and gives at least, as shares of what is asked."""

    candidate: Candidate
    most: float
    least: float


def consortium(item: ItemFacts, judged: Iterable[Judged], knowledge: Knowledge, today: date) -> Consortium:
    """Find the fewest offers that together meet the item, out of all its judged candidates."""
    found = list(judged)
    if any(one.verdict.outcome is Outcome.MATCH for one in found):
        return _none(item, 0.0, "a single offer has the whole quantity: see the matches")
    free = [each for one in found if (each := _free(item, one, knowledge, today)) is not None]
    best: dict[str, _Free] = {}
    for each in sorted(free, key=lambda each: (-each.most, each.candidate.key)):
        best.setdefault(each.candidate.supplier.id, each)
    members = list(best.values())[:MOST_MEMBERS]
    for size in range(2, len(members) + 1):
        shares = _shares(members[:size])
        if shares is not None:
            told = tuple(_member(item, each, share) for each, share in zip(members, shares, strict=False))
            return Consortium(item.id, item.quantity, item.unit, told, 1.0)
    covered = round(min(1.0, sum(each.most for each in members)), 4)
    if not members:
        return _none(item, 0.0, "no offer meets everything but the quantity")
    return _none(item, covered, f"the {len(members)} largest together cannot deliver it: {covered:.0%} in time")


def _free(item: ItemFacts, one: Judged, knowledge: Knowledge, today: date) -> _Free | None:
    """What an offer gives that misses nothing but quantity (or has a minimum above its share at most)."""
    short = [each for each in one.verdict.criteria if each.kind == "capacity" and each.finding is Finding.NOT_MET]
    if not short or {each.kind for each in one.verdict.missing} != {"capacity"}:
        return None
    candidate = one.candidate
    pair = Pair(item, candidate.offer, candidate.supplier, today.toordinal(), candidate.committed, knowledge)
    most = capacity.judge(pair, Findings([], []))
    if most <= 0:
        return None
    wanted = comparable(pair, item.quantity_base, item.counting, candidate.offer.min_order_counting)
    least = (candidate.offer.min_order or 0.0) / wanted if wanted else 0.0
    return _Free(candidate, most, least) if least <= most else None


def _shares(members: Sequence[_Free]) -> list[float] | None:
    """Give every member all it has and the last the rest, raised to its minimum at the cost of those before it."""
    if sum(each.most for each in members) < 1 - _ROUNDING or sum(each.least for each in members) > 1 + _ROUNDING:
        return None
    shares = [each.least for each in members]
    rest = 1.0 - sum(shares)
    for place, each in enumerate(members):
        more = min(rest, each.most - shares[place])
        shares[place] += more
        rest -= more
    return shares if all(share > _ROUNDING for share in shares) else None


def _member(item: ItemFacts, each: _Free, share: float) -> Member:
    one = each.candidate
    return Member(
        one.supplier.id,
        one.supplier.name,
        one.offer.id,
        one.offer.title,
        round(share * item.quantity, 6),
        round(share, 4),
    )


def _none(item: ItemFacts, covered: float, why: str) -> Consortium:
    return Consortium(item.id, item.quantity, item.unit, (), covered, why)
