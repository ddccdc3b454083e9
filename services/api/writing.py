"""From event data to the log, and the answer: accepted, under this id, to be seen here."""

from collections.abc import Sequence
from typing import Final

from fastapi import Response
from pydantic import BaseModel, Field

from schemas.base import Model
from schemas.envelope import Envelope, wrap
from services.api.bodies import Draft
from services.api.deps import Services
from streams.publish import Receipt, publish

SOURCE: Final = "urn:peyvand:api"


class Accepted(BaseModel):
    """The log has the event; the graph follows within moments. `status` says how far it is."""

    event_id: str = Field(description="Id of the CloudEvent on Kafka.")
    type: str = Field(description="Type of the event.")
    version: int = Field(description="Version of the subject that the event makes; the higher one wins.")
    at: str = Field(description="Where the log keeps it: `topic:partition:offset`.")
    status: str = Field(description="Address that says whether it is in the graph.")
    location: str = Field(description="Address of what the event is about.")


async def accept(services: Services, draft: Draft, location: str, response: Response) -> Accepted:
    """Give the draft its version, publish it, and say where to look. UnavailableError: it may not be in the log."""
    [data] = await services.versions.numbered([(draft.data, draft.numbered)])
    event = wrap(data, source=SOURCE)
    [receipt] = await publish(services.publisher, [event])
    response.headers["Location"] = location
    return accepted(services, event, receipt, location)


async def accept_all(
    services: Services, drafts: Sequence[Draft], envelopes: Sequence[Envelope | None], locations: Sequence[str]
) -> list[Accepted]:
    """As accept, for several at once and in order; an envelope that came with the data keeps its id, source and time."""
    numbered = await services.versions.numbered([(draft.data, draft.numbered) for draft in drafts])
    events = [_enveloped(data, sent) for data, sent in zip(numbered, envelopes, strict=True)]
    receipts = await publish(services.publisher, events)
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


def _enveloped(data: Model, sent: Envelope | None) -> Envelope:
    return wrap(data, source=SOURCE) if sent is None else sent.model_copy(update={"data": data})
