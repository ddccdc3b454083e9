"""The graph as it has to be: the log folded in plain Python, every pair decided. Knows nothing of Cypher or streams."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graph.matching.decide import decide
from graph.matching.knowledge import Knowledge
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.demands import Demand, DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.envelope import Envelope
from schemas.matches import Outcome
from schemas.offers import CapacityReported, Offer, ProductChanged, ProductRegistered, ProductWithdrawn
from schemas.suppliers import (
    Supplier,
    SupplierChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierSuspended,
    UnitStateChanged,
)


@dataclass(slots=True)
class Expected:
    """Pairs (item key, offer key) that match, near misses with what they miss, and links from buyers to suppliers."""

    matches: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    near: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict[tuple[str, str], frozenset[str]])
    can_buy: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])


class Fold:
    """Newest per facet, by (version, event id)."""

    def __init__(self, events: Iterable[Envelope]) -> None:
        self._facets: dict[tuple[str, str], tuple[int, str, Any]] = {}
        for event in events:
            self._add(event)

    def _put(self, kind: str, key: str, event: Envelope, value: object) -> None:
        found = self._facets.get((kind, key))
        data: Any = event.data
        mark = (data.version, event.id)
        if found is None or mark > found[:2]:
            self._facets[kind, key] = (*mark, value)

    def _add(self, event: Envelope) -> None:  # noqa: C901 - one case an event
        match event.data:
            case SupplierRegistered(supplier=s) | SupplierChanged(supplier=s):
                self._put("supplier", s.id, event, s)
            case SupplierSuspended(supplier_id=s) | SupplierReinstated(supplier_id=s):
                self._put("standing", s, event, isinstance(event.data, SupplierSuspended))
            case UnitStateChanged() as told:
                self._put("unit", f"{told.supplier_id}~{told.unit_id}", event, told.state.value)
            case ProductRegistered(offer=o):
                self._put("offer", f"{o.supplier_id}~{o.id}", event, o)
                self._put("stands", f"{o.supplier_id}~{o.id}", event, True)
            case ProductChanged(offer=o):
                self._put("offer", f"{o.supplier_id}~{o.id}", event, o)
            case ProductWithdrawn() as told:
                self._put("stands", f"{told.supplier_id}~{told.offer_id}", event, False)
            case CapacityReported() as told:
                self._put("capacity", f"{told.supplier_id}~{told.offer_id}", event, told)
            case DemandPublished(demand=d):
                self._put("demand", d.id, event, d)
                self._put("valid", d.id, event, True)
            case DemandAmended(demand=d):
                self._put("demand", d.id, event, d)
            case DemandCancelled() as told:
                self._put("valid", told.demand_id, event, False)
            case DemandAwarded() as told:
                self._put("award", f"{told.demand_id}|{told.award_id}", event, told)
            case _:
                return

    def all(self, kind: str) -> dict[str, Any]:
        """What is known of a kind, by key."""
        return {key: value for (k, key), (_, _, value) in self._facets.items() if k == kind}

    def version(self, kind: str, key: str) -> int:
        """The version that stands."""
        return self._facets[kind, key][0]

    def events(self, kind: str) -> dict[str, str]:
        """The id of the event that stands, by key."""
        return {key: event for (k, key), (_, event, _) in self._facets.items() if k == kind}

    def offers(self) -> dict[str, Offer]:
        """Standing offers of registered suppliers, with the capacity that holds."""
        stands, suppliers, reports = self.all("stands"), self.all("supplier"), self.all("capacity")
        found: dict[str, Offer] = {}
        for key, offer in self.all("offer").items():
            if not stands.get(key, True) or key.split("~")[0] not in suppliers:
                continue
            report = reports.get(key)
            newer = report is not None and self.version("capacity", key) >= self.version("offer", key)
            if report is not None and (newer or offer.capacity is None):
                lead = report.lead_time_days if report.lead_time_days is not None else offer.lead_time_days
                changed = offer.model_copy(update={"capacity": report.capacity, "lead_time_days": lead})
                found[key] = changed
            else:
                found[key] = offer
        return found

    def open_items(self, today: date) -> dict[str, Demand]:
        """Open item keys with their demands."""
        valid = self.all("valid")
        awarded = {f"{a.demand_id}~{a.item_id}" for a in self.all("award").values() if a.complete and not a.cancelled}
        found: dict[str, Demand] = {}
        for demand in self.all("demand").values():
            if not valid.get(demand.id, True) or (demand.closes and demand.closes < today):
                continue
            for item in demand.items:
                key = f"{demand.id}~{item.id}"
                needed = item.needed_by or demand.needed_by
                if key not in awarded and (needed is None or needed >= today):
                    found[key] = demand
        return found

    def committed(self, today: date) -> dict[str, float]:
        """Quantity that awards take of each offer."""
        taken: dict[str, float] = {}
        demands = self.all("demand")
        for award in self.all("award").values():
            if award.cancelled or award.offer_id is None:
                continue
            demand = demands.get(award.demand_id)
            item = next((i for i in demand.items if i.id == award.item_id), None) if demand else None
            needed = (item.needed_by or demand.needed_by) if item and demand else None
            if needed is not None and needed < today:
                continue
            key = f"{award.supplier_id}~{award.offer_id}"
            taken[key] = taken.get(key, 0.0) + (award.quantity or (item.quantity if item else 0.0))
        return taken


def expected(events: Iterable[Envelope], knowledge: Knowledge, today: date) -> Expected:
    """Decide every pair of an open item and a standing offer."""
    fold = Fold(events)
    standing, states = fold.all("standing"), fold.all("unit")
    suppliers = {
        key: understand_supplier(
            s,
            suspended=bool(standing.get(key, False)),
            unit_states=unit_states(s, states),
            knowledge=knowledge,
        )
        for key, s in fold.all("supplier").items()
    }
    offers = {key: understand_offer(o, knowledge) for key, o in fold.offers().items()}
    taken = fold.committed(today)
    result = Expected()
    links: dict[tuple[str, str], set[str]] = {}
    for key, demand in fold.open_items(today).items():
        item = next(i for i in demand.items if f"{demand.id}~{i.id}" == key)
        asked = understand_item(demand, item, knowledge)
        for offer_key, offer in offers.items():
            supplier = suppliers[offer.supplier_id]
            verdict = decide(
                asked, offer, supplier, today=today, committed=taken.get(offer_key, 0.0), knowledge=knowledge
            )
            if verdict.outcome is Outcome.MATCH:
                result.matches.add((key, offer_key))
                links.setdefault((demand.buyer.id, offer.supplier_id), set()).add(key)
            elif verdict.outcome is Outcome.NEAR_MISS:
                missing = frozenset(m.kind if m.name is None else f"{m.kind}:{m.name}" for m in verdict.missing)
                result.near[key, offer_key] = missing
    result.can_buy = {pair: len(items) for pair, items in links.items()}
    return result


def unit_states(supplier: Supplier, told: dict[str, Any]) -> dict[str, str]:
    """Unit states of a supplier: what was told last, else what its record says first."""
    listed = {u.id: u.state.value for u in supplier.units} or {"main": supplier.unit_state.value}
    found = dict(listed)
    for key, state in told.items():
        owner, _, unit = key.partition("~")
        if owner == supplier.id and (unit in listed or not supplier.units or unit == "main"):
            found[unit] = str(state)
    return found
