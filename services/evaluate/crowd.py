"""A seeded crowd of suppliers and offers over all product classes, for measuring how wide retrieval is among many.

Classes differ in popularity as 1 / rank ** skew (Zipf), the same for offers and demands. Each class has five
properties of its own and five standards; an offer states some of the properties, as a value or a range, and three of the
standards; a demand asks three properties and one or two standards. A tenth of the offers is of traders, some capacities
are not told, some units stand still, titles are in Persian and English and not always a class's very name.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any, Final, NamedTuple

from graph.taxonomy.model import ProductClass, Taxonomy
from schemas.demands import Demand
from schemas.offers import Offer
from schemas.suppliers import Supplier

EACH: Final = 3
"""Offers of a supplier."""
STANDARDS, HELD = 5, 3
"""Standards of a class, and how many of them an offer meets."""

_MEASURES: Final = (
    ("outer diameter", "قطر خارجی", "mm", 100), ("length", "طول", "mm", 800), ("thickness", "ضخامت", "mm", 12),
    ("width", "عرض", "mm", 300), ("height", "ارتفاع", "mm", 500), ("weight", "وزن", "kg", 60), ("power", "توان", "kW", 30),
    ("rated voltage", "ولتاژ نامی", "V", 400), ("rated current", "جریان نامی", "A", 100), ("pressure", "فشار", "bar", 16),
    ("temperature", "دما", "°C", 120), ("flow rate", "دبی", "m3/h", 90), ("speed", "سرعت", "rpm", 1500),
    ("tensile strength", "استحکام کششی", "MPa", 500), ("volume", "حجم", "l", 200), ("frequency", "فرکانس", "Hz", 50),
    ("torque", "گشتاور", "Nm", 300), ("load capacity", "ظرفیت بار", "kN", 50), ("noise level", "سطح صدا", "dB", 75),
    ("service life", "عمر", "h", 20000), ("density", "چگالی", "kg/m3", 1200), ("area", "مساحت", "m2", 4),
)  # fmt: skip
_CATEGORIES: Final = (
    ("material", "جنس", ("St37", "St52", "GG25", "GGG40", "AISI 304", "AISI 316", "CK45", "42CrMo4")),
    ("protection class", "درجه حفاظت", ("IP54", "IP55", "IP65", "IP67")),
    ("colour", "رنگ", ("RAL 7035", "RAL 9005", "RAL 5010", "RAL 3020")),
)
_FAMILIES: Final = ("EN", "ISO", "IEC", "DIN", "ASTM A", "BS", "API", "INSO")
_SAID: Final = ("{}", "{}", "{}", "{} {} {}", "{} ({} {})", "تولید {}", "{}, {} {}", "{} type {} {}", "ساخت {}")
_TRADERS: Final = (
    "نمایندگی فروش و واردات", "distributor and importer, sales agency", "بازرگانی و پخش محصولات خارجی",
)  # fmt: skip
_MAKERS: Final = ("", "", "تولید با ماشین‌آلات CNC", "made in our own plant", "تولید داخل با تضمین کیفیت")


class Property(NamedTuple):
    """A property of a class: its names, its unit, and about how large it is; or its values."""

    name_en: str
    name_fa: str
    unit: str | None
    size: float
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is common to the offers and demands of a class."""

    id: str
    names: tuple[str, ...]
    properties: tuple[Property, ...]
    standards: tuple[str, ...]
    process: bool


class Crowd:
    """Draws suppliers, offers and demands. The same seed, number and skew draw the same."""

    def __init__(self, tree: Taxonomy, offers: int, *, skew: float = 0.5, seed: int = 1) -> None:
        rng = random.Random(seed)
        self.offers, self.skew, self._seed = offers, skew, seed
        kinds = [_kind(each, random.Random(f"{seed}|{each.id}")) for each in tree]
        rng.shuffle(kinds)
        self._kinds = kinds
        self._bounds = list(accumulate(1 / (rank + 1) ** skew for rank in range(len(kinds))))

    def registrations(self) -> Iterator[tuple[Supplier, list[Offer]]]:
        """Each supplier with its offers, which come from classes of one popularity or another."""
        for number, start in enumerate(range(0, self.offers, EACH)):
            rng = random.Random(f"{self._seed}|s|{number}")
            supplier = _supplier(f"crowd-{number}", rng)
            count = min(EACH, self.offers - start)
            yield supplier, [_offer(supplier.id, f"{start + place}", self._draw(rng), rng) for place in range(count)]

    def demands(self, count: int, today: date) -> Iterator[Demand]:
        """Demands of one item."""
        for number in range(count):
            rng = random.Random(f"{self._seed}|d|{number}")
            yield _demand(f"crowd-demand-{number}", self._draw(rng), rng, today)

    def _draw(self, rng: random.Random) -> Kind:
        return self._kinds[bisect(self._bounds, rng.random() * self._bounds[-1])]


def _kind(each: ProductClass, rng: random.Random) -> Kind:
    measures = [Property(en, fa, unit, size * rng.lognormvariate(0, 1), ()) for en, fa, unit, size in _MEASURES]
    categories = [Property(en, fa, None, 0, values) for en, fa, values in _CATEGORIES]
    properties = (*rng.sample(measures, 4), rng.choice(categories))
    standards = tuple(f"{rng.choice(_FAMILIES)} {rng.randint(100, 69999)}" for _ in range(STANDARDS))
    names = tuple(dict.fromkeys(name for _, name in each.names()))
    return Kind(each.id, names, properties, standards, each.form == "process")


def _supplier(name: str, rng: random.Random) -> Supplier:
    return Supplier.model_validate(
        {
            "id": name,
            "name_en": f"Works {name}",
            "unit_state": rng.choices(["active", "idle", "closed"], [17, 2, 1])[0],
            "certificates": [{"standard": "ISO 9001"}] if rng.random() < 0.7 else [],  # noqa: PLR2004
        }
    )


def _title(kind: Kind, rng: random.Random) -> str:
    code = f"{rng.choice('ABCDEFGHKMNPRST')}{rng.choice('ABCDEFGHKMNPRST')}"
    return rng.choice(_SAID).format(rng.choice(kind.names), code, rng.randint(10, 900))


def _offer(supplier: str, name: str, kind: Kind, rng: random.Random) -> Offer:
    stated = [each for each in kind.properties if rng.random() < 0.9]  # noqa: PLR2004
    trader = rng.random() < 0.1  # noqa: PLR2004
    data: dict[str, Any] = {
        "id": f"o{name}",
        "supplier_id": supplier,
        "kind": "capability" if kind.process else "product",
        "title": _title(kind, rng),
        "description": rng.choice(_TRADERS if trader else _MAKERS),
        "attributes": [_stated(each, rng) for each in stated],
        "standards": [{"standard": each} for each in rng.sample(kind.standards, HELD)],
    }
    if rng.random() < 0.85:  # noqa: PLR2004
        data["capacity"] = {"quantity": round(rng.lognormvariate(6, 1), 1), "unit": "pcs", "per": "month"}
    if rng.random() < 0.8:  # noqa: PLR2004
        data["lead_time_days"] = rng.choice([15, 30, 60, 120])
    if rng.random() < 0.3:  # noqa: PLR2004
        data["min_order"] = {"quantity": rng.choice([10, 50, 200]), "unit": "pcs"}
    if rng.random() < 0.6:  # noqa: PLR2004
        data["local_content_percent"] = rng.randint(20, 100)
    return Offer.model_validate(data)


def _stated(each: Property, rng: random.Random) -> dict[str, Any]:
    name = rng.choice((each.name_en, each.name_fa))
    if each.values:
        return {"name": name, "value": rng.choice(each.values)}
    value = round(each.size * rng.lognormvariate(0, 0.4), 2)
    if rng.random() < 0.4:  # noqa: PLR2004
        return {"name": name, "value": value, "unit": each.unit}
    return {"name": name, "min": round(value / 2, 2), "max": round(value * 2, 2), "unit": each.unit}


def _asked(each: Property, rng: random.Random) -> dict[str, Any]:
    name = rng.choice((each.name_en, each.name_fa))
    if each.values:
        return {"name": name, "one_of": rng.sample(each.values, 2)}
    value = round(each.size * rng.lognormvariate(0, 0.3), 2)
    way = rng.choice(("min", "max", "equals", "range"))
    if way == "range":
        return {"name": name, "min": round(value / 1.2, 2), "max": round(value * 1.2, 2), "unit": each.unit}
    return {"name": name, way: value, "unit": each.unit}


def _demand(name: str, kind: Kind, rng: random.Random, today: date) -> Demand:
    item: dict[str, Any] = {
        "id": "1",
        "title": _title(kind, rng),
        "quantity": round(rng.lognormvariate(6, 1)) + 1,
        "unit": "pcs",
        "requirements": [_asked(each, rng) for each in rng.sample(kind.properties, 3)],
        "standards": [[each] for each in rng.sample(kind.standards, rng.choice((0, 1, 1, 2)))],
    }
    if rng.random() < 0.3:  # noqa: PLR2004
        item["min_local_content_percent"] = 50
    return Demand.model_validate(
        {
            "id": name,
            "buyer": "crowd",
            "title": item["title"],
            "needed_by": today + timedelta(days=rng.choice((120, 240, 400))),
            "items": [item],
        }
    )
