"""Units of both scripts and their conversion: factors are worked out by pint once, then it is one multiplication."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pint import UndefinedUnitError

from graph.matching.text import normalise

_PIECE: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_MOST: Final = 8
_INCH: Final = 0.0254
_NEAR: Final = 0.0003
#: Base units that do not tell ratios, counts, angles and data apart: the lexicon's dimension does.
_BARE: Final = frozenset({"dimensionless", "radian", "bit", "count", ""})
_SCALES: Final = {"million": 1e6, "millions": 1e6, "mln": 1e6, "mio": 1e6, "میلیون": 1e6, "thousand": 1e3, "thousands": 1e3, "هزار": 1e3,
                  "k": 1e3, "hundred": 1e2, "صد": 1e2, "billion": 1e9, "میلیارد": 1e9}  # fmt: skip
_SCALED: Final = re.compile(
    rf"(?:(?:x\s?)?({'|'.join(_SCALES)})(?=\s)|(?:x\s?)?1[0 ,]*(?:0\^?([2-9])(?!\d)|000)(?=\D))\s*(?:of\s|تا\s|x\s)?"
)
_QUOTIENT: Final = re.compile(r"\s?/\s?|\sper\s|\sبر\s|\sدر\s|\sبه ازای هر\s")
_PLAIN: Final = str.maketrans({"·": "", "*": "", ".": "", "^": "", " ": "", "-": "", "'": "′", "₂": "2", "\u200c": ""})


class Unit(NamedTuple):
    """A unit. base = value * factor + offset; `dimension` is equal for units that convert into each other."""

    id: str
    dimension: str
    factor: float
    offset: float


class Units:
    """The unit lexicon: spelling -> unit."""

    def __init__(self, entries: Iterable[Mapping[str, Any]], registry: Any) -> None:
        self._units: dict[str, Unit] = {}
        self._exact: dict[str, Unit] = {}
        self._also: dict[str, tuple[str, ...]] = {}
        self._terms: dict[str, str] = {}
        self._registry = registry
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.by_id: dict[str, Unit] = {}
        self._nominal: list[tuple[float, float]] = []
        for entry in entries:
            if entry.get("kind") == "nominal-size":
                self._nominal.append((entry["dn"] / 1000, entry["inch"] * _INCH))
            if entry.get("kind") not in ("unit", "count"):
                continue
            unit = _unit(entry, registry)
            self.by_id[unit.id] = unit
            counts[str(entry["dimension"])][unit.dimension] += 1
            for text in entry.get("exact", ()):
                self._exact[str(text)] = unit
            for texts in (*entry["names"].values(), entry.get("symbols", ())):
                for text in texts:
                    self._units.setdefault(_key(str(text)), unit)
            self._also[unit.id] = tuple(entry.get("also", ()))
            if entry["kind"] == "unit" and entry.get("unit") and not entry.get("scale") and not unit.offset:
                self._terms[unit.id] = str(entry["unit"])
        self._dimensions = {name: found.most_common(1)[0][0] for name, found in counts.items()}
        for text, unit in self._exact.items():
            self._units.setdefault(_key(text), unit)
        self.read = lru_cache(maxsize=10_000)(self._read)

    def _read(self, text: str) -> Unit | None:
        """Return the unit that a field's text writes, or None."""
        return self._exact.get(text.strip()) or self._units.get(_key(text)) or self._composed(normalise(text))

    def _composed(self, text: str) -> Unit | None:
        """Read what no entry spells: a multiple ("million pcs", «هزار متر») or a quotient ("dl/g", «گرم بر کیلومتر»)."""
        scaled = _SCALED.match(text)
        if scaled:
            unit = self.read(text[scaled.end() :])
            factor = _SCALES.get(scaled.group(1)) or 10.0 ** int(scaled.group(2) or 3)
            return None if unit is None else Unit(f"{unit.id}*{factor:g}", unit.dimension, unit.factor * factor, 0.0)
        sides = _QUOTIENT.split(text)
        if len(sides) != 2:  # noqa: PLR2004
            return None
        over, under = (self._units.get(_key(side)) for side in sides)
        if over is None or under is None:
            return None
        terms = [self._terms.get(over.id), self._terms.get(under.id)]
        if all(terms):
            return _measured(f"{over.id}/{under.id}", "ratio", f"({terms[0]})/({terms[1]})", self._registry)
        return Unit(f"{over.id}/{under.id}", f"{over.dimension}/{under.dimension}", over.factor / under.factor, 0.0)

    def readings(self, unit: Unit) -> tuple[Unit, ...]:
        """Return the unit and what people also mean by its word: "degrees" of an angle or Celsius, tonnes of force."""
        return (unit, *(self.by_id[each] for each in self._also.get(unit.id, ()) if each in self.by_id))

    def same_sizes(self, metres: float) -> tuple[float, ...]:
        """Return a length and the one that the trade says for it of pipes: DN150 is 6 in."""
        for dn, inch in self._nominal:
            if abs(metres - dn) < _NEAR or abs(metres - inch) < _NEAR:
                return tuple(dict.fromkeys((metres, dn, inch)))
        return (metres,)

    def dimension_of(self, name: str) -> str:
        """Return the dimension of units, as in Unit.dimension, for the lexicon's name of a dimension ("force")."""
        return self._dimensions.get(name, name)

    def at(self, text: str, start: int) -> tuple[Unit, int] | None:
        """Return the longest unit written at `start` of normalised text, and where it ends."""
        while start < len(text) and text[start] == " ":
            start += 1
        key, best, last = "", None, start
        for count, piece in enumerate(_PIECE.finditer(text, start, start + 40)):
            if count >= _MOST or (piece.start() > last + 1):
                break
            last = piece.end()
            key += piece.group().translate(_PLAIN)
            unit = self._units.get(key)
            if unit and not text[last : last + 1].isalpha():
                best = (unit, last)
        return best


def _key(text: str) -> str:
    return normalise(text).translate(_PLAIN)


def _unit(entry: Mapping[str, Any], registry: Any) -> Unit:
    dimension = str(entry["dimension"])
    if entry["kind"] == "count" and (entry.get("multiplicity") or entry.get("unit") in (None, "count")):
        return Unit(entry["id"], dimension, float(entry.get("multiplicity", 1)), 0.0)
    if entry.get("scale") and dimension != "level":  # dB and dB(A) are written for one another
        return Unit(entry["id"], f"{dimension}:{entry['scale']}", 1.0, 0.0)
    if not entry.get("unit"):
        return Unit(entry["id"], dimension, float(entry.get("factor", 1.0)), 0.0)
    return _measured(entry["id"], dimension, str(entry["unit"]), registry)


def _measured(unit_id: str, dimension: str, text: str, registry: Any) -> Unit:
    """Return the unit that pint reads; what it does not know, such as money, is comparable only with itself."""
    try:
        one = registry.Quantity(1.0, text) if text.isidentifier() else registry.parse_expression(text) * 1.0
        offset = float(registry.Quantity(0.0, text).to_base_units().magnitude) if text.isidentifier() else 0.0
    except UndefinedUnitError:
        return Unit(unit_id, f"{dimension}:{text}", 1.0, 0.0)
    base = one.to_base_units()
    told = str(base.units)
    return Unit(unit_id, dimension if told in _BARE else told, float(base.magnitude) - offset, offset)
