"""Counting units: pieces in all their words, or a measure such as mass or length, in base units."""

from typing import Final, NamedTuple

from graph.matching.units import Units

PIECES: Final = "piece"
MASS: Final = "kilogram"


class Quantity(NamedTuple):
    """A quantity in base units: counting is "piece", a dimension, or empty where no unit was understood."""

    value: float
    counting: str
    factor: float


def read_quantity(value: float, unit: str | None, units: Units) -> Quantity:
    """Read "هزار عدد", "t", "sets": pieces of any word are pieces; a unit not known counts as pieces too."""
    found = units.read(unit) if unit and unit.strip() else None
    if found is None:
        return Quantity(value, PIECES if not unit or not unit.strip() else "", 1.0)
    counting = PIECES if found.dimension in ("count", "piece") else found.dimension
    return Quantity(value * found.factor, counting, found.factor)
