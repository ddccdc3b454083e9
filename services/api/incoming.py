"""Events as clients send them in bulk: `{"type", "data"}` or whole CloudEvents, each checked, and where each points."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from rapidfuzz import fuzz, process

from schemas.base import Model
from schemas.demands import DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.envelope import ENVELOPES, Envelope, wrap
from schemas.events import BY_NAME, EVENT_TYPES, MATCH_EVENTS, EventType, event_type
from schemas.offers import CapacityReported, ProductChanged, ProductRegistered, ProductWithdrawn
from schemas.responses import SupplierResponded
from schemas.suppliers import (
    SupplierChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierSuspended,
    UnitStateChanged,
)
from services.api.bodies import Body, Draft, checked
from services.api.links import Links
from services.api.openapi import body_schema
from services.api.problems import FieldsError, ProblemError
from services.api.writing import SOURCE

MOST_EVENTS: Final = 1000
SENT: Final = tuple(kind for kind in EVENT_TYPES if kind.topic != MATCH_EVENTS)
"""The events that clients may send; match events are the matcher's own."""
BODIES: Final = {kind.name: Body(kind.model, kind.name) for kind in SENT}
_SHORT: Final = frozenset({"type", "data", "id", "source"})
_NEAR: Final = 70.0


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event: its data, and the envelope when one came with it."""

    draft: Draft
    envelope: Envelope | None


def read_incoming(body: Any) -> list[Incoming]:
    """All events of a body, or FieldsError that names every bad one: nothing is taken then."""
    if not isinstance(body, list) or not body:
        raise FieldsError([ProblemError(detail="The body must be an array of events, at least one.", pointer="#")])
    sent = cast("list[Any]", body)
    if len(sent) > MOST_EVENTS:
        detail = f"There are {len(sent)} events; at most {MOST_EVENTS} are taken at once."
        raise FieldsError([ProblemError(detail=detail, pointer="#", hint="Send them in parts.")])
    read: list[Incoming] = []
    errors: list[ProblemError] = []
    for number, one in enumerate(sent):
        try:
            read.append(_incoming(one, f"#/{number}"))
        except FieldsError as error:
            errors += error.errors
    if errors:
        raise FieldsError(errors, hint="None of the events was taken.")
    return read


def _incoming(one: Any, at: str) -> Incoming:
    if not isinstance(one, dict):
        raise FieldsError([ProblemError(detail="An event is a JSON object.", pointer=at)])
    fields = cast("dict[str, Any]", one)
    kind = _kind(fields, at)
    if "data" not in fields:
        raise FieldsError([ProblemError(detail="The event has no data.", pointer=at, hint="Add the field data.")])
    draft = BODIES[kind.name].draft(fields["data"], f"{at}/data")
    if "specversion" in fields:
        rest = {**fields, "type": kind.ce_type, "data": {"version": 1, **fields["data"]}}
        known = {name: value for name, value in rest.items() if name in Envelope.model_fields}
        return Incoming(draft, checked(ENVELOPES[kind.ce_type], known, fields, at=at))
    unknown = sorted(fields.keys() - _SHORT)
    if unknown:
        hint = "Beside type and data there may be id and source; a CloudEvent has specversion too."
        raise FieldsError([ProblemError(detail=f"There is no field {unknown[0][:100]!r} here.", pointer=at, hint=hint)])
    envelope = None
    if "id" in fields or "source" in fields:
        made = wrap(draft.data, source=SOURCE)
        given = {name: fields[name] for name in ("id", "source") if name in fields}
        whole = {"id": made.id, "source": made.source, "type": kind.ce_type, "time": made.time, "subject": made.subject}
        envelope = checked(
            ENVELOPES[kind.ce_type], {**whole, "data": {"version": 1, **fields["data"]}, **given}, fields, at=at
        )
    return Incoming(draft, envelope)


def _kind(fields: Mapping[str, Any], at: str) -> EventType:
    said = fields.get("type")
    kind = event_type(said) if isinstance(said, str) else None
    if kind is None:
        near = process.extractOne(str(said)[:200], list(BODIES), scorer=fuzz.WRatio, score_cutoff=_NEAR)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known types: {', '.join(BODIES)}."
        raise FieldsError([ProblemError(detail="The type is missing or unknown.", pointer=f"{at}/type", hint=hint)])
    if kind.name not in BODIES:
        detail = f"{kind.name} is made by the matcher alone."
        raise FieldsError(
            [ProblemError(detail=detail, pointer=f"{at}/type", hint="Answer a match with SupplierResponded.")]
        )
    return kind


def _explanation(links: Links, data: Any) -> str:
    return links.to(
        "demands", data.demand_id, "items", data.item_id, "offers", data.offer_id, "explanation", supplier=data.supplier_id
    )  # fmt: skip


_LOCATIONS: Final[Mapping[type[Model], Callable[[Links, Any], str]]] = {
    SupplierRegistered: lambda links, data: links.to("suppliers", data.supplier.id),
    SupplierChanged: lambda links, data: links.to("suppliers", data.supplier.id),
    SupplierSuspended: lambda links, data: links.to("suppliers", data.supplier_id),
    SupplierReinstated: lambda links, data: links.to("suppliers", data.supplier_id),
    UnitStateChanged: lambda links, data: links.to("suppliers", data.supplier_id),
    ProductRegistered: lambda links, data: links.to("offers", data.offer.id, supplier=data.offer.supplier_id),
    ProductChanged: lambda links, data: links.to("offers", data.offer.id, supplier=data.offer.supplier_id),
    ProductWithdrawn: lambda links, data: links.to("offers", data.offer_id, supplier=data.supplier_id),
    CapacityReported: lambda links, data: links.to("offers", data.offer_id, supplier=data.supplier_id),
    DemandPublished: lambda links, data: links.to("demands", data.demand.id),
    DemandAmended: lambda links, data: links.to("demands", data.demand.id),
    DemandCancelled: lambda links, data: links.to("demands", data.demand_id),
    DemandAwarded: lambda links, data: links.to("demands", data.demand_id),
    SupplierResponded: _explanation,
}


def location_of(links: Links, data: Model) -> str:
    """The address of what an event is about."""
    return _LOCATIONS[type(data)](links, data)


def incoming_schema() -> dict[str, Any]:
    """JSON Schema of an array of events, with its parts as `$defs`."""
    defs: dict[str, Any] = {}
    kinds: list[dict[str, str]] = []
    for name, body in BODIES.items():
        data = body_schema(body)
        defs |= data.pop("$defs")
        defs[f"{name}-Input"] = data
        defs[f"{name}Event"] = _event_schema(name)
        kinds.append({"$ref": f"#/components/schemas/{name}Event"})
    return {
        "title": "Events",
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_EVENTS,
        "items": {"anyOf": kinds},
        "$defs": defs,
    }


def _event_schema(name: str) -> dict[str, Any]:
    kind = BY_NAME[name]
    text = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\x00-\x1f\x7f]+$"}
    return {
        "title": f"{name}Event",
        "type": "object",
        "description": f"{name}, as `type` and `data` or as a CloudEvent (with `specversion`, `id` and `source`).",
        "required": ["type", "data"],
        "properties": {
            "type": {"enum": [kind.ce_type, name]},
            "data": {"$ref": f"#/components/schemas/{name}-Input"},
            "id": {**text, "description": "Made when left out. The same source and id is the same event."},
            "source": {
                "type": "string",
                "minLength": 1,
                "maxLength": 500,
                "description": "Who sends it, a URI reference.",
            },
        },
    }
