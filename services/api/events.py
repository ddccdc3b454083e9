"""/v1/events: any events at once, and how far one has come."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request

from graph.cursors import read_cursors
from schemas.topics import BY_NAME, CONSUMED
from services.api import examples as x
from services.api.bodies import read_json
from services.api.deps import Deps
from services.api.incoming import incoming_schema, location_of, read_incoming
from services.api.models import EventStatus
from services.api.openapi import answers, takes_schema
from services.api.problems import FieldsError, ProblemError
from services.api.writing import Accepted, accept_all

router = APIRouter(prefix="/v1/events", tags=["events"])

_AT: Final = re.compile(r"([a-z-]{1,40}):([0-9]{1,9}):([0-9]{1,18})")
EXAMPLES: Final = {"type and data": x.EVENTS, "CloudEvents": x.CLOUD_EVENTS}


@router.post(
    "",
    status_code=202,
    summary="Publish events",
    openapi_extra=takes_schema("Events", incoming_schema(), EXAMPLES),
    responses=answers(413, 415, 422, example=[x.ACCEPTED], status=202),
)
async def publish_events(services: Deps, request: Request) -> list[Accepted]:
    """Publish up to 1000 events of any kind in the order given: all of them, or none when one is not valid.

    Each is `{"type", "data"}` or a CloudEvent, whose id, source and time are kept. Should the log fail in the middle,
    some may be taken; sending the same ids and versions again is safe.
    """
    incoming = read_incoming(await read_json(request))
    drafts = [one.draft for one in incoming]
    locations = [location_of(services.links, draft.data) for draft in drafts]
    return await accept_all(services, drafts, [one.envelope for one in incoming], locations)


@router.get("/{event_id}", summary="How far an event has come", responses=answers(422, example=x.EVENT_STATUS))
async def show_event_status(
    services: Deps,
    event_id: Annotated[str, Path(min_length=1, max_length=200, description="The event's id, as it was answered.")],
    at: Annotated[
        str,
        Query(
            max_length=80, description="Where the log keeps it, as it was answered.", examples=["demand-events:3:17"]
        ),
    ],
) -> EventStatus:
    """`queued`: in the log; `applied`: its content is in the graph; `matched`: its matches are too, and news is on its way.

    This compares the place in the log with how far the graph has come. The graph does not know which records were set
    aside as unreadable (topic `dead-letters`), so such a one counts as matched too; what this API has accepted was
    checked before and is set aside only when the rules of matching fail on it.
    """
    found = _AT.fullmatch(at)
    if found is None or found[1] not in BY_NAME or found[1] not in CONSUMED:
        detail = "This is no place in the log."
        hint = "It is topic:partition:offset, such as demand-events:3:17; take it from the answer to the write."
        raise FieldsError([ProblemError(detail=detail, parameter="at", hint=hint)])
    offset = int(found[3])
    tp = f"{found[1]}:{int(found[2])}"
    cursor = (await read_cursors(services.graph, [tp]))[tp]
    status = "matched" if cursor.matched > offset else "applied" if cursor.applied > offset else "queued"
    return EventStatus(event_id=event_id, at=at, status=status, applied=cursor.applied, matched=cursor.matched)
