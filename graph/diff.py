"""Pure: from what stands and what was told of a pair, and its verdict now, to what has to be written and told."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from graph.driver import Row
from schemas.ids import match_event_id
from schemas.matches import (
    Criterion,
    Finding,
    MatchChanged,
    MatchFound,
    MatchNews,
    MatchWithdrawn,
    Missing,
    Outcome,
    Verdict,
)

OPEN: Final = "open"
WITHDRAWN: Final = "withdrawn"
TOLD_CRITERIA: Final = 100
"""The first so many criteria are told and compared: news must fit a record (at most about 300 kB of text)."""
BY_DATE: Final = {"capacity", "lead_time", "soft"}
"""Criteria whose figures move with the calendar: their wording alone is no news."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was told of a match: how often, whether it stands, and the points it stood on."""

    revision: int = 0
    told: str | None = None
    score: float = 0.0
    points: str = "[]"


@dataclass(frozen=True, slots=True)
class Pairing:
    """One pair under lock: what stands, what was told, and the verdict (None: one of both ends is not open)."""

    match: str
    item: str
    offer: str
    supplier: str
    row: Row
    stands: str | None
    ledger: Ledger
    verdict: Verdict | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What to write for a pair: the relationship it shall have, its ledger row and its news, if any."""

    pairing: Pairing
    becomes: str | None
    ledger: Ledger
    news: MatchNews | None
    event_id: str | None


MATCHES, NEARLY = "MATCHES", "NEARLY_MATCHES"


def points_of(criteria: Sequence[Criterion]) -> str:
    """The points of a verdict as comparable text; figures that move with the calendar are left out."""
    rows = [
        [c.kind, c.name, c.asked, "" if c.kind in BY_DATE else c.offered, c.finding.value]
        for c in criteria[:TOLD_CRITERIA]
        if c.finding is not Finding.NOT_ASKED
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def digest(points: str) -> str:
    """Short stand-in for the points."""
    return hashlib.blake2b(points.encode(), digest_size=10).hexdigest()


def step(pairing: Pairing) -> Step | None:
    """What has to happen to a pair, or None when all is as it should be."""
    verdict = pairing.verdict
    outcome = verdict.outcome if verdict is not None else Outcome.UNLIKE
    if outcome is Outcome.MATCH and verdict is not None:
        return _plan_step(pairing, verdict) if pairing.row["stage"] == "plan" else _match_step(pairing, verdict)
    becomes = NEARLY if outcome is Outcome.NEAR_MISS else None
    if pairing.ledger.told == OPEN:
        return _withdraw(pairing, becomes, Ledger(pairing.ledger.revision + 1, WITHDRAWN, 0.0, "[]"))
    if becomes == NEARLY and verdict is not None:
        same = pairing.stands == NEARLY and pairing.row["missing"] == missing_of(verdict)
        return None if same else Step(pairing, becomes, pairing.ledger, None, None)
    return None if pairing.stands is None else Step(pairing, None, pairing.ledger, None, None)


def _match_step(pairing: Pairing, verdict: Verdict) -> Step | None:
    old, points = pairing.ledger, points_of(verdict.criteria)
    if old.told == OPEN and old.points == points:
        return None if _stands(pairing) else Step(pairing, MATCHES, old, None, None)
    ledger = Ledger(old.revision + 1, OPEN, verdict.score, points)
    news = _found(pairing, ledger, verdict) if old.told != OPEN else _changed(pairing, ledger, verdict)
    return Step(pairing, MATCHES, ledger, news, match_event_id(pairing.match, ledger.revision))


def _plan_step(pairing: Pairing, verdict: Verdict) -> Step | None:
    """A plan is matched without telling; what was told while it was a tender is withdrawn."""
    old, points = pairing.ledger, points_of(verdict.criteria)
    if old.told == OPEN:
        planned = replace(pairing, why="the demand is a plan now, no longer a tender")
        return _withdraw(planned, MATCHES, Ledger(old.revision + 1, WITHDRAWN, verdict.score, points))
    if _stands(pairing) and old.points == points:
        return None
    return Step(pairing, MATCHES, Ledger(old.revision, old.told, verdict.score, points), None, None)


def _stands(pairing: Pairing) -> bool:
    return pairing.stands == MATCHES and pairing.row["stood_for"] == pairing.row["buyer"]


def _withdraw(pairing: Pairing, becomes: str | None, ledger: Ledger) -> Step:
    event_id = match_event_id(pairing.match, ledger.revision)
    return Step(pairing, becomes, ledger, _withdrawn(pairing, ledger), event_id)


def missing_of(verdict: Verdict) -> list[str]:
    """The missing points as `kind` or `kind:name`, for a relationship property."""
    return [point.kind if point.name is None else f"{point.kind}:{point.name}" for point in verdict.missing]


def missing_points(texts: Sequence[str]) -> list[Missing]:
    """The inverse of missing_of."""
    split = (text.partition(":") for text in texts)
    return [Missing(kind=kind, name=name or None) for kind, _, name in split]


def _common(pairing: Pairing, ledger: Ledger) -> dict[str, Any]:
    row = pairing.row
    return {
        "version": ledger.revision,
        "match_id": pairing.match,
        "revision": ledger.revision,
        "demand_id": row["demand"],
        "item_key": pairing.item,
        "offer_id": row["offer_id"],
        "supplier_id": pairing.supplier,
        "buyer": row["buyer_name"] or "?",
        "demand_title": row["demand_title"] or "",
        "item_title": row["item_title"] or "",
        "offer_title": row["offer_title"] or "",
        "quantity": row["quantity"] or 0,
        "unit": row["unit"],
        "needed_by": row["needed_by"],
        "closes": row["closes"],
    }


def _found(pairing: Pairing, ledger: Ledger, verdict: Verdict) -> MatchFound:
    return MatchFound(
        **_common(pairing, ledger),
        score=verdict.score,
        summary=verdict.summary,
        criteria=list(verdict.criteria[:TOLD_CRITERIA]),
    )


def _changed(pairing: Pairing, ledger: Ledger, verdict: Verdict) -> MatchChanged:
    old = pairing.ledger
    change = "strengthened" if verdict.score > old.score else "weakened" if verdict.score < old.score else "changed"
    return MatchChanged(
        **_common(pairing, ledger),
        score=verdict.score,
        summary=verdict.summary,
        criteria=list(verdict.criteria[:TOLD_CRITERIA]),
        change=change,
        changed=what_changed(old.points, ledger.points),
    )


def what_changed(before: str, after: str) -> list[str]:
    """In words, which points differ between two sets of points."""
    old = {(kind, name): (asked, offered, finding) for kind, name, asked, offered, finding in json.loads(before)}
    new = {(kind, name): (asked, offered, finding) for kind, name, asked, offered, finding in json.loads(after)}
    said: list[str] = []
    for point in sorted(old.keys() | new.keys(), key=str):
        was, now = old.get(point), new.get(point)
        label = point[1] or point[0].replace("_", " ")
        if was is None and now is not None:
            said.append(f"{label}: now asked {now[0]}, offered {now[1]}")
        elif now is None and was is not None:
            said.append(f"{label}: no longer asked")
        elif was is not None and now is not None and was != now:
            said.append(f"{label}: asked {was[0]}, offered {was[1]} before; asked {now[0]}, offered {now[1]} now")
    return [text[:500] for text in said]


def _withdrawn(pairing: Pairing, ledger: Ledger) -> MatchWithdrawn:
    verdict = pairing.verdict
    if pairing.why is not None or verdict is None:
        reason = pairing.why or "the demand item or the offer is no longer open"
        return MatchWithdrawn(**_common(pairing, ledger), reason=reason[:500])
    named = ", ".join(missing_of(verdict))
    reason = f"the offer no longer meets: {named}" if named else verdict.summary or "the offer no longer fits"
    return MatchWithdrawn(**_common(pairing, ledger), reason=reason[:500], missing=list(verdict.missing))
