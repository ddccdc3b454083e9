"""Every asked standard, or one of its alternatives, is held by the offer or by its maker, and is valid today."""

from datetime import date

from graph.matching.criteria.base import EXPIRED, MET, SILENT, Findings, Pair, line
from graph.matching.facts import StandardMark
from schemas.matches import Criterion

_SURE, _OTHER_EDITION = 1.0, 0.95


def judge(pair: Pair, out: Findings) -> None:
    """Judge each group of alternatives. A held standard whose validity has passed is told as expired."""
    if not pair.item.standards:
        return
    held = (*pair.offer.standards, *pair.supplier.certificates)
    for group in pair.item.standards:
        out.add(_group(pair, group, held))


def _group(pair: Pair, group: tuple[StandardMark, ...], held: tuple[StandardMark, ...]) -> Criterion:
    asked = " / ".join(mark.shown for mark in group)
    lapsed: StandardMark | None = None
    for wanted in group:
        for mark in held:
            if not pair.knowledge.standards.meets(mark, wanted):
                continue
            if mark.valid_until and mark.valid_until < pair.today:
                lapsed = lapsed or mark
                continue
            other = bool(wanted.year and mark.year and mark.year < wanted.year)
            confidence = _OTHER_EDITION if other else _SURE
            return Criterion(
                kind="standard", name=group[0].shown, asked=line(asked), offered=_told(mark), finding=MET, layer=mark.holder,
                confidence=confidence,
            )  # fmt: skip
    if lapsed:
        return Criterion(
            kind="standard",
            name=group[0].shown,
            asked=line(asked),
            offered=_told(lapsed),
            finding=EXPIRED,
            layer=lapsed.holder,
        )
    return Criterion(kind="standard", name=group[0].shown, asked=line(asked), offered="not stated", finding=SILENT)


def _told(mark: StandardMark) -> str:
    until = f", valid until {date.fromordinal(mark.valid_until).isoformat()}" if mark.valid_until else ""
    return f"{mark.shown}{until}"
