"""A demand's events told as releases: each says what it changed, and merging all of them gives the present state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from schemas.base import Model
from schemas.demands import CancelReason, Demand, DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.ids import derived
from schemas.suppliers import Supplier
from services.exports.ocds.history import STEP, Happened
from services.exports.ocds.retract import retracting
from services.exports.ocds.state import State, sections
from services.exports.ocds.values import Fields, stamp
from services.imports.ocds.rules import RULES

OPEN_ENDED: Final = frozenset({"plan", "market_engagement"})
CLOSED: Final[Mapping[CancelReason, str]] = {CancelReason.NO_OFFERS: "unsuccessful"}
_WHOLE: Final = ("tender", "buyer")
_LISTED: Final = ("parties", "awards", "relatedProcesses", "contracts")


@dataclass(frozen=True, slots=True)
class Told:
    """Suppliers that were told of the demand at about the same time."""

    at: datetime
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A demand as a contracting process: its ocid and releases, oldest first."""

    ocid: str
    demand_id: str
    releases: tuple[Fields, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """One release to be made: when, under which id, with which tags."""

    at: datetime
    name: str
    tags: list[str]
    language: str | None = None


class _Telling:
    """Makes releases of states, one after another."""

    def __init__(self, ocid: str, ocids: Mapping[str, str], suppliers: Mapping[str, Supplier]) -> None:
        self.ocid = ocid
        self.state = State()
        self.releases: list[Fields] = []
        self._ocids = ocids
        self._suppliers = suppliers
        self._said: Fields = {}
        self._names: set[str] = set()

    def tell(self, one: Happened) -> None:
        """Tell one event."""
        before = self.state.demand
        match one.data:
            case DemandPublished():
                opened = self.state.status is not None
                self.state.demand, self.state.status, self.state.details = one.data.demand, None, None
                self._content(one, before, reason=None, opened=opened)
            case DemandAmended():
                self.state.demand = one.data.demand
                self._content(one, before, reason=one.data.reason, opened=False)
            case DemandCancelled():
                note = one.data.note
                self.state.status = CLOSED.get(one.data.reason, "cancelled")
                self.state.details = f"{one.data.reason.value}: {note}" if note else one.data.reason.value
                self._release(_Step(one.at, one.event, ["tenderCancellation"]))
            case DemandAwarded():
                known = one.data.award_id in self.state.awards
                self.state.awards[one.data.award_id] = one.data
                tag = "awardCancellation" if one.data.cancelled else "awardUpdate" if known else "award"
                self._release(_Step(one.at, one.event, [tag]))
            case _:
                pass

    def told(self, told: Told) -> None:
        """Tell who was told of the demand."""
        fresh = [name for name in told.suppliers if name not in self.state.told]
        if fresh:
            self.state.told += fresh
            name = derived("ocds-told", self.ocid, *sorted(fresh))
            self._release(_Step(told.at, name, ["tenderUpdate"]))

    def _content(self, one: Happened, before: Demand | None, *, reason: str | None, opened: bool) -> None:
        demand = self.state.demand
        if demand is None:
            return
        planned, was = demand.stage in OPEN_ENDED, before is not None and before.stage in OPEN_ENDED
        name = self._name(demand, one)
        if before is None or (was and not planned):
            tags = ["planning" if planned else "tender"]
        elif planned:
            tags = ["planningUpdate"]
        else:
            again = opened or isinstance(one.data, DemandPublished) or _same(before, demand)
            tags = ["tenderUpdate" if again else "tenderAmendment"]
        if tags == ["tenderAmendment"] and name not in _amended(demand):
            amendment: Fields = {"id": name, "date": stamp(one.at), "releaseID": name}
            if reason is not None:
                amendment["rationale"] = reason
            if self.releases:
                amendment["amendsReleaseID"] = self.releases[-1]["id"]
            self.state.amendments.append(amendment)
        language = demand.original.rest.get("language") if demand.original is not None else None
        self._release(_Step(one.at, name, tags, language if isinstance(language, str) else None))

    def _name(self, demand: Demand, one: Happened) -> str:
        """The id of the release that a content was read from, else that of the event."""
        said = demand.original.id if demand.original is not None else None
        name = (said or one.event).replace("#", "-")
        return name if name not in self._names else f"{name}-{one.event}".replace("#", "-")

    def _release(self, step: _Step) -> None:
        now = sections(self.state, self._ocids, self._suppliers)
        name = step.name.replace("#", "-")
        self._names.add(name)
        self.releases.append(
            {
                "ocid": self.ocid,
                "id": name,
                "date": stamp(step.at),
                "tag": step.tags,
                "initiationType": "tender",
                **_changed(self._said, now, whole="tenderCancellation" not in step.tags),
            }
        )
        self._said = now


def tell(
    demand_id: str,
    ocid: str,
    history: Sequence[Happened],
    told: Iterable[Told] = (),
    ocids: Mapping[str, str] | None = None,
    suppliers: Mapping[str, Supplier] | None = None,
) -> Exported:
    """The releases of a demand: of its events, and of those that were told of it."""
    telling = _Telling(ocid, ocids or {}, suppliers or {})
    waiting = sorted(told, key=lambda one: one.at)
    last: datetime | None = None
    for one in history:
        while waiting and waiting[0].at < one.at and telling.state.demand is not None:
            first = waiting.pop(0)
            last = max(first.at, last + STEP) if last is not None else first.at
            telling.told(Told(last, first.suppliers))
        at = max(one.at, last + STEP) if last is not None else one.at
        telling.tell(Happened(one.event, one.version, at, one.data))
        last = at
    for one in waiting if telling.state.demand is not None else ():
        last = max(one.at, last + STEP) if last is not None else one.at
        telling.told(Told(last, one.suppliers))
    return Exported(ocid, demand_id, tuple(telling.releases))


def _same(before: Demand, demand: Demand) -> bool:
    """Whether only the rest of the original differs."""
    return before.model_copy(update={"original": None}) == demand.model_copy(update={"original": None})


def _amended(demand: Demand) -> list[str]:
    """The releases that the original document itself gives amendments for."""
    rest = demand.original.rest if demand.original is not None else {}
    tender = rest.get("tender")
    rows = tender.get("amendments") if isinstance(tender, dict) else None
    listed = rows if isinstance(rows, list) else []
    return [str(each.get("releaseID")) for each in listed if isinstance(each, dict)]


def _changed(before: Fields, now: Fields, *, whole: bool) -> Fields:
    """The sections that a change touches, each so that merging it gives `now`.

    Of the tender everything is said again, or, where it ended, only what changed; of lists only the elements that changed.
    """
    found: Fields = {}
    for name in dict.fromkeys((*now, *before)):
        old, new = before.get(name), now.get(name)
        if old == new:
            continue
        said: Any = retracting({name: old} if old is not None else {}, {name: new} if new is not None else {})[name]
        if isinstance(said, list) and name in _LISTED:
            known: list[Any] = old if isinstance(old, list) else []
            said = [each for each in said if each not in known]
        elif isinstance(said, dict) and isinstance(old, dict):
            fields, former = cast("Fields", said), cast("Fields", old)
            said = {
                key: value
                for key, value in fields.items()
                if key == "id" or former.get(key) != value or (whole and not _heaps(value, (name, key)))
            }
        found[name] = said
    return found


def _heaps(value: Any, path: tuple[str, ...]) -> bool:
    """Whether saying a value again would double it: merging appends objects that have no id."""
    if isinstance(value, dict):
        return any(_heaps(each, (*path, name)) for name, each in cast("Fields", value).items())
    if not isinstance(value, list) or RULES.get(path) is not None:
        return False
    rows = cast("list[Any]", value)
    if not all(isinstance(each, dict) for each in rows):
        return False
    return any("id" not in each or _heaps(each, path) for each in cast("list[Fields]", rows))


def names_of(history: Iterable[Happened]) -> list[str]:
    """The suppliers that awards name."""
    found: list[Model] = [one.data for one in history]
    return sorted({data.supplier_id for data in found if isinstance(data, DemandAwarded)})
