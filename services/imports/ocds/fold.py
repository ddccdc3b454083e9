"""A contracting process as events: its releases merged one after another, and what each of them changed.

Ids and versions are derived: an event's id of ocid, release and what it says, its version of the release's date in
milliseconds. So the same file imported again says the same, and of several files the later release stands.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from ocdsmerge import CompiledRelease
from ocdsmerge.exceptions import OCDSMergeError

from schemas.base import Model
from schemas.demands import CancelReason, Demand, DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.envelope import Envelope, wrap
from schemas.ids import derived
from services.imports.ocds.awards import awards_of
from services.imports.ocds.ids import demand_id
from services.imports.ocds.mending import mended
from services.imports.ocds.node import Node
from services.imports.ocds.notes import Note, Notes
from services.imports.ocds.processes import Process, Release
from services.imports.ocds.tender import FORMAT, Context, demand_of, wants_something

SOURCE: Final = "urn:peyvand:import:ocds"
PREFIX: Final = "ocds-213czf"
"""The example prefix of the standard; a publisher registers its own."""
CLOSED: Final[Mapping[str, CancelReason]] = {
    "cancelled": CancelReason.OTHER,
    "withdrawn": CancelReason.OTHER,
    "unsuccessful": CancelReason.NO_OFFERS,
    "complete": CancelReason.OTHER,
}
MOST_RELEASES: Final = 2000
AWARD_CHANGES: Final = frozenset({"awardUpdate", "awardCancellation"})
CANCELLATION: Final = "tenderCancellation"
PLANNING: Final = frozenset({"planning", "planningUpdate"})
BEGINNINGS: Final = frozenset({"planning", "tender", "compiled"})
"""Tags of releases that stand for themselves; others say what changed of earlier ones."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A process as events, in the order in which they are to be published, and the remarks on it."""

    ocid: str
    demand_id: str
    events: tuple[Envelope, ...]
    notes: tuple[Note, ...]

    @property
    def refused(self) -> bool:
        """Whether nothing of it was taken."""
        return any(note.level == "error" for note in self.notes)


@dataclass(frozen=True, slots=True)
class Options:
    """The OCID prefix of this service, and what its documents are called."""

    prefix: str = PREFIX
    format: str = FORMAT
    source: str = SOURCE
    strict: bool = True
    """Remark on fields that no standard known here has."""


@dataclass(frozen=True, slots=True)
class _Closed:
    """Why a tender no longer stands; `complete` where its status says so, which awards explain better."""

    reason: CancelReason
    note: str | None
    complete: bool = field(default=False, compare=False)


@dataclass(slots=True)
class _State:
    """What is known after some releases."""

    demand: Demand | None = None
    closed: _Closed | None = None
    awards: dict[str, DemandAwarded] = field(default_factory=dict[str, DemandAwarded])
    amendments: int = 0
    first: date | None = None
    tendered: bool = False


class _Fold:
    """Merges the releases of one process and collects its events."""

    def __init__(self, process: Process, options: Options, notes: Notes) -> None:
        self.process = process
        self.options = options
        self.notes = notes
        self.demand_id = demand_id(process.ocid, options.prefix)
        self.state = _State()
        self.events: list[tuple[int, int, Envelope]] = []
        self._last = 0
        self._merged: CompiledRelease | None = None

    def begin(self, base: Mapping[str, Any]) -> None:
        """Start from what the service knows of the process already, saying nothing of it."""
        release = Release(self.process.ocid, "base", datetime.fromtimestamp(1, UTC), ("compiled",), dict(base), "")
        quiet, self.notes = self.notes, Notes()
        self._step(release, tell=False)
        self.notes = quiet

    def add(self, release: Release) -> None:
        """Merge a release, and tell what it changed."""
        self.notes.release = release.id
        self._step(release, tell=True)

    def _step(self, release: Release, *, tell: bool) -> None:
        merged = self._merge(release)
        if merged is None:
            return
        node = Node(merged, "", self.notes)
        closed = self._closed(release, node)
        before, now = self.state, _State(first=self.state.first, tendered=self.state.tendered)
        now.tendered = before.tendered or not (PLANNING & set(release.tags)) or release.whole
        if before.first is None or (now.tendered and not before.tendered):
            now.first = release.at.date()
        amendments = node.child("tender")
        now.amendments = len(amendments.children("amendments")) if amendments is not None else 0
        reason = _amended(amendments)
        awards = awards_of(node, self.demand_id, before.demand)
        context = Context(
            self.demand_id, self.process.ocid, release.id, now.first or release.at.date(), planned=not now.tendered,
            publisher=release.publisher, format=self.options.format, strict=self.options.strict,
            prefix=self.options.prefix,
        )  # fmt: skip
        wanted = wants_something(node)
        now.demand = demand_of(node, context) if wanted else before.demand
        now.closed = closed if now.demand is not None else None
        now.awards = {award.award_id: award for award in awards}
        if now.closed is not None and now.closed.complete and any(not one.cancelled for one in awards):
            now.closed = before.closed  # the awards close its items; what was closed stays so
        self.state = now
        if tell and not self.notes.errors:
            self._tell(release, before, now, reason)

    def _merge(self, release: Release) -> dict[str, Any] | None:
        fields, rules = mended(release.fields, self.notes)
        fields |= {"ocid": release.ocid, "id": release.id, "date": release.at.isoformat()}
        try:
            if self._merged is None or release.whole:
                self._merged = CompiledRelease(merge_rules=rules)
            self._merged.merge_rules = {**self._merged.merge_rules, **rules}
            self._merged.append(fields)
            return copy.deepcopy(self._merged.asdict())
        except (OCDSMergeError, TypeError, AttributeError, KeyError, ValueError) as error:
            self.notes.refuse("", f"it cannot be merged with the releases before it: {error}")
            return None

    def _closed(self, release: Release, node: Node) -> _Closed | None:
        """Why the tender no longer stands, with what is said of it; None where it stands."""
        tender = node.child("tender")
        if tender is None:
            return None
        status = tender.peek("status") or ""
        final = tender.peek("finalStatus") or ""
        why = status if status in CLOSED else final if final in CLOSED else None
        if why is None and CANCELLATION in release.tags and not status:
            why = "cancelled"
        if why is None:
            return None
        said = tender.peek("statusDetails") or tender.peek("finalStatusDetails") or _amended(tender)
        tender.drop("statusDetails", "finalStatus", "finalStatusDetails", "finalStatusDate")
        reason, _, note = (said or "").partition(": ")
        if reason in {each.value for each in CancelReason}:
            return _Closed(CancelReason(reason), note or None)
        if why == "complete":
            return _Closed(CLOSED[why], _COMPLETE, complete=True)
        return _Closed(CLOSED[why], said)

    def _tell(self, release: Release, before: _State, now: _State, reason: str | None) -> None:
        version = max(int(release.at.timestamp() * 1000), self._last + 2)
        self._last = version
        for award_id, award in now.awards.items():
            earlier = before.awards.get(award_id)
            if award.cancelled and (earlier is None or earlier.cancelled) and not AWARD_CHANGES & set(release.tags):
                continue  # it never took effect
            if earlier != award:
                data = award.model_copy(update={"version": version})
                self._add(release, data, 0, f"award {award_id}")
        if now.demand is None:
            return
        opened = before.demand is None or (before.closed is not None and now.closed is None)
        if opened:
            self._add(release, DemandPublished(version=version, demand=now.demand), 2, "published")
        elif _said(now.demand) != _said(before.demand):
            why = reason[:500] if reason and now.amendments > before.amendments else None
            self._add(release, DemandAmended(version=version, demand=now.demand, reason=why), 2, "amended")
        if now.closed is not None and before.closed != now.closed:
            data = DemandCancelled(
                version=version + 1, demand_id=now.demand.id, reason=now.closed.reason, note=now.closed.note
            )
            self._add(release, data, 1, "cancelled")

    def _add(self, release: Release, data: Model, rank: int, what: str) -> None:
        event_id = derived("ocds", release.ocid, release.id, release.at.isoformat(), what)
        event = wrap(data, source=self.options.source, event_id=event_id, time=release.at)
        self.events.append((rank, -int(data.version), event))  # type: ignore[attr-defined] - every event's data has one

    def ordered(self) -> list[Envelope]:
        """Awards and cancellations first, then contents from the newest: so no state that has passed is told to anybody."""
        return [event for _, _, event in sorted(self.events, key=lambda one: one[:2])]


_COMPLETE: Final = "the tender is complete, and no award of it is published"


def events_of(process: Process, options: Options | None = None, base: Mapping[str, Any] | None = None) -> Taken:
    """The events of one process. `base` is its compiled release as the service has it, for releases that only amend."""
    options = options or Options()
    notes = Notes()
    if not process.ocid.lower().startswith("ocds-"):
        notes.warn("ocid", f"{process.ocid!r} begins with no OCID prefix such as {options.prefix}")
    fold = _Fold(process, options, notes)
    if base is not None:
        fold.begin(base)
    elif needs_base(process):
        notes.warn("tag", "it begins with a release that changes an earlier one, which is not here")
    if len(process.releases) > MOST_RELEASES:
        notes.refuse(
            "", f"it has {len(process.releases)} releases; at most {MOST_RELEASES} are merged: compile them first"
        )
    for release in process.releases:
        if notes.errors:
            break  # what follows would only repeat it
        fold.add(release)
    notes.release = None
    if not notes.errors and fold.state.demand is None and not fold.events:
        notes.warn("tender", "nothing is wanted here: it has no tender with a title or items; no demand was made")
    events = () if notes.errors else tuple(fold.ordered())
    return Taken(process.ocid, fold.demand_id, events, (*process.notes, *notes.all()))


def needs_base(process: Process) -> bool:
    """Whether its first release only says what changed."""
    return bool(process.releases) and not BEGINNINGS & set(process.releases[0].tags)


def _amended(tender: Node | None) -> str | None:
    """What the last amendment gives as its reason."""
    rows: Iterable[Node] = tender.children("amendments") if tender is not None else ()
    said = [one.peek("rationale") or one.peek("description") for one in rows]
    return next((text for text in reversed(said) if text is not None), None)


def _said(demand: Demand | None) -> str:
    """What a demand says, whichever release it was read from."""
    if demand is None:
        return ""
    original = demand.original.model_copy(update={"id": None}) if demand.original is not None else None
    return demand.model_copy(update={"original": original}).model_dump_json()
