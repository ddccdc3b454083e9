"""Items of a tender as demand items."""

import re
from datetime import date
from typing import Any, Final

from services.imports.ocds.criteria import requirement_of_attribute
from services.imports.ocds.ids import safe_id
from services.imports.ocds.node import LINE, Node
from services.imports.ocds.places import place_of
from services.imports.ocds.units import unit_of

Fields = dict[str, Any]
PART_NUMBERS: Final = frozenset({"part number", "part no", "part no.", "catalogue number", "شماره فنی", "پارت نامبر"})
SCHEMES: Final = {"ДК021": "CPV", "DK021": "CPV", "CPV2008": "CPV"}
"""Other names of a scheme: the Ukrainian ДК 021:2015 has the codes of CPV 2008."""
_SPREAD: Final = re.compile(r"\d{8}\.0")
"""What spreadsheets make of a code that is a number."""
MOST_CODES: Final = 50


def item_of(item: Node, name: str, lots: frozenset[str]) -> Fields:
    """One item, called `name` here, without what criteria ask of it."""
    title, description = title_of(item, "description")
    quantity = _quantity(item)
    found: Fields = {
        "id": name,
        "title": title or _class_name(item) or f"item {name}",
        "description": description,
        "classifications": classifications_of(item),
        "quantity": quantity,
    }
    value = _value(item, quantity)
    if value is not None:
        found["estimated_value"] = value
    unit = item.child("unit")
    said = unit_of(unit) if unit is not None else None
    if said is not None:
        found["unit"] = said
    needed = delivery_of(item)
    if needed is not None:
        found["needed_by"] = needed
    place = place_of(item)
    if place is not None:
        found["delivery_place"] = place
    _attributes(item, found)
    lot = _lot(item, lots)
    if lot is not None:
        found["lot_id"] = lot
    imported = item.fields.get("importedItem")
    if isinstance(imported, dict):
        found["imported"] = imported
        item.drop("importedItem")
    return found


def title_of(node: Node, name: str) -> tuple[str | None, str]:
    """The first line of a text as a title of at most 500 characters, and what follows it, or all where that is cut."""
    text = node.text(name)
    if text is None:
        return None, ""
    first, _, rest = text.partition("\n")
    first = " ".join(first.split())
    if len(first) > LINE:
        return first[:LINE].rsplit(" ", 1)[0], text
    return first, rest.strip()


def classifications_of(item: Node) -> list[Fields]:
    """The classification and the additional ones, each once."""
    found: list[Fields] = []
    main = item.child("classification")
    for node in [*([main] if main is not None else []), *item.children("additionalClassifications")]:
        scheme, code = node.peek("scheme"), node.id()
        if code is None or scheme is None:
            if node.fields.keys() - {"uri"}:
                node.warn("", "a classification has a scheme and an id; it is kept and not read")
            continue
        known = SCHEMES.get(scheme.upper().replace(" ", ""), scheme)[:LINE]
        if known == "CPV" and _SPREAD.fullmatch(code):
            code = code.removesuffix(".0")
        one: Fields = {"scheme": known, "id": code[:LINE]}
        description = node.line("description")
        if description is not None:
            one["description"] = description
        if not any(each["scheme"] == known and each["id"] == one["id"] for each in found) and len(found) < MOST_CODES:
            found.append(one)
        if node is main or not node.fields.keys() - {"scheme", "id"}:  # else they say whose the rest is
            node.drop("scheme", "id")
    return found


def delivery_of(node: Node) -> date | None:
    """The last day of delivery: the end of `deliveryDate`, which may also be a date itself."""
    if isinstance(node.fields.get("deliveryDate"), str):
        return node.day("deliveryDate")
    period = node.child("deliveryDate")
    return period.day("endDate") if period is not None else None


def money_of(node: Node | None) -> Fields | None:
    """An amount with its currency; None, and left in place, where it has none or is below 0."""
    if node is None:
        return None
    currency = node.peek("currency")
    amount = node.fields.get("amount")
    if currency is None or isinstance(amount, bool) or not isinstance(amount, (int, float)):
        return None
    if not 0 <= amount <= 1e18 or len(currency) != len("IRR") or not currency.isascii() or not currency.isupper():  # noqa: PLR2004 - as schemas.common.Money
        return None
    node.drop("amount", "currency")
    return {"amount": float(amount), "currency": currency}


def _quantity(item: Node) -> float:
    """The quantity, or 1 with a remark where none is said. Refused: one below 0, or that is no number."""
    if not item.has("quantity"):
        item.warn("quantity", "no quantity is said; it was taken as 1")
        return 1.0
    found = item.number("quantity")
    if found is None:
        item.refuse("quantity", "the quantity must be a number above 0")
        return 1.0
    if found < 0 or found > 1e15:  # noqa: PLR2004 - as schemas.base.Positive
        item.refuse("quantity", f"the quantity is {found:g}: it must be above 0 and at most 1e15")
        return 1.0
    return found


def _value(item: Node, quantity: float) -> Fields | None:
    """The item's estimated value, or its price for one by the quantity."""
    whole = money_of(item.child("estimatedValue"))
    unit = item.child("unit")
    price = unit.child("value") if unit is not None else None
    if whole is not None:
        if unit is not None:
            unit.drop("value")
        return whole
    one = money_of(price)
    return {**one, "amount": min(one["amount"] * quantity, 1e18)} if one is not None else None


def _class_name(item: Node) -> str | None:
    main = item.child("classification")
    return (main.peek("description") or "")[:LINE] or None if main is not None else None


def _attributes(item: Node, found: Fields) -> None:
    numbers: list[str] = []
    requirements: list[Fields] = []
    for attribute in item.children("attributes"):
        name = (attribute.peek("name") or "").casefold()
        if name in PART_NUMBERS and attribute.peek("value") is not None:
            numbers.append(attribute.line("value") or "")
            attribute.drop("name")
            continue
        said = requirement_of_attribute(attribute)
        if said is not None:
            attribute.drop("unit")
            requirements.append(said)
    found["part_numbers"] = [number for number in dict.fromkeys(numbers) if number]
    found["requirements"] = requirements


def _lot(item: Node, lots: frozenset[str]) -> str | None:
    related = item.peek("relatedLot")
    several = item.texts("relatedLots")
    said = related or (several[0] if len(several) == 1 else None)
    if said is None:
        return None
    if safe_id(said) not in lots:
        item.warn("relatedLot", f"there is no lot {said!r}; it is kept and not read")
        return None
    item.drop("relatedLot" if related else "relatedLots")
    return safe_id(said)
