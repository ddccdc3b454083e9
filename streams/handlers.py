"""The table of contents of the pipeline: event type -> the changes it means."""

from collections.abc import Callable
from typing import Any, cast

from graph.changes import (
    AWARDS,
    CAPACITIES,
    DEMAND_HISTORY,
    DEMAND_STANDINGS,
    DEMANDS,
    NOTICES,
    OFFER_STANDINGS,
    OFFERS,
    RESPONSES,
    STANDINGS,
    SUPPLIERS,
    UNIT_HISTORY,
    UNIT_STATES,
    Change,
    offer_key,
)
from graph.writes.suppliers import unit_key
from schemas.base import Model
from schemas.demands import DemandAmended, DemandAwarded, DemandCancelled, DemandPublished, item_key
from schemas.envelope import Envelope
from schemas.ids import derived
from schemas.matches import MatchChanged, MatchFound, MatchNews, MatchWithdrawn
from schemas.notices import AwardTold, DeadlineNear, EndpointDisabled, GapNoticed, SupplierNews
from schemas.offers import CapacityReported, ProductChanged, ProductRegistered, ProductWithdrawn
from schemas.responses import SupplierResponded
from schemas.suppliers import (
    SupplierChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierSuspended,
    UnitStateChanged,
)

Handler = Callable[[Envelope, Any], list[Change]]


def _change(kind: str, key: str, event: Envelope, data: Model) -> Change:
    return Change(kind, key, cast("Any", event.data).version, event.id, data)


def supplier_told(event: Envelope, data: SupplierRegistered | SupplierChanged) -> list[Change]:
    """The profile of a supplier."""
    return [_change(SUPPLIERS, data.supplier.id, event, data.supplier)]


def standing_told(event: Envelope, data: SupplierSuspended | SupplierReinstated) -> list[Change]:
    """Whether a supplier may deliver."""
    return [_change(STANDINGS, data.supplier_id, event, data)]


def unit_state_told(event: Envelope, data: UnitStateChanged) -> list[Change]:
    """The state of a unit, and one more line of its history."""
    return [
        _change(UNIT_STATES, unit_key(data.supplier_id, data.unit_id), event, data),
        _change(UNIT_HISTORY, event.id, event, data),
    ]


def offer_registered(event: Envelope, data: ProductRegistered) -> list[Change]:
    """An offer and that it stands, and its own word on capacity."""
    key = offer_key(data.offer.supplier_id, data.offer.id)
    return [_change(OFFERS, key, event, data.offer), _change(OFFER_STANDINGS, key, event, data.offer)]


def offer_changed(event: Envelope, data: ProductChanged) -> list[Change]:
    """The content of an offer; a withdrawn one stays withdrawn."""
    return [_change(OFFERS, offer_key(data.offer.supplier_id, data.offer.id), event, data.offer)]


def offer_withdrawn(event: Envelope, data: ProductWithdrawn) -> list[Change]:
    """An offer no longer stands."""
    return [_change(OFFER_STANDINGS, offer_key(data.supplier_id, data.offer_id), event, data)]


def capacity_reported(event: Envelope, data: CapacityReported) -> list[Change]:
    """The capacity of an offer."""
    return [_change(CAPACITIES, offer_key(data.supplier_id, data.offer_id), event, data)]


def _demand_history(event: Envelope, demand_id: str) -> Change:
    """One more line of a demand's history: every event of it, also late ones."""
    at = event.time.isoformat() if event.time else None
    return Change(
        DEMAND_HISTORY,
        event.id,
        cast("Any", event.data).version,
        event.id,
        event.data,
        {"demand": demand_id, "at": at},
    )


def demand_published(event: Envelope, data: DemandPublished) -> list[Change]:
    """A demand and that it stands."""
    return [
        _change(DEMANDS, data.demand.id, event, data.demand),
        _change(DEMAND_STANDINGS, data.demand.id, event, data),
        _demand_history(event, data.demand.id),
    ]


def demand_amended(event: Envelope, data: DemandAmended) -> list[Change]:
    """The content of a demand; a cancelled one stays cancelled."""
    return [_change(DEMANDS, data.demand.id, event, data.demand), _demand_history(event, data.demand.id)]


def demand_cancelled(event: Envelope, data: DemandCancelled) -> list[Change]:
    """A demand no longer stands."""
    return [_change(DEMAND_STANDINGS, data.demand_id, event, data), _demand_history(event, data.demand_id)]


def demand_awarded(event: Envelope, data: DemandAwarded) -> list[Change]:
    """An award. Its id is unique within its demand."""
    key = derived("award", data.demand_id, data.award_id)
    return [_change(AWARDS, key, event, data), _demand_history(event, data.demand_id)]


def supplier_responded(event: Envelope, data: SupplierResponded) -> list[Change]:
    """The standing answer of a supplier to one item with one offer."""
    item = item_key(data.demand_id, data.item_id)
    key = derived("response", item, offer_key(data.supplier_id, data.offer_id))
    more = {"at": event.time.isoformat() if event.time else None}
    return [Change(RESPONSES, key, data.version, event.id, data, more)]


def news_told(event: Envelope, data: MatchNews | SupplierNews) -> list[Change]:
    """One telling for the supplier's inbox; the event id is derived, so a second telling is the same notice."""
    return [_change(NOTICES, event.id, event, data)]


HANDLERS: dict[type[Model], Handler] = {
    SupplierRegistered: supplier_told,
    SupplierChanged: supplier_told,
    SupplierSuspended: standing_told,
    SupplierReinstated: standing_told,
    UnitStateChanged: unit_state_told,
    ProductRegistered: offer_registered,
    ProductChanged: offer_changed,
    ProductWithdrawn: offer_withdrawn,
    CapacityReported: capacity_reported,
    DemandPublished: demand_published,
    DemandAmended: demand_amended,
    DemandCancelled: demand_cancelled,
    DemandAwarded: demand_awarded,
    MatchFound: news_told,
    MatchChanged: news_told,
    MatchWithdrawn: news_told,
    GapNoticed: news_told,
    DeadlineNear: news_told,
    AwardTold: news_told,
    EndpointDisabled: news_told,
    SupplierResponded: supplier_responded,
}


def changes_of(event: Envelope) -> list[Change]:
    """What an event changes."""
    return HANDLERS[type(event.data)](event, event.data)
