"""From event data to the log, and the answer: accepted, under this id, to be seen here."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from fastapi import Response
from pydantic import BaseModel, Field

from graph.access.edits import take_version
from graph.reads.versions import DEMANDS, OFFERS, SUPPLIERS
from schemas.base import Model
from schemas.envelope import Envelope, wrap
from schemas.errors import PreconditionError
from services.access.asked import Asked, asked
from services.access.sending import may_bear, may_send, remember
from services.api.bodies import Draft
from services.api.deps import Services
from services.api.problems import FieldsError, ProblemError
from services.api.versions import subject_of
from streams.publish import Receipt, publish

SOURCE: Final = "urn:peyvand:api"
EDITED: Final = frozenset({SUPPLIERS, OFFERS, DEMANDS})
"""Subjects that are shown with an ETag, so that their edits may be conditional."""


class Accepted(BaseModel):
    """The log has the event; the graph follows within moments. `status` says how far it is."""

    event_id: str = Field(description="Id of the CloudEvent on Kafka.")
    type: str = Field(description="Type of the event.")
    version: int = Field(description="Version of the subject that the event makes; the higher one wins.")
    at: str = Field(description="Where the log keeps it: `topic:partition:offset`.")
    status: str = Field(description="Address that says whether it is in the graph.")
    location: str = Field(description="Address of what the event is about.")


async def accept(services: Services, draft: Draft, location: str, response: Response) -> Accepted:
    """Give the draft its version, publish it, and say where to look. UnavailableError: it may not be in the log.

    Whoever asks must be allowed to send it (see services.access.sending), and the condition of If-Match must hold
    (PreconditionError).
    """
    [done] = await accept_all(services, [draft], [None], [location])
    response.headers["Location"] = location
    return done


async def accept_all(
    services: Services, drafts: Sequence[Draft], envelopes: Sequence[Envelope | None], locations: Sequence[str]
) -> list[Accepted]:
    """As accept, for several at once and in order; an envelope that came with the data keeps its id, source and time."""
    request = asked()
    await may_send(request.principal, [draft.data for draft in drafts], services.door.owners)
    for sent in envelopes:
        if sent is not None:
            may_bear(request.principal, sent.source, SOURCE)
    drafts = [await _conditional(services, request, drafts)] if request.expected is not None else drafts
    numbered = await services.versions.numbered([(draft.data, draft.numbered) for draft in drafts])
    events: list[Envelope] = []
    for data, sent in zip(numbered, envelopes, strict=True):
        events.append(_enveloped(data, sent, request))
        request.sent.append(events[-1].id)
    try:
        receipts = await publish(services.publisher, events)
    except BaseException:
        del request.sent[-len(events) :]
        raise
    remember(numbered, services.door.owners)
    rows = zip(events, receipts, locations, strict=True)
    return [accepted(services, event, receipt, location) for event, receipt, location in rows]


def accepted(services: Services, event: Envelope, receipt: Receipt, location: str) -> Accepted:
    """The answer for one event."""
    return Accepted(
        event_id=event.id,
        type=event.type,
        version=event.data.version,  # type: ignore[attr-defined] - every event's data has one
        at=f"{receipt.topic}:{receipt.partition}:{receipt.offset}",
        status=services.links.event(event.id, receipt),
        location=location,
    )


async def _conditional(services: Services, request: Asked, drafts: Sequence[Draft]) -> Draft:
    """The one draft, with the version that follows the one that was expected. PreconditionError: it is another now."""
    if len(drafts) != 1 or subject_of(drafts[0].data)[0] not in EDITED:
        detail = "If-Match cannot be used here."
        hint = "It is for edits of one supplier, offer or demand."
        raise FieldsError([ProblemError(detail=detail, parameter="if-match", hint=hint)])
    data, subject = drafts[0].data, subject_of(drafts[0].data)
    highest = await services.versions.highest(subject)
    if not (highest in request.expected if request.expected else highest > 0):
        msg = f"The present version is {highest}." if highest else "It is not there yet."
        raise PreconditionError(msg, hint="Read it again and edit what is there now; its ETag is the condition.")
    given: int = data.version if drafts[0].numbered else highest + 1  # type: ignore[attr-defined] - as above
    version = max(given, highest + 1)
    owner = request.repeat() if request.repeat is not None else uuid4().hex
    if not await take_version(services.graph, "~".join(subject), version, owner):
        msg = f"Another edit has just made version {version}."
        raise PreconditionError(msg, hint="Read it again in a moment and edit what is there then.")
    return Draft(data.model_copy(update={"version": version}), numbered=True)


def _enveloped(data: Model, sent: Envelope | None, request: Asked) -> Envelope:
    """The event; who sent it is said by this door alone, whatever came with the data."""
    principal = request.principal.urn
    if sent is None:
        return wrap(data, source=SOURCE, event_id=request.event_id(), principal=principal)
    return sent.model_copy(update={"data": data, "principal": principal})
