"""/v1/ocds: demands in and out as OCDS 1.1 releases and records."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, Field

from schemas.demands import Demand
from schemas.errors import NotFoundError
from services.access.asked import asked
from services.access.fields import Audience, audience, shown
from services.access.principals import Principal, Role
from services.api import ocds_examples as x
from services.api.access import Caller
from services.api.bodies import Draft, read_json
from services.api.deps import Deps, Services
from services.api.incoming import MOST_EVENTS, location_of
from services.api.models import DemandOut
from services.api.openapi import answers, takes_schema
from services.api.problems import FieldsError, ProblemError
from services.api.writing import SOURCE, Accepted, accept_all
from services.exports.ocds import Exported, compiled, fetch_published, publication_of, record_package, release_package
from services.exports.ocds.extension import file
from services.exports.ocds.packages import root_of
from services.imports.ocds import Found, Note, Options, Process, Taken, add_document, events_of, needs_base, settle

router = APIRouter(prefix="/v1/ocds", tags=["demands"])

OcidPath = Annotated[str, Path(min_length=1, max_length=500, description="The contracting process.", examples=[x.OCID])]
DOCUMENT: Final[dict[str, Any]] = {
    "title": "OcdsDocument",
    "description": "An OCDS 1.1 release, release package or record package. Extensions and other fields may be in it.",
    "type": "object",
    "minProperties": 1,
    "$defs": {},
}
SEEN_TOLD: Final = frozenset({Audience.OWNER, Audience.STAFF})
"""Who sees which suppliers were told: as who sees the matches."""


class OcdsNote(BaseModel):
    """Something of the document that was not taken as it stands."""

    ocid: str | None = Field(default=None, description="The contracting process.")
    level: Literal["error", "warning"]
    release: str | None = Field(default=None, description="Id of the release.")
    path: str = Field(description="JSON path within the release.")
    detail: str


class OcdsAccepted(BaseModel):
    """What a document became: its events in the log, and what was remarked on it."""

    events: list[Accepted]
    notes: list[OcdsNote]


@router.post(
    "/releases",
    status_code=202,
    summary="Publish demands by OCDS",
    openapi_extra=takes_schema("OcdsDocument", DOCUMENT, {"a tender": x.RELEASES}),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def publish_releases(services: Deps, request: Request) -> OcdsAccepted:
    """Publish, amend, cancel and award demands by an OCDS release, release package or record package: all, or nothing.

    Releases of one ocid are merged by the standard's rules; each becomes the events of what it changed. Ids and versions
    follow from the releases, so sending a document again changes nothing. A release that only amends is merged with what
    is here of its ocid. What is not read is kept with the demand and shown in `notes`.
    """
    document = await read_json(request)
    found = Found()
    add_document(found, document)
    processes = settle(found)
    _readable(found, processes)
    settings = services.settings
    options = Options(prefix=settings.ocds_prefix, source=asked().principal.source or SOURCE)
    bases = await _bases(services, processes)
    taken = await asyncio.to_thread(_taken, processes, options, bases)
    _refuse(processes, taken)
    events = [event for one in taken for event in one.events]
    if len(events) > MOST_EVENTS:
        detail = f"The releases make {len(events)} events; at most {MOST_EVENTS} are taken at once."
        raise FieldsError([ProblemError(detail=detail, pointer="#", hint="Send them in parts.")])
    drafts = [Draft(event.data, numbered=True) for event in events]
    locations = [location_of(services.links, event.data) for event in events]
    accepted = await accept_all(services, drafts, events, locations) if events else []
    return OcdsAccepted(events=accepted, notes=[_note(one.ocid, note) for one in taken for note in one.notes])


@router.get(
    "/releases/{ocid}",
    summary="A demand as OCDS releases",
    responses=answers(404, 422, example=x.RELEASE_PACKAGE),
)
async def show_releases(services: Deps, ocid: OcidPath, me: Caller) -> dict[str, Any]:
    """The release package of a contracting process: its publication, amendments, cancellation, awards, oldest first.

    Merged by the standard's rules they give its present state. Whoever may see the demand's matches sees suppliers that
    were told of it too, as parties with the role `notifiedPotentialSupplier`.
    """
    return release_package(await _exported(services, ocid, me), publication_of(services.settings))


@router.get(
    "/records/{ocid}",
    summary="A demand as an OCDS record",
    responses=answers(404, 422, example=x.RECORD_PACKAGE),
)
async def show_record(services: Deps, ocid: OcidPath, me: Caller) -> dict[str, Any]:
    """The record package of a contracting process: its releases, what they merge into, and every value there was."""
    return record_package(await _exported(services, ocid, me), publication_of(services.settings))


@router.get(
    "/extension/{name:path}",
    summary="Our extension of OCDS",
    response_class=JSONResponse,
    responses=answers(422, example=x.EXTENSION)
    | {200: {"content": {"application/json": {"example": x.EXTENSION}, "text/csv": {}}}},
)
async def show_extension(
    services: Deps,
    name: Annotated[Literal["extension.json", "release-schema.json", "codelists/+partyRole.csv"], Path()],
) -> Response:
    """A file of the extension that our packages declare: its description, schema or code list."""
    found = file(name, f"{root_of(services.settings)}/docs")
    if isinstance(found, str):
        return PlainTextResponse(found, media_type="text/csv; charset=utf-8")
    return JSONResponse(found)


async def _bases(services: Services, processes: Iterable[Process]) -> dict[str, Mapping[str, Any]]:
    """What the graph has of processes of which the document only tells a change, as compiled releases."""
    found: dict[str, Mapping[str, Any]] = {}
    for process in processes:
        if needs_base(process):
            known = await fetch_published(services.graph, process.ocid, services.settings.ocds_prefix)
            if known is not None:
                found[process.ocid] = compiled(known.exported(told=False).releases)
    return found


def _taken(processes: Iterable[Process], options: Options, bases: Mapping[str, Mapping[str, Any]]) -> list[Taken]:
    return [events_of(process, options, bases.get(process.ocid)) for process in processes]


def _readable(found: Found, processes: list[Process]) -> None:
    errors = [ProblemError(detail=f"{_sentence(detail)}", pointer=f"#{pointer}") for pointer, detail in found.faults]
    if not errors and not processes:
        errors = [ProblemError(detail="There is no release in it.", pointer="#", hint="Send a release or a package.")]
    if errors:
        raise FieldsError(errors, hint="Nothing of it was taken.")


def _refuse(processes: list[Process], taken: list[Taken]) -> None:
    """Refuse the whole document for any error in it; each points at its release."""
    errors: list[ProblemError] = []
    for process, one in zip(processes, taken, strict=True):
        places = {release.id: release.pointer for release in process.releases}
        errors += [
            ProblemError(detail=_sentence(note.sentence()), pointer=f"#{places.get(note.release or '', '')}")
            for note in one.notes
            if note.level == "error"
        ]
    if errors:
        raise FieldsError(errors, hint="Nothing of it was taken.")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _note(ocid: str, note: Note) -> OcdsNote:
    return OcdsNote(ocid=ocid, level=note.level, release=note.release, path=note.path, detail=note.detail)


async def _exported(services: Services, ocid: str, me: Principal) -> Exported:
    """The releases of a process, as the one who asks may see the demand."""
    process = await fetch_published(services.graph, ocid, services.settings.ocds_prefix)
    if process is None:
        msg = f"There is no contracting process {ocid!r}."
        raise NotFoundError(msg, hint="If it was sent a moment ago, its status link says how far it is.")
    who = audience(me, Role.AGENCY, process.present.buyer.id)
    return process.exported(lambda demand: _seen(demand, who), told=who in SEEN_TOLD)


def _seen(demand: Demand, who: Audience) -> Demand:
    """The demand without what others than this audience may see of it."""
    whole = DemandOut(
        id=demand.id, version=1, event="", demand=demand, cancelled=False, cancelled_why=None, items=[], awards=[]
    )
    return shown(whole, who).demand
