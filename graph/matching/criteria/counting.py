"""Quantities of one pair in one unit: pieces, or a measure, or pieces turned into mass by the weight of one."""

from graph.matching.criteria.base import Pair
from graph.matching.quantity import MASS, PIECES


def comparable(pair: Pair, quantity: float, counting: str, other: str) -> float | None:
    """Return a quantity counted in `counting` as a number counted in `other`, or None if no weight tells."""
    if counting == other or not counting or not other:
        return quantity
    mass = pair.item.piece_mass or pair.offer.piece_mass
    if mass:
        if counting == PIECES and other == MASS:
            return quantity * mass
        if counting == MASS and other == PIECES:
            return quantity / mass
    return None
