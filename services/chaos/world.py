"""Seeded worlds of events for load, crash and race tests: skewed classes, changes, withdrawals, late and double events."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from graph.matching.knowledge import default_knowledge
from schemas.base import Model
from schemas.demands import Demand, DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.envelope import Envelope, wrap
from schemas.offers import CapacityReported, Offer, ProductChanged, ProductRegistered, ProductWithdrawn
from schemas.suppliers import (
    Supplier,
    SupplierChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierSuspended,
    UnitStateChanged,
)

TODAY: Final = date(2026, 11, 24)
STANDARDS: Final = ["EN 13262", "UIC 812-3", "ISO 9001", "EN 10204", "DIN 17100", "ASTM A36", "IEC 60076", "API 6D"]
HALF: Final = 0.5
RARELY: Final = 0.3
PLACES: Final = [("تهران", "Tehran"), ("اصفهان", "Isfahan"), ("تبریز", "East Azerbaijan"), ("Arak", "Markazi")]


@dataclass
class World:
    """Draws events that fit together. The same seed draws the same events, ids included."""

    seed: int
    suppliers: int = 60
    offers: int = 300
    demands: int = 60
    classes: int = 40
    reopens: bool = False
    """Whether complete awards are cancelled again, so that a long run does not end with nothing open."""
    rng: random.Random = field(init=False)
    versions: dict[str, int] = field(default_factory=dict[str, int])

    _complete: list[DemandAwarded] = field(default_factory=list[DemandAwarded])

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        tree = default_knowledge().taxonomy
        things = sorted(c.id for c in tree if c.form == "thing" and not tree.children(c.id))
        self.chosen = self.rng.sample(things, self.classes)
        self.weights = [1 / (rank + 3) for rank in range(self.classes)]
        self.tree = tree
        self._drawn = 0

    def event(self, data: Model) -> Envelope:
        """Wrap with an id that the seed determines."""
        self._drawn += 1
        return wrap(data, source="urn:test", event_id=f"w{self.seed}-{self._drawn:06d}")

    def version(self, facet: str) -> int:
        """The next version of a facet's subject."""
        self.versions[facet] = self.versions.get(facet, 0) + 1
        return self.versions[facet]

    def class_id(self) -> str:
        """A class, the first ones more often."""
        return self.rng.choices(self.chosen, self.weights)[0]

    def supplier(self, n: int) -> Supplier:
        """Draw the record of supplier n anew."""
        city, province = self.rng.choice(PLACES)
        held = self.rng.sample(STANDARDS, self.rng.randint(0, 3))
        return Supplier.model_validate(
            {
                "id": f"w{self.seed}-s{n}",
                "name_en": f"Works {n}",
                "place": {"city": city, "province": province},
                "unit_state": self.rng.choices(["active", "idle", "closed"], [8, 1, 1])[0],
                "certificates": [{"standard": s, "valid_until": self._until()} for s in held],
            }
        )

    def _until(self) -> date | None:
        return self.rng.choice([None, TODAY + timedelta(days=200), TODAY - timedelta(days=20)])

    def offer(self, n: int) -> Offer:
        """Draw the record of offer n anew; it stays with its supplier."""
        chosen = self.class_id()
        return Offer.model_validate(
            {
                "id": f"w{self.seed}-o{n}",
                "supplier_id": f"w{self.seed}-s{n % self.suppliers}",
                "title": self.tree.classes[chosen].en,
                "classifications": [{"scheme": "PEYVAND", "id": chosen}],
                "attributes": [
                    {"name": "outer diameter", "min": 100, "max": self.rng.choice([300, 500, 900]), "unit": "mm"}
                ],
                "standards": [
                    {"standard": s, "valid_until": self._until()}
                    for s in self.rng.sample(STANDARDS, self.rng.randint(1, 3))
                ],
                "capacity": {"quantity": self.rng.randint(10, 2000), "unit": "pcs", "per": "month"},
                "lead_time_days": self.rng.choice([10, 30, 90]),
                "local_content_percent": self.rng.randint(30, 100),
            }
        )

    def demand(self, n: int) -> Demand:
        """Draw the record of demand n anew."""
        items: list[dict[str, Any]] = []
        for i in range(self.rng.choice([1, 1, 1, 2])):
            chosen = self.class_id()
            items.append(
                {
                    "id": str(i + 1),
                    "title": self.tree.classes[chosen].en,
                    "classifications": [{"scheme": "PEYVAND", "id": chosen}],
                    "quantity": self.rng.randint(10, 4000),
                    "unit": "pcs",
                    "requirements": [{"name": "outer diameter", "min": self.rng.choice([200, 400, 700]), "unit": "mm"}],
                    "standards": [[self.rng.choice(STANDARDS)]] if self.rng.random() < HALF else [],
                }
            )
        return Demand.model_validate(
            {
                "id": f"w{self.seed}-d{n}",
                "buyer": f"Buyer {n % 7}",
                "title": f"Demand {n}",
                "published": "2026-11-01",
                "needed_by": self.rng.choice([TODAY + timedelta(days=d) for d in (60, 200, 400)]),
                "items": items,
            }
        )

    def registrations(self) -> Iterator[Envelope]:
        """Every supplier, offer and demand once."""
        for n in range(self.suppliers):
            yield self.event(SupplierRegistered(version=self.version(f"s{n}"), supplier=self.supplier(n)))
        for n in range(self.offers):
            yield self.event(ProductRegistered(version=self.version(f"o{n}"), offer=self.offer(n)))
        for n in range(self.demands):
            yield self.event(DemandPublished(version=self.version(f"d{n}"), demand=self.demand(n)))

    def later(self, count: int) -> Iterator[Envelope]:
        """Changes of all kinds to what registrations() made."""
        kinds: list[Callable[[], Model]] = [
            self._offer_changed,
            self._capacity,
            self._amended,
            self._supplier_changed,
            self._withdrawn,
        ]
        kinds += [self._suspended, self._unit, self._cancelled, self._awarded]
        weights = [40, 20, 12, 8, 6, 4, 5, 3, 3]
        for _ in range(count):
            yield self.event(self.rng.choices(kinds, weights)[0]())

    def _offer_changed(self) -> Model:
        n = self.rng.randrange(self.offers)
        return ProductChanged(version=self.version(f"o{n}"), offer=self.offer(n))

    def _capacity(self) -> Model:
        n = self.rng.randrange(self.offers)
        return CapacityReported.model_validate(
            {
                "version": self.version(f"o{n}"),
                "supplier_id": f"w{self.seed}-s{n % self.suppliers}",
                "offer_id": f"w{self.seed}-o{n}",
                "capacity": {"quantity": self.rng.randint(10, 2000), "unit": "pcs", "per": "month"},
            }
        )

    def _amended(self) -> Model:
        n = self.rng.randrange(self.demands)
        return DemandAmended(version=self.version(f"d{n}"), demand=self.demand(n), reason="changed")

    def _supplier_changed(self) -> Model:
        n = self.rng.randrange(self.suppliers)
        return SupplierChanged(version=self.version(f"s{n}"), supplier=self.supplier(n))

    def _withdrawn(self) -> Model:
        n = self.rng.randrange(self.offers)
        version = self.version(f"o{n}")
        if self.rng.random() < HALF:
            return ProductRegistered(version=version, offer=self.offer(n))
        supplier = f"w{self.seed}-s{n % self.suppliers}"
        return ProductWithdrawn(version=version, supplier_id=supplier, offer_id=f"w{self.seed}-o{n}")

    def _suspended(self) -> Model:
        n = self.rng.randrange(self.suppliers)
        version, supplier = self.version(f"s{n}"), f"w{self.seed}-s{n}"
        if self.rng.random() < HALF:
            return SupplierReinstated(version=version, supplier_id=supplier)
        return SupplierSuspended(version=version, supplier_id=supplier, reason="inspection")

    def _unit(self) -> Model:
        n = self.rng.randrange(self.suppliers)
        return UnitStateChanged.model_validate(
            {
                "version": self.version(f"u{n}"),
                "supplier_id": f"w{self.seed}-s{n}",
                "state": self.rng.choice(["active", "active", "idle"]),
            }
        )

    def _cancelled(self) -> Model:
        n = self.rng.randrange(self.demands)
        version = self.version(f"d{n}")
        if self.rng.random() < HALF:
            return DemandPublished(version=version, demand=self.demand(n))
        return DemandCancelled(version=version, demand_id=f"w{self.seed}-d{n}")

    def _awarded(self) -> Model:
        if self.reopens and self._complete and self.rng.random() < HALF:
            award = self._complete.pop(self.rng.randrange(len(self._complete)))
            return award.model_copy(update={"version": award.version + 1, "cancelled": True})
        n, o = self.rng.randrange(self.demands), self.rng.randrange(self.offers)
        made = DemandAwarded.model_validate(
            {
                "award_id": f"a{self.version('awards')}",
                "demand_id": f"w{self.seed}-d{n}",
                "item_id": "1",
                "supplier_id": f"w{self.seed}-s{o % self.suppliers}",
                "offer_id": f"w{self.seed}-o{o}",
                "quantity": self.rng.randint(1, 500),
                "complete": self.rng.random() < RARELY,
            }
        )
        if made.complete:
            self._complete.append(made)
        return made


def shaken(events: list[Envelope], rng: random.Random, *, doubles: float = 0.02, late: float = 0.02) -> list[Envelope]:
    """The events with some sent twice and some arriving late, as producers in trouble send them."""
    out = list(events)
    for _ in range(int(len(events) * doubles)):
        out.insert(rng.randrange(len(out)), rng.choice(events))
    for _ in range(int(len(events) * late)):
        i = rng.randrange(len(out))
        out.insert(min(len(out), i + rng.randint(1, 200)), out.pop(i))
    return out
