"""Properties out of fields: what is asked and what is offered, in base units and normalised words."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from graph.matching.facts import Mark
from graph.matching.names import AttributeNames, Named
from graph.matching.numbers import amounts
from graph.matching.text import loose, normalise, stems
from graph.matching.units import Unit, Units
from graph.matching.values import Values
from schemas.common import Attribute, Requirement

FIELD: Final = "field"
TEXT: Final = "text"
#: Between alternatives of a value; a slash between digits is part of a size ("315/80R22.5", "1 3/8").
_PIECES: Final = re.compile(r"[,;()|+/]\s|\s?[()|;,]\s?|\s/\s?|/(?=[^\W\d_])|\s(?:or|and|یا|و)\s")
_NONE: Final = Unit("", "", 1.0, 0.0)


class AttributeReader:
    """Reads requirements and attributes."""

    def __init__(self, names: AttributeNames, units: Units, values: Values) -> None:
        self.names, self.units, self.values = names, units, values

    def requirement(self, asked: Requirement) -> Mark:
        """Read one requirement. A minimum and maximum are a range, several values are alternatives."""
        named = self.names.read(asked.name)
        unit = self._unit(asked.unit, named)
        named = self._sure(named, unit)
        shown = _asked(asked)
        if asked.equals is not None or asked.one_of:
            given: Sequence[object] = asked.one_of or [asked.equals]
            mode = "one_of" if asked.one_of else "equals"
            return self._asked_values(self._values(asked.name, mode, named, given, unit, shown, FIELD), given)
        mode = "range" if asked.min is not None and asked.max is not None else "min" if asked.min is not None else "max"
        low, high = _base(asked.min, unit), _base(asked.max, unit)
        return Mark(
            asked.name, mode, named.concepts, named.tokens, unit.dimension, low, high, (), (), shown, FIELD, unit.factor, unit.offset
        )  # fmt: skip

    def _asked_values(self, mark: Mark, given: Sequence[object]) -> Mark:
        """Add what else says an asked value: the other name of a pipe size, and its words as a text may have them."""
        points = mark.points
        if any("size" in self.names.above[each] for each in mark.concepts):
            points = tuple(dict.fromkeys(same for point in points for same in self.units.same_sizes(point)))
        phrases = [" ".join(stems(normalise(value))) for value in given if isinstance(value, str)]
        return mark._replace(
            points=points, words=(*mark.words, *(f"~{phrase}" for phrase in phrases if _tells(phrase)))
        )

    def attribute(self, offered: Attribute) -> Mark:
        """Read one attribute of an offer."""
        named = self.names.read(offered.name)
        unit = self._unit(offered.unit, named)
        named = self._sure(named, unit)
        shown = _offered(offered)
        if offered.value is not None:
            given = offered.value if isinstance(offered.value, list) else [offered.value]
            return self._values(offered.name, "value", named, given, unit, shown, FIELD)
        low, high = _base(offered.min, unit), _base(offered.max, unit)
        return Mark(
            offered.name, "range", named.concepts, named.tokens, unit.dimension, low, high, (), (), shown, FIELD, unit.factor, unit.offset
        )  # fmt: skip

    def _unit(self, text: str | None, named: Named) -> Unit:
        if not text or not text.strip():
            return _NONE
        unit = self.units.read(text)
        return self.fitting(unit, named.concepts) if unit else Unit(text, f"?{loose(text)}", 1.0, 0.0)

    def _sure(self, named: Named, unit: Unit) -> Named:
        """Leave out what a name may mean but its unit denies: «شدت نور» in lux is no luminous intensity."""
        if not unit.dimension:
            return named
        return named._replace(concepts=tuple(each for each in named.concepts if self.measured(each, unit)))

    def measured(self, concept: str, unit: Unit) -> bool:
        """Tell whether a property can be given in a unit. What the lexicon calls "any", text or grade can."""
        dimension = self.names.concepts[concept].dimension
        wanted = self.units.dimension_of(dimension)
        if dimension in ("any", "text", "grade") or wanted == unit.dimension or unit.dimension.startswith("?"):
            return True
        both = {wanted, unit.dimension}
        return (
            both == {"kilogram", "kilogram * meter / second ** 2"}
            or wanted.split(":")[0] == unit.dimension.split(":")[0]
        )

    def fitting(self, unit: Unit, concepts: Iterable[str]) -> Unit:
        """Return the reading of a unit word that fits the property: "درجه" of a temperature is Celsius."""
        readings = self.units.readings(unit)
        if len(readings) == 1:
            return unit
        wanted = {self.units.dimension_of(self.names.concepts[each].dimension) for each in concepts}
        return next((each for each in readings if each.dimension in wanted), unit)

    def _values(
        self, name: str, mode: str, named: Named, given: Iterable[object], unit: Unit, shown: str, layer: str
    ) -> Mark:  # fmt: skip
        points: list[float] = []
        words: list[str] = []
        low = high = None
        for value in given:
            if isinstance(value, bool):
                words.append("true" if value else "false")
            elif isinstance(value, int | float):
                points.append(_base(float(value), unit) or 0.0)
                words.append(f"{value:g}")
            else:
                text = str(value)
                words.extend(self.words(text, upwards=mode == "value"))
                number = None if self._told(named) else self._number(text, unit)
                if number:
                    unit = number[2]
                    if number[0] == number[1] and number[0] is not None:
                        points.append(number[0])
                    else:
                        low, high = number[0], number[1]
        return Mark(
            name, mode, named.concepts, named.tokens, unit.dimension, low, high, tuple(points), tuple(dict.fromkeys(words)), shown,
            layer, unit.factor, unit.offset,
        )  # fmt: skip

    def _told(self, named: Named) -> bool:
        """Tell whether a property is a category, so that "4G" is no mass."""
        return bool(named.concepts) and all(
            self.names.concepts[each].dimension in ("text", "grade") for each in named.concepts
        )

    def _number(self, text: str, unit: Unit) -> tuple[float | None, float | None, Unit] | None:
        """Read a text that is a number with a unit ("110 V DC", "10-20 bar"), in base units."""
        plain = normalise(text)
        found = amounts(plain)
        if len(found) != 1:
            return None
        one = found[0]
        if plain[: one.start].strip() and one.bound not in ("min", "max"):
            return None
        written = self.units.at(plain, one.end)
        if written is None and plain[one.end :].strip():
            return None
        unit = written[0] if written else unit
        return _base(one.low, unit), _base(one.high, unit), unit

    def words(self, text: str, *, upwards: bool) -> list[str]:
        """Return the normalised categories of a value: the whole text, its pieces, and what the lexicon calls them."""
        pieces = [text, *(piece for piece in _PIECES.split(normalise(text)) if piece)]
        found: list[str] = []
        for piece in pieces:
            found.extend(self.values.read(piece, upwards=upwards))
            found.extend(key for key in (loose(piece), _telling(piece)) if key)
        return list(dict.fromkeys(found))


def _tells(phrase: str) -> bool:
    """Tell whether a phrase is special enough to be believed wherever it stands: letters and digits, or a long word."""
    letters = any(map(str.isalpha, phrase))
    return letters and (len(phrase) >= 5 or (len(phrase) >= 3 and any(map(str.isdigit, phrase))))  # noqa: PLR2004


def _telling(text: str) -> str:
    """Return the words of a category without those that link them: "quench and temper", «کوئنچ تمپر»."""
    plain = stems(normalise(text))
    return "".join(plain) if len(plain) > 1 else ""


def _base(value: float | None, unit: Unit) -> float | None:
    return None if value is None else value * unit.factor + unit.offset


def _show(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _asked(asked: Requirement) -> str:
    unit = f" {asked.unit}" if asked.unit else ""
    if asked.one_of:
        return " / ".join(map(_show, asked.one_of)) + unit
    if asked.equals is not None:
        return _show(asked.equals) + unit
    if asked.min is not None and asked.max is not None:
        return f"{_show(asked.min)} to {_show(asked.max)}{unit}"
    return f">= {_show(asked.min)}{unit}" if asked.min is not None else f"<= {_show(asked.max)}{unit}"


def _offered(offered: Attribute) -> str:
    unit = f" {offered.unit}" if offered.unit else ""
    if offered.value is not None:
        value = offered.value
        return (", ".join(map(_show, value)) if isinstance(value, list) else _show(value)) + unit
    if offered.min is None:
        return f"up to {_show(offered.max)}{unit}"
    return (
        f"{_show(offered.min)} to {_show(offered.max)}{unit}"
        if offered.max is not None
        else f"from {_show(offered.min)}{unit}"
    )
