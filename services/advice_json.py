"""Advice as plain data for JSON."""

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, cast

from graph.advice.learn.classify import Classified


def plain(value: object) -> Any:
    """Dataclasses as objects, sequences as arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in cast("Sequence[object]", value)]
    return value


def classified_plain(one: Classified) -> dict[str, Any]:
    """A classified text: codes and ids with their scores as objects."""
    return {
        "id": one.id,
        "classes": [{"id": name, "score": score} for name, score in one.classes],
        "cpv": [{"code": code, "score": score} for code, score in one.cpv],
        "hs": [{"code": code, "score": score} for code, score in one.hs],
    }
