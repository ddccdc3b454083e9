"""Where something is delivered: addresses and points of OCDS as a Place."""

from typing import Any, Final, cast

from services.imports.ocds.node import Node

COUNTRIES: Final = {
    "iran": "IR", "iran (islamic republic of)": "IR", "islamic republic of iran": "IR", "ایران": "IR", "irn": "IR",
    "turkey": "TR", "türkiye": "TR", "tur": "TR", "iraq": "IQ", "irq": "IQ", "afghanistan": "AF", "afg": "AF",
    "pakistan": "PK", "pak": "PK", "armenia": "AM", "arm": "AM", "azerbaijan": "AZ", "aze": "AZ", "turkmenistan": "TM",
    "tkm": "TM", "georgia": "GE", "geo": "GE", "russia": "RU", "russian federation": "RU", "rus": "RU", "china": "CN",
    "chn": "CN", "india": "IN", "ind": "IN", "united arab emirates": "AE", "are": "AE", "qatar": "QA", "qat": "QA",
    "oman": "OM", "omn": "OM", "kuwait": "KW", "kwt": "KW", "japan": "JP", "jpn": "JP", "kazakhstan": "KZ", "kaz": "KZ",
    "ukraine": "UA", "україна": "UA", "ukr": "UA", "moldova": "MD", "mda": "MD", "mexico": "MX", "méxico": "MX",
    "mex": "MX", "paraguay": "PY", "pry": "PY", "chile": "CL", "chl": "CL", "colombia": "CO", "col": "CO",
    "united kingdom": "GB", "gbr": "GB", "united states": "US", "usa": "US", "canada": "CA", "can": "CA",
    "austria": "AT", "aut": "AT", "belgium": "BE", "bel": "BE", "bulgaria": "BG", "bgr": "BG", "croatia": "HR", "hrv": "HR",
    "cyprus": "CY", "cyp": "CY", "czechia": "CZ", "cze": "CZ", "denmark": "DK", "dnk": "DK", "estonia": "EE", "est": "EE",
    "finland": "FI", "fin": "FI", "france": "FR", "fra": "FR", "germany": "DE", "deu": "DE", "greece": "GR", "grc": "GR",
    "hungary": "HU", "hun": "HU", "iceland": "IS", "isl": "IS", "ireland": "IE", "irl": "IE", "italy": "IT", "ita": "IT",
    "latvia": "LV", "lva": "LV", "liechtenstein": "LI", "lie": "LI", "lithuania": "LT", "ltu": "LT", "luxembourg": "LU",
    "lux": "LU", "malta": "MT", "mlt": "MT", "netherlands": "NL", "nld": "NL", "norway": "NO", "nor": "NO", "poland": "PL",
    "pol": "PL", "portugal": "PT", "prt": "PT", "romania": "RO", "rou": "RO", "serbia": "RS", "srb": "RS", "slovakia": "SK",
    "svk": "SK", "slovenia": "SI", "svn": "SI", "spain": "ES", "esp": "ES", "sweden": "SE", "swe": "SE",
    "switzerland": "CH", "che": "CH",
}  # fmt: skip
"""ISO 3166-1 alpha-2 codes by English or own name and by alpha-3 code, of neighbours and of those whose tenders are read."""


def place_of(node: Node) -> dict[str, Any] | None:
    """The place of delivery that an item or tender names; None where its country cannot be told, or none is named."""
    address = node.child("deliveryAddress") or next(iter(node.children("deliveryAddresses")), None)
    location = node.child("deliveryLocation") or next(iter(node.children("deliveryLocations")), None)
    point = _point(location) if location is not None else None
    if address is None:
        return {"location": point} if point is not None else None
    country = _country(address)
    if country is None:
        return {"location": point} if point is not None else None
    found: dict[str, Any] = {"country": country}
    for ours, theirs in (("name", "streetAddress"), ("city", "locality"), ("province", "region")):
        said = address.line(theirs)
        if said is not None:
            found[ours] = said
    if point is not None:
        found["location"] = point
    return found


def _country(address: Node) -> str | None:
    for name in ("country", "countryName"):
        said = address.peek(name)
        if said is None:
            continue
        code = (
            said.upper()
            if len(said) == len("IR") and said.isascii() and said.isalpha()
            else COUNTRIES.get(said.lower())
        )
        if code is not None:
            address.drop(name)
            if COUNTRIES.get((address.peek("countryName") or "").lower()) == code:
                address.drop("countryName")
            return code
        address.warn(name, f"{said!r} is no country that is known here; the address is kept and not read")
        return None
    if any(address.has(name) for name in ("streetAddress", "locality", "region")):
        address.warn("country", "it names no country; the address is kept and not read")
    return None


def _point(location: Node) -> dict[str, float] | None:
    """Latitude and longitude: of a GeoJSON point, which has the longitude first, or as ProZorro writes them."""
    geometry = location.child("geometry")
    if geometry is not None:
        pair: Any = geometry.fields.get("coordinates")
        if geometry.peek("type") == "Point" and isinstance(pair, list) and len(cast("list[Any]", pair)) == len("xy"):
            point = _checked(*cast("list[Any]", pair)[::-1])
            if point is not None:
                location.drop("geometry")
            return point
        return None
    if location.has("latitude") and location.has("longitude"):
        point = _checked(location.fields["latitude"], location.fields["longitude"])
        if point is not None:
            location.drop("latitude", "longitude")
        return point
    return None


def _checked(latitude: Any, longitude: Any) -> dict[str, float] | None:
    for value, most in ((latitude, 90), (longitude, 180)):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > most:
            return None
    return {"latitude": float(latitude), "longitude": float(longitude)}
