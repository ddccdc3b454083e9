"""Units of measure by their UN/CEFACT code, as words that matching reads.

Source: UN/CEFACT Recommendation 20 (and 21 for packages), the codes that tenders use.
"""

from functools import cache
from typing import Final

from graph.knowledge import default_knowledge
from services.imports.ocds.node import Node

UNCEFACT: Final = "UNCEFACT"
WORDS: Final = {
    "H87": "piece", "C62": "piece", "EA": "piece", "NMP": "pack", "NAR": "piece", "PCE": "piece", "E48": "service",
    "SET": "set", "PR": "pair", "DZN": "dozen", "MIL": "thousand pcs", "CEN": "hundred pcs", "RO": "roll", "PK": "pack",
    "BX": "box", "XBX": "box", "XPK": "pack", "XRO": "roll", "BG": "bag", "XBG": "bag", "LEF": "sheet", "ST": "sheet",
    "KGM": "kg", "GRM": "g", "MGM": "mg", "TNE": "tonne", "LBR": "lb", "ONZ": "oz", "STN": "short ton",
    "MTR": "m", "CMT": "cm", "MMT": "mm", "KMT": "km", "DMT": "dm", "SMI": "mile", "INH": "inch", "FOT": "foot", "YRD": "yard",
    "MTK": "m2", "CMK": "cm2", "KMK": "km2", "HAR": "hectare", "FTK": "ft2",
    "MTQ": "m3", "LTR": "litre", "MLT": "ml", "HLT": "hectolitre", "CMQ": "cm3", "DMQ": "dm3", "GLL": "gallon",
    "SEC": "second", "MIN": "minute", "HUR": "hour", "DAY": "day", "WEE": "week", "MON": "month", "ANN": "year",
    "KWH": "kWh", "MWH": "MWh", "KWT": "kW", "MAW": "MW", "WTT": "W", "VLT": "V", "KVT": "kV", "AMP": "A", "KVA": "kVA",
    "MVA": "MVA", "OHM": "ohm", "HTZ": "Hz", "MHZ": "MHz", "NEW": "N", "B47": "kN", "NU": "N·m", "PAL": "Pa", "MPA": "MPa",
    "BAR": "bar", "CEL": "°C", "KEL": "K", "P1": "%", "KMH": "km/h", "MTS": "m/s", "RPM": "rpm", "2N": "dB",
}  # fmt: skip


def unit_of(node: Node) -> str | None:
    """A unit in words: its name where that means the same as its code, else what the code means; else as written."""
    scheme = node.peek("scheme")
    code = (node.id() or node.peek("code") or "").upper()
    word = WORDS.get(code) if scheme is None or scheme.upper() == UNCEFACT else None
    name = node.peek("name")
    if word is None:
        if name is not None:
            return node.line("name")
        return code or None
    node.drop("scheme", "code", "id")
    if name is None:
        return word
    units = default_knowledge().units
    said, meant = units.read(name), units.read(word)
    if said is not None and meant is not None and (said.dimension, said.factor) == (meant.dimension, meant.factor):
        return node.line("name")
    if said is not None:
        node.warn("name", f"the unit is called {name!r}, but its code {code} means {word!r}; the code was believed")
    return word


def code_of(unit: str) -> str | None:
    """The UN/CEFACT code of a unit in words of either script, where one means exactly that."""
    meant = default_knowledge().units.read(unit)
    return _codes().get(meant.id) if meant is not None else None


@cache
def _codes() -> dict[str, str]:
    """The first code of each unit of the lexicon."""
    units = default_knowledge().units
    found: dict[str, str] = {}
    for code, word in WORDS.items():
        meant = units.read(word)
        if meant is not None:
            found.setdefault(meant.id, code)
    return found
