"""Documents as releases, sorted by contracting process and date: packages, records, compiled and versioned releases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from services.imports.ocds.node import clean, id_text, kind, moment, shown
from services.imports.ocds.notes import Note
from services.imports.ocds.versioned import is_versioned, unversioned

Fields = dict[str, Any]
COMPILED: Final = "compiled"


@dataclass(frozen=True, slots=True)
class Release:
    """One release as it was published. `whole`: it is a compiled one, so it says everything, not what changed."""

    ocid: str
    id: str
    at: datetime
    tags: tuple[str, ...]
    fields: Fields
    pointer: str
    publisher: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it stands for all releases before it."""
        return COMPILED in self.tags


@dataclass(slots=True)
class Process:
    """The releases of one ocid in the order of their dates."""

    ocid: str
    releases: list[Release] = field(default_factory=list[Release])
    notes: list[Note] = field(default_factory=list[Note])


@dataclass(slots=True)
class Found:
    """What some documents hold: processes by ocid, and what is no release, with its place."""

    processes: dict[str, Process] = field(default_factory=dict[str, Process])
    faults: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def fault(self, pointer: str, detail: str) -> None:
        """Something that could not be read at all."""
        self.faults.append((pointer, detail))


@dataclass(frozen=True, slots=True)
class _Around:
    """What a package or record says for its releases."""

    ocid: str | None = None
    date: str | None = None
    publisher: str | None = None


def add_document(found: Found, value: Any, pointer: str = "") -> None:
    """Sort one parsed JSON value into `found`."""
    for release in _releases(found, value, pointer, _Around()):
        process = found.processes.setdefault(release.ocid, Process(release.ocid))
        process.releases.append(release)


def settle(found: Found) -> list[Process]:
    """Every process with its releases in order, each once."""
    for process in found.processes.values():
        _settle(process)
    return list(found.processes.values())


def _settle(process: Process) -> None:
    kept: dict[tuple[str, datetime], Release] = {}
    for release in process.releases:
        key = (release.id, release.at)
        before = kept.setdefault(key, release)
        if before is release or before.fields == release.fields:
            continue
        if before.whole != release.whole:
            kept[key] = before if release.whole else release
            continue
        detail = "it stands here twice with different content; the first one was taken"
        process.notes.append(Note("warning", detail, "", release.id))
    releases = sorted(kept.values(), key=lambda one: one.at)
    parts = [one for one in releases if not one.whole]
    if parts:
        last = parts[-1].at
        releases = [one for one in releases if not one.whole or one.at > last]
    process.releases = releases


def _releases(found: Found, value: Any, pointer: str, around: _Around) -> Iterator[Release]:
    if isinstance(value, list):
        for number, each in enumerate(cast("list[Any]", value)):
            yield from _releases(found, each, f"{pointer}/{number}", around)
        return
    if not isinstance(value, dict):
        found.fault(
            pointer, f"a release or package is an object, but this is {kind(value) if value is not None else 'null'}"
        )
        return
    fields = cast("Fields", value)
    inside = _inside(fields, around)
    if "ocid" not in fields and ("releases" in fields or "records" in fields):
        for name in ("releases", "records"):
            if fields.get(name) is not None:
                yield from _releases(found, _listed(fields[name]), f"{pointer}/{name}", inside)
        return
    if any(name in fields for name in ("releases", "compiledRelease", "versionedRelease")):
        yield from _record(found, fields, pointer, inside)
        return
    if is_versioned(fields):
        for part in unversioned(fields):
            yield from _one(found, part, pointer, inside)
        return
    yield from _one(found, fields, pointer, inside)


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _inside(fields: Fields, around: _Around) -> _Around:
    publisher = fields.get("publisher")
    name = cast("Fields", publisher).get("name") if isinstance(publisher, dict) else None
    date = fields.get("publishedDate")
    return _Around(
        ocid=id_text(fields.get("ocid")) or around.ocid,
        date=date if isinstance(date, str) else around.date,
        publisher=clean(name) if isinstance(name, str) and name.strip() else around.publisher,
    )


def _record(found: Found, fields: Fields, pointer: str, around: _Around) -> Iterator[Release]:
    """Its releases where they are embedded; where they are only linked, the compiled or versioned one."""
    listed: Any = fields.get("releases")
    embedded: list[tuple[int, Any]] = []
    if isinstance(listed, list):
        embedded = [(n, each) for n, each in enumerate(cast("list[Any]", listed)) if not _is_link(each)]
    for number, each in embedded:
        yield from _releases(found, each, f"{pointer}/releases/{number}", around)
    compiled = fields.get("compiledRelease")
    if isinstance(compiled, dict):
        tagged = {**cast("Fields", compiled), "tag": [COMPILED]}
        yield from _one(found, tagged, f"{pointer}/compiledRelease", around)
    elif not embedded and isinstance(fields.get("versionedRelease"), dict):
        for part in unversioned(cast("Fields", fields["versionedRelease"])):
            yield from _one(found, part, f"{pointer}/versionedRelease", around)
    elif not embedded:
        found.fault(pointer, f"record {around.ocid or 'without ocid'} has neither releases nor a compiled release")


def _is_link(value: Any) -> bool:
    return isinstance(value, dict) and "url" in value and "ocid" not in value and "tender" not in value


def _one(found: Found, fields: Fields, pointer: str, around: _Around) -> Iterator[Release]:
    ocid = id_text(fields.get("ocid")) or around.ocid
    name = id_text(fields.get("id"))
    called = f"release {name}" if name else "this release"
    if ocid is None:
        found.fault(pointer, f"{called} has no ocid, so nothing says which contracting process it is of")
        return
    date = fields.get("date")
    said = date if date is not None else around.date
    at = moment(said) if isinstance(said, str) else None
    if at is None:
        why = "has no date" if said is None else f"has date {shown(said)}, which is none such as 2027-01-31T12:00:00Z"
        found.fault(pointer, f"{called} of {ocid} {why}, so nothing says where it stands among the others")
        return
    if at.timestamp() <= 0:
        found.fault(pointer, f"{called} of {ocid} has date {shown(said)}; dates before 1970 are not taken")
        return
    yield Release(ocid, name or f"{ocid}-{said}", at, _tags(fields.get("tag")), fields, pointer, around.publisher)


def _tags(value: Any) -> tuple[str, ...]:
    rows: Sequence[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
    return tuple(each for each in rows if isinstance(each, str))
