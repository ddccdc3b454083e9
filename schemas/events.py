"""Every event Peyvand knows: its type, model, topic and key. The one table that all others are made from."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from schemas.base import Model
from schemas.demands import DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.matches import MatchChanged, MatchFound, MatchWithdrawn
from schemas.notices import AwardTold, DeadlineNear, EndpointDisabled, GapNoticed
from schemas.offers import CapacityReported, ProductChanged, ProductRegistered, ProductWithdrawn
from schemas.responses import SupplierResponded
from schemas.suppliers import (
    SupplierChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierSuspended,
    UnitStateChanged,
)

PREFIX: Final = "ir.peyvand."

SUPPLIER_EVENTS: Final = "supplier-events"
PRODUCT_EVENTS: Final = "product-events"
DEMAND_EVENTS: Final = "demand-events"
MATCH_EVENTS: Final = "match-events"
RESPONSE_EVENTS: Final = "response-events"
DEAD_LETTERS: Final = "dead-letters"


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event: `name` in code and CLI, `ce_type` on the wire, `key` read from the data."""

    name: str
    ce_type: str
    model: type[Model]
    topic: str
    key: Callable[[object], str]
    key_field: str


def _event(model: type[Model], dotted: str, topic: str, key_field: str) -> EventType:
    return EventType(
        name=model.__name__,
        ce_type=f"{PREFIX}{dotted}.v1",
        model=model,
        topic=topic,
        key=attrgetter(key_field),
        key_field=key_field,
    )


EVENT_TYPES: Final[tuple[EventType, ...]] = (
    _event(SupplierRegistered, "supplier.registered", SUPPLIER_EVENTS, "supplier.id"),
    _event(SupplierChanged, "supplier.changed", SUPPLIER_EVENTS, "supplier.id"),
    _event(SupplierSuspended, "supplier.suspended", SUPPLIER_EVENTS, "supplier_id"),
    _event(SupplierReinstated, "supplier.reinstated", SUPPLIER_EVENTS, "supplier_id"),
    _event(UnitStateChanged, "unit.state-changed", SUPPLIER_EVENTS, "supplier_id"),
    _event(ProductRegistered, "product.registered", PRODUCT_EVENTS, "offer.supplier_id"),
    _event(ProductChanged, "product.changed", PRODUCT_EVENTS, "offer.supplier_id"),
    _event(ProductWithdrawn, "product.withdrawn", PRODUCT_EVENTS, "supplier_id"),
    _event(CapacityReported, "capacity.reported", PRODUCT_EVENTS, "supplier_id"),
    _event(DemandPublished, "demand.published", DEMAND_EVENTS, "demand.id"),
    _event(DemandAmended, "demand.amended", DEMAND_EVENTS, "demand.id"),
    _event(DemandCancelled, "demand.cancelled", DEMAND_EVENTS, "demand_id"),
    _event(DemandAwarded, "demand.awarded", DEMAND_EVENTS, "demand_id"),
    _event(MatchFound, "match.found", MATCH_EVENTS, "supplier_id"),
    _event(MatchChanged, "match.changed", MATCH_EVENTS, "supplier_id"),
    _event(MatchWithdrawn, "match.withdrawn", MATCH_EVENTS, "supplier_id"),
    _event(GapNoticed, "gap.noticed", MATCH_EVENTS, "supplier_id"),
    _event(DeadlineNear, "deadline.near", MATCH_EVENTS, "supplier_id"),
    _event(AwardTold, "award.told", MATCH_EVENTS, "supplier_id"),
    _event(EndpointDisabled, "endpoint.disabled", MATCH_EVENTS, "supplier_id"),
    _event(SupplierResponded, "supplier.responded", RESPONSE_EVENTS, "supplier_id"),
)
BY_NAME: Final = {event.name: event for event in EVENT_TYPES}
BY_TYPE: Final = {event.ce_type: event for event in EVENT_TYPES}
BY_MODEL: Final = {event.model: event for event in EVENT_TYPES}


def event_type(name_or_type: str) -> EventType | None:
    """The kind of event of a short name (`DemandPublished`) or wire type (`ir.peyvand.demand.published.v1`)."""
    return BY_NAME.get(name_or_type) or BY_TYPE.get(name_or_type)
