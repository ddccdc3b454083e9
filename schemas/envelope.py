"""The CloudEvents 1.0 envelope around each event's data (structured mode)."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Union, cast
from uuid import uuid4

from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter, create_model

from schemas.base import Model
from schemas.events import BY_MODEL, EVENT_TYPES, EventType

EventId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Envelope(Model):
    """A CloudEvent. `data` is a model of schemas.events; the same (source, id) is the same event."""

    specversion: Literal["1.0"] = "1.0"
    id: EventId
    source: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    type: str
    time: AwareDatetime | None = None
    subject: Annotated[str, StringConstraints(max_length=500)] | None = None
    datacontenttype: Annotated[str, StringConstraints(max_length=200)] | None = "application/json"
    dataschema: Annotated[str, StringConstraints(max_length=500)] | None = None
    traceparent: Annotated[str, StringConstraints(max_length=200)] | None = None
    principal: Annotated[
        str | None,
        StringConstraints(min_length=1, max_length=300),
        Field(description="Extension: who sent it, as the HTTP door found out. Elsewhere it is only a claim."),
    ] = None
    data: Model

    @property
    def kind(self) -> EventType:
        """The table row of this event."""
        return BY_MODEL[type(self.data)]

    @property
    def key(self) -> str:
        """The Kafka key, which is the id of the aggregate the event belongs to."""
        return self.kind.key(self.data)


def _typed(event: EventType) -> type[Envelope]:
    fields: dict[str, Any] = {"type": (Literal[event.ce_type], event.ce_type), "data": (event.model, ...)}
    return create_model(
        f"{event.name}Event",
        __base__=Envelope,
        __doc__=f"CloudEvent with {event.name} as data.",
        **fields,
    )


ENVELOPES: dict[str, type[Envelope]] = {event.ce_type: _typed(event) for event in EVENT_TYPES}

_AnyEvent = Annotated[Union[tuple(ENVELOPES.values())], Field(discriminator="type")]  # noqa: UP007 - made at run time
ONE: TypeAdapter[Envelope] = TypeAdapter(cast("Any", _AnyEvent))


def wrap(
    data: Model, *, source: str, event_id: str | None = None, time: datetime | None = None, principal: str | None = None
) -> Envelope:
    """An event of this data, ready to be sent. The id is random unless given."""
    event = BY_MODEL[type(data)]
    return ENVELOPES[event.ce_type](
        id=event_id or str(uuid4()),
        source=source,
        type=event.ce_type,
        time=time or datetime.now(UTC),
        subject=event.key(data),
        principal=principal,
        data=data,
    )
