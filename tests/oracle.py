"""The oracle, which chaos runs share with the tests."""

from services.chaos.oracle import Expected, Fold, expected, unit_states

__all__ = ["Expected", "Fold", "expected", "unit_states"]
