"""Advice as plain data for JSON."""

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, cast


def plain(value: object) -> Any:
    """Dataclasses as objects, sequences as arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in cast("Sequence[object]", value)]
    return value
