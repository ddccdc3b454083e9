"""The demonstration as it stands when all of its events are in."""

from dataclasses import dataclass, field

from schemas.demands import Demand, DemandAmended, DemandAwarded, DemandCancelled, DemandItem, DemandPublished
from schemas.offers import CapacityPeriod, CapacityReported, Offer, ProductRegistered
from schemas.suppliers import Supplier, SupplierRegistered, UnitState, UnitStateChanged
from services.demo.load import demo_events


@dataclass
class Folded:
    """Everything by id; unit states by (supplier, unit)."""

    suppliers: dict[str, Supplier] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    demands: dict[str, Demand] = field(default_factory=dict)
    states: dict[tuple[str, str], UnitState] = field(default_factory=dict)
    periods: dict[str, list[CapacityPeriod]] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    awarded: set[str] = field(default_factory=set)

    def state(self, offer: Offer) -> UnitState:
        """Return the state of the unit that makes the offer."""
        return self.states[offer.supplier_id, offer.unit_id or "main"]

    def items(self) -> dict[str, tuple[Demand, DemandItem]]:
        """Return every demand item by its key."""
        return {f"{demand.id}~{item.id}": (demand, item) for demand in self.demands.values() for item in demand.items}


def fold() -> Folded:
    """Apply the events in their order."""
    at = Folded()
    for _, event in demo_events():
        match event:
            case SupplierRegistered(supplier=supplier):
                at.suppliers[supplier.id] = supplier
                at.states[supplier.id, "main"] = supplier.unit_state
                at.states.update({(supplier.id, unit.id): unit.state for unit in supplier.units})
            case UnitStateChanged():
                at.states[event.supplier_id, event.unit_id] = event.state
            case ProductRegistered(offer=offer):
                at.offers[offer.id] = offer
            case CapacityReported():
                news = {"capacity": event.capacity, "lead_time_days": event.lead_time_days}
                at.offers[event.offer_id] = at.offers[event.offer_id].model_copy(update=news)
                at.periods[event.offer_id] = event.periods
            case DemandPublished(demand=demand) | DemandAmended(demand=demand):
                at.demands[demand.id] = demand
            case DemandCancelled():
                at.cancelled.add(event.demand_id)
            case DemandAwarded():
                at.awarded.add(f"{event.demand_id}~{event.item_id}")
            case _:
                pass
    return at
