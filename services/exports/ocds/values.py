"""Small values in OCDS's form: times, numbers, money, units, places."""

from datetime import UTC, date, datetime
from typing import Any, Final

from schemas.common import Money, Place
from services.exports.ocds.currencies import CURRENCIES
from services.imports.ocds.places import COUNTRIES
from services.imports.ocds.units import UNCEFACT, code_of

Fields = dict[str, Any]
_NAMES: Final = {code: name for name, code in reversed(COUNTRIES.items()) if len(name) > len("IRN") and name.isascii()}


def stamp(at: datetime) -> str:
    """A time in UTC with milliseconds: always of one length, so that texts sort as times do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def begins(day: date) -> str:
    """The beginning of a day."""
    return f"{day.isoformat()}T00:00:00Z"


def ends(day: date) -> str:
    """The end of a day."""
    return f"{day.isoformat()}T23:59:59Z"


def number(value: float) -> float | int:
    """A number, whole ones without a fraction."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def present(**fields: Any) -> Fields:
    """The fields that say something: neither None nor an empty text, array or object."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def money(value: Money) -> Fields:
    """An amount with its currency."""
    return {"amount": number(value.amount), **({"currency": value.currency} if value.currency in CURRENCIES else {})}


def unit(text: str) -> Fields:
    """A unit as it is written, with its UN/CEFACT code where one means exactly that."""
    code = code_of(text)
    return {"name": text, **({"scheme": UNCEFACT, "id": code} if code is not None else {})}


def address(place: Place) -> Fields:
    """Where a place is, in words."""
    name = _NAMES.get(place.country)
    found = {
        "streetAddress": place.name,
        "locality": place.city,
        "region": place.province,
        "countryName": name.title() if name is not None else None,
        "country": place.country,
    }
    return {key: value for key, value in found.items() if value is not None}


def delivery(place: Place | None) -> Fields:
    """A place of delivery as an address and, where its coordinates are known, a location."""
    if place is None:
        return {}
    return present(deliveryAddress=address(place), deliveryLocation=point(place))


def point(place: Place) -> Fields | None:
    """A place as a GeoJSON point, which has the longitude first."""
    where = place.location
    if where is None:
        return None
    return {"geometry": {"type": "Point", "coordinates": [where.longitude, where.latitude]}}
