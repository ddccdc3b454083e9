"""What the service says of a demand item and an offer: the verdict in words and data, and the match events."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Day, Id, Line, Model, Name, Text, Version

ItemKey = Annotated[str, Field(min_length=3, max_length=401, pattern="^[^~]+~[^~]+$")]


class Outcome(StrEnum):
    """The verdict on a pair. Only `match` is told as capable, only `near_miss` as nearly so."""

    MATCH = "match"
    NEAR_MISS = "near_miss"
    RELATED = "related"
    UNLIKE = "unlike"


class Finding(StrEnum):
    """How one criterion came out. `silent`: the offer says nothing, which is not met but is not a no."""

    MET = "met"
    NOT_MET = "not_met"
    SILENT = "silent"
    EXPIRED = "expired"
    NOT_ASKED = "not_asked"


class Criterion(Model):
    """One point of a verdict: what was asked, what was offered, how it came out and by which layer."""

    kind: Literal[
        "thing", "standard", "attribute", "capacity", "lead_time", "min_order", "local_content", "unit_state",
        "part_number", "maker", "state", "place", "soft",
    ]  # fmt: skip
    name: Line | None = None
    asked: Line
    offered: Line
    finding: Finding
    layer: Line = "field"
    confidence: float = 1.0
    evidence: Line | None = None


class Missing(Model):
    """A point that stands between an offer and a match."""

    kind: Line
    name: Line | None = None


class Verdict(Model):
    """One pair decided. `missing` names the hard points of a near miss; score ranks matches, 0 to 1."""

    outcome: Outcome
    score: float = 0.0
    missing: tuple[Missing, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    summary: Line = ""


class MatchNews(Model):
    """Shared body of the match events. `revision` counts what was told of this match, from 1."""

    version: Version = 1
    match_id: Id
    revision: int = Field(ge=1)
    demand_id: Id
    item_key: ItemKey
    offer_id: Id
    supplier_id: Id
    buyer: Name
    demand_title: Text
    item_title: Text
    offer_title: Text
    quantity: float
    unit: Line | None = None
    needed_by: Day | None = None
    closes: Day | None = None
    rules: Line | None = Field(None, description="Version of the rules of matching that it was decided by.")


class MatchFound(MatchNews):
    """An offer fits an open demand item (again, if it had been withdrawn)."""

    score: float
    summary: Line = ""
    criteria: list[Criterion] = Field(default_factory=list[Criterion])


class MatchChanged(MatchFound):
    """A told match stands, but something of it changed."""

    change: Literal["strengthened", "weakened", "changed"]
    changed: list[Line] = Field(default_factory=list[str])


class MatchWithdrawn(MatchNews):
    """A told match no longer stands, and why."""

    reason: Line
    missing: list[Missing] = Field(default_factory=list[Missing])
