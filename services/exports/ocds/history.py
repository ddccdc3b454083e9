"""A demand's events in the order in which they took effect, with times that grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from pydantic import ValidationError

from schemas.base import Model
from schemas.demands import Demand, DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.events import BY_NAME

STEP: Final = timedelta(milliseconds=1)
BEGINNING: Final = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
"""For events that say no time and follow none: a release must have a date."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a demand. `at` is later than that of the one before it."""

    event: str
    version: int
    at: datetime
    data: Model


def history_of(row: dict[str, Any]) -> list[Happened]:
    """The events of a row of graph.reads.ocds.demand_history; of a graph from before it kept them, the present record."""
    told = [found for each in row["revisions"] if (found := _told(each)) is not None]
    if not any(isinstance(one.data, (DemandPublished, DemandAmended)) for one in told) and row["body"] is not None:
        demand = Demand.model_validate_json(row["body"])
        told.append(
            Happened(
                row["event"], row["version"], _of_day(demand), DemandPublished(version=row["version"], demand=demand)
            )
        )
    return in_effect(told)


def in_effect(told: Sequence[Happened]) -> list[Happened]:
    """The events by time, without those that a higher version of the same facet had overtaken, at times that grow."""
    kept: list[Happened] = []
    newest: dict[str, tuple[int, str]] = {}
    last = BEGINNING - STEP
    for one in sorted(told, key=lambda each: (each.at, each.version, each.event)):
        rank = (one.version, one.event)
        facets = [name for name in _facets(one.data) if rank > newest.get(name, (0, ""))]
        if not facets:
            continue
        newest |= dict.fromkeys(facets, rank)
        last = max(one.at, last + STEP)
        data = one.data
        if isinstance(data, DemandPublished) and facets == [
            "content"
        ]:  # it came late: the demand had been cancelled since
            data = DemandAmended(version=data.version, demand=data.demand)
        elif isinstance(data, DemandPublished) and facets == ["standing"]:
            continue
        kept.append(Happened(one.event, one.version, last, data))
    return kept


def _facets(data: Model) -> list[str]:
    match data:
        case DemandPublished():
            return ["content", "standing"]
        case DemandAmended():
            return ["content"]
        case DemandCancelled():
            return ["standing"]
        case DemandAwarded():
            return [f"award {data.award_id}"]
        case _:
            return []


def _told(row: dict[str, Any]) -> Happened | None:
    """One stored event; None when a tighter contract of this release no longer takes it."""
    kind = BY_NAME.get(row["kind"])
    try:
        data = kind.model.model_validate_json(row["body"]) if kind is not None else None
    except ValidationError:
        return None
    if data is None:
        return None
    demand = data.demand if isinstance(data, (DemandPublished, DemandAmended)) else None
    at = datetime.fromisoformat(row["at"]) if row["at"] else _of_day(demand)
    return Happened(row["event"], row["version"], max(at, BEGINNING), data)


def _of_day(demand: Demand | None) -> datetime:
    """Midnight of a demand's publication, for want of an event's own time."""
    if demand is None or demand.published is None:
        return BEGINNING
    return datetime.combine(demand.published, time(), UTC)
