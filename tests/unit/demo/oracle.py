"""A plain judge of the demonstration data: fields only, no text, written apart from the service's matcher.

It knows the few names and units that the data use. Its verdict of a pair is the set of kinds that are missing.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from schemas.common import Attribute, Requirement
from schemas.demands import Demand, DemandItem
from schemas.offers import CapacityPeriod, Offer
from schemas.suppliers import Supplier

MONTH = 365.25 / 12
NAMES = {
    "length": ["طول"], "type": ["نوع", "تیپ"], "maximum speed": ["حداکثر سرعت"], "axle load": ["بار محوری"],
    "wheel diameter": ["قطر چرخ"], "steel grade": ["گرید فولاد"], "material": ["جنس"], "journal diameter": ["قطر ژورنال"],
    "bore": ["قطر داخلی"], "outside diameter": ["قطر خارجی"], "bar diameter": ["قطر مفتول"],
    "free height": ["ارتفاع آزاد"], "rail profile": ["پروفیل ریل"], "diameter": ["قطر"], "width": ["عرض"],
    "tensile strength": ["مقاومت کششی"], "compressive strength": ["مقاومت فشاری"], "thickness": ["ضخامت"],
    "static stiffness": ["سختی استاتیک"], "bar length": ["طول شاخه"], "turnout ratio": ["نسبت سوزن"],
    "radius": ["شعاع"], "throw force": ["نیروی جابجایی"], "stroke": ["کورس"], "toe load": ["نیروی پنجه"],
    "safety integrity level": ["سطح ایمنی SIL"], "creepage distance": ["فاصله خزشی"], "power": ["توان"],
    "nominal voltage": ["ولتاژ نامی"], "input voltage": ["ولتاژ ورودی"], "cross section": ["سطح مقطع"],
    "friction coefficient": ["ضریب اصطکاک"], "friction area": ["سطح اصطکاک"], "payload": ["ظرفیت بار", "load capacity"],
    "cooling capacity": ["ظرفیت سرمایش"], "ambient temperature": ["دمای محیط"], "hazard level": ["سطح خطر"],
    "weight": ["وزن"], "seat width": ["عرض نشیمن"], "energy": ["انرژی"], "hardness": ["سختی"], "height": ["ارتفاع"],
    "head": ["هد"], "flow rate": ["دبی"], "nominal size": ["قطر اسمی"], "nominal pressure": ["فشار اسمی"],
    "pressure class": ["کلاس فشار"], "chamber volume": ["حجم محفظه"], "part weight": ["وزن قطعه"], "module": ["مدول"],
    "gear quality": ["کیفیت دندانه"], "adjusting capacity": ["ظرفیت تنظیم"], "tensile force": ["نیروی کششی"],
    "cantilever load": ["بار خمشی"],
    "contour": ["کانتور"], "section type": ["نوع مقطع"], "bending moment": ["ممان خمشی"], "temperature": ["دما"],
    "sound reduction": ["کاهش صدا"], "gauge": ["عرض خط"], "motors": ["تعداد موتور"], "holes": ["تعداد سوراخ"],
    "burst pressure": ["فشار ترکیدن"], "emitter spacing": ["فاصله قطره‌چکان"], "span": ["طول اسپان"],
    "capacity": ["ظرفیت"], "working pressure": ["فشار کاری"], "opening width": ["عرض بازشو"],
}  # fmt: skip
CANONICAL = {alias: name for name, aliases in NAMES.items() for alias in aliases}
UNITS = {
    "میلیمتر": "mm", "متر": (1000, "mm"), "m": (1000, "mm"), "cm": (10, "mm"), "in": (Fraction("25.4"), "mm"),
    "ft": (Fraction("304.8"), "mm"), "km": (1_000_000, "mm"), "تن": (1000, "kg"), "t": (1000, "kg"),
    "cm2": (100, "mm2"), "N/mm2": "MPa", "kgf/mm2": (Fraction("9.80665"), "MPa"), "MVA": (1000, "kVA"),
    "pcs": "عدد", "sets": "عدد", "ست": "عدد", "دستگاه": "عدد", "دست": "عدد",
}  # fmt: skip


def unit(name: str | None) -> tuple[Fraction, str | None]:
    """Factor and base unit."""
    known = UNITS.get(name or "", name)
    return (Fraction(known[0]), known[1]) if isinstance(known, tuple) else (Fraction(1), known)


def standard(text: str) -> str:
    return text.replace(" ", "").replace("-", "").split(":")[0].upper()


def missing(
    item: DemandItem, demand: Demand, offer: Offer, supplier: Supplier, state: str, today: date,
    periods: Iterable[CapacityPeriod] = (),
) -> list[str]:  # fmt: skip
    """Return the kinds of the points that are missing, one entry a point."""
    found: list[str] = []
    held = {standard(s.standard) for s in [*offer.standards, *supplier.certificates] if _valid(s.valid_until, today)}
    found += ["standard" for options in item.standards if not held & {standard(option) for option in options}]
    found += ["attribute" for asked in item.requirements if not _meets(asked, offer.attributes)]
    if item.part_numbers and offer.kind == "product" and not set(item.part_numbers) & set(offer.part_numbers):
        found.append("part_number")
    if item.min_local_content_percent and (offer.local_content_percent or 0) < item.min_local_content_percent:
        found.append("local_content")
    if state != "active":
        found.append("unit_state")
    days = ((item.needed_by or demand.needed_by or today) - today).days
    lead = offer.lead_time_days
    if lead is None or lead > days:
        found.append("lead_time")
    elif (share(item, offer, days, today, list(periods)) or 0) < 1:
        found.append("capacity")
    if offer.min_order and offer.min_order.quantity > _pieces(item.quantity, item.unit, offer.min_order.unit, item):
        found.append("min_order")
    return found


def share(item: DemandItem, offer: Offer, days: int, today: date, periods: list[CapacityPeriod]) -> float | None:
    """What the offer can deliver in time, as a share of what is asked; None when it does not say."""
    if offer.capacity is None or offer.lead_time_days is None:
        return None
    start, end = today.toordinal() + offer.lead_time_days, today.toordinal() + days
    if periods:
        total = sum(_free(period, start, end) for period in periods)
    else:
        per_month = offer.capacity.quantity / (12 if offer.capacity.per == "year" else 1)
        total = per_month * (end - start) / MONTH
    return total / _pieces(item.quantity, item.unit, offer.capacity.unit, item)


def _free(period: CapacityPeriod, start: int, end: int) -> float:
    first, last = period.start.toordinal(), period.end.toordinal() + 1
    inside = max(0, min(last, end) - max(first, start))
    return (period.maximum - period.committed) * inside / (last - first)


def _pieces(quantity: float, asked: str | None, offered: str | None, item: DemandItem) -> float:
    """The asked quantity in the offered unit; pieces become weight by the weight the item asks for."""
    (a_factor, a_base), (o_factor, o_base) = unit(asked), unit(offered)
    amount = quantity * float(a_factor / o_factor)
    if a_base == o_base:
        return amount
    weight = next(r.equals for r in item.requirements if CANONICAL.get(r.name, r.name) == "part weight")
    return amount * float(str(weight))


def _valid(until: date | None, today: date) -> bool:
    return until is None or until >= today


def _meets(asked: Requirement, attributes: list[Attribute]) -> bool:
    name = CANONICAL.get(asked.name, asked.name)
    return any(_fits(asked, one) for one in attributes if CANONICAL.get(one.name, one.name) == name)


def _fits(asked: Requirement, offered: Attribute) -> bool:
    if asked.one_of or isinstance(asked.equals, str):
        wanted = set(map(str, asked.one_of or [asked.equals]))
        values = offered.value if isinstance(offered.value, list) else [offered.value]
        return bool(wanted & set(map(str, values)))
    (a_factor, a_base), (o_factor, o_base) = unit(asked.unit), unit(offered.unit)
    if a_base != o_base:
        return False
    low, high = (_number(x) for x in (offered.min, offered.max))
    if isinstance(offered.value, int | float):
        low = high = _number(offered.value)
    at_least = _number(asked.min if asked.equals is None else asked.equals)
    at_most = _number(asked.max if asked.equals is None else asked.equals)
    enough = at_least is None or (high is not None and high * o_factor >= at_least * a_factor)
    return enough and (at_most is None or (low is not None and low * o_factor <= at_most * a_factor))


def _number(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))
