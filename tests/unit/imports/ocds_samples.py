"""The sample documents, read in place, and events of documents that tests write."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemas.demands import Demand
from schemas.envelope import Envelope
from services.exports.ocds import Exported
from services.exports.ocds.history import Happened, in_effect
from services.exports.ocds.releases import Told, tell
from services.imports.eforms import add_notice
from services.imports.eforms import options as eforms_options
from services.imports.eforms.xml import parse
from services.imports.ocds import Found, Options, Process, Taken, add_document, events_of, read_documents, settle
from services.imports.prozorro import add_prozorro
from services.imports.prozorro import options as prozorro_options

SHARED = Path(__file__).parents[4] / "shared" / "data"
PREFIX = "ocds-213czf"
OCDS = sorted(file for file in (SHARED / "ocds").rglob("*.json") if file.name != "release-schema.json")
PROZORRO = sorted((SHARED / "prozorro").glob("*.json"))
EFORMS = sorted((SHARED / "eforms").glob("*.xml"))
FILES = [*OCDS, *PROZORRO, *EFORMS]


def processes_of(file: Path) -> tuple[list[Process], Options, Found]:
    """The contracting processes of a sample file."""
    found = Found()
    if file.suffix == ".xml":
        add_notice(found, parse(file.read_bytes()), PREFIX)
        return settle(found), eforms_options(PREFIX), found
    values, _ = read_documents(file.read_bytes())
    if file in PROZORRO:
        for value in values:
            add_prozorro(found, value, PREFIX)
        return settle(found), prozorro_options(PREFIX), found
    for value in values:
        add_document(found, value)
    return settle(found), Options(), found


def every_process() -> Iterator[tuple[str, Process, Options]]:
    """All processes of all samples, with a name for each."""
    for file in FILES:
        processes, options, _ = processes_of(file)
        for process in processes:
            yield f"{file.relative_to(SHARED)} {process.ocid}", process, options


def taken(document: Any, base: dict[str, Any] | None = None, **options: Any) -> Taken:
    """The one process of a document."""
    found = Found()
    add_document(found, json.loads(json.dumps(document)))
    assert found.faults == []
    [process] = settle(found)
    return events_of(process, Options(**options), base)


def kinds(one: Taken) -> list[str]:
    """The kinds of its events, oldest state first."""
    return [event.kind.name for event in sorted(one.events, key=lambda e: (e.data.version, e.kind.name))]


def demand_of(one: Taken) -> Demand:
    """The last content that a process says of its demand."""
    told = [event for event in one.events if hasattr(event.data, "demand")]
    return max(told, key=lambda event: event.data.version).data.demand


def said(one: Taken) -> list[str]:
    """The remarks as sentences."""
    return [note.sentence() for note in one.notes]


def exported(events: list[Envelope], demand_id: str, ocid: str, told: tuple[Told, ...] = ()) -> Exported:
    """The releases of a demand of which these are all events."""
    happened = [Happened(event.id, event.data.version, event.time, event.data) for event in events]
    return tell(demand_id, ocid, in_effect(happened), told)


def release(**more: Any) -> dict[str, Any]:
    """A release of a tender of one item; `tender` and others are laid over it."""
    tender = {
        "id": "t", "title": "Brake blocks", "status": "active", "tenderPeriod": {"endDate": "2027-01-15T12:00:00+03:30"},
        "items": [
            {
                "id": "1", "description": "composite brake block", "quantity": 1000,
                "unit": {"scheme": "UNCEFACT", "id": "H87"}, "classification": {"scheme": "CPV", "id": "34631400"},
            }
        ],
        **more.pop("tender", {}),
    }  # fmt: skip
    return {
        "ocid": "ocds-abc123-1", "id": "r1", "date": "2026-11-20T08:00:00Z", "tag": ["tender"], "initiationType": "tender",
        "buyer": {"id": "rai", "name": "RAI"}, "tender": tender, **more,
    }  # fmt: skip
