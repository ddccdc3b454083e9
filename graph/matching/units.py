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
        self._dimensions = {name: found.most_common(1)[0][0] for name, found in counts.items()}
        for text, unit in self._exact.items():
            self._units.setdefault(_key(text), unit)
        self.read = lru_cache(maxsize=10_000)(self._read)

    def _read(self, text: str) -> Unit | None:
        """Return the unit that a field's text writes, or None."""
        return self._exact.get(text.strip()) or self._units.get(_key(text))

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
    text = str(entry["unit"])
    try:
        one = registry.Quantity(1.0, text) if text.isidentifier() else registry.parse_expression(text) * 1.0
        offset = float(registry.Quantity(0.0, text).to_base_units().magnitude) if text.isidentifier() else 0.0
    except UndefinedUnitError:
        # Money and the like: comparable only with itself.
        return Unit(entry["id"], f"{dimension}:{text}", 1.0, 0.0)
    base = one.to_base_units()
    told = str(base.units)
    return Unit(entry["id"], dimension if told in _BARE else told, float(base.magnitude) - offset, offset)
