"""The demonstration data as events, in an order in which it could have happened."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Final

from schemas.base import Model
from schemas.events import BY_NAME

WRITTEN_FOR: Final = date(2026, 11, 24)
"""The day that the data calls today; expired and not yet expired are meant as of it."""

_DATES: Final = frozenset(
    {"awarded", "closes", "end", "free_from", "last_production", "needed_by", "published", "since", "start"}
    | {"target_date", "valid_from", "valid_until"}
)
_REGISTRATIONS: Final = (
    ("suppliers.jsonl", "SupplierRegistered", "supplier"),
    ("offers-running-gear.jsonl", "ProductRegistered", "offer"),
    ("offers-vehicles.jsonl", "ProductRegistered", "offer"),
    ("offers-track-power.jsonl", "ProductRegistered", "offer"),
    ("offers-industry.jsonl", "ProductRegistered", "offer"),
    ("offers-capabilities.jsonl", "ProductRegistered", "offer"),
    ("demands.jsonl", "DemandPublished", "demand"),
)
"""File, the event that each of its lines is the record of, and the record's name in that event."""


def demo_events(today: date | None = None) -> Iterator[tuple[str, Model]]:
    """Yield (event type name, data): suppliers, offers, demands by date of publication, then what happened since.

    With `today`, all dates are moved by as many days as today is away from WRITTEN_FOR, so that the same
    certificates are valid and the same deadlines ahead. A line that does not fit its model is a ValidationError.
    """
    shift = timedelta() if today is None else today - WRITTEN_FOR
    for file, name, field in _REGISTRATIONS:
        for record in _lines(file, shift):
            yield name, BY_NAME[name].model.model_validate({"version": 1, field: record})
    for event in _lines("story.jsonl", shift):
        name = str(event["type"])
        yield name, BY_NAME[name].model.model_validate(event["data"])


def expectations() -> Iterator[dict[str, object]]:
    """Yield what a right matcher says of each demand item once all events are in: see README.md."""
    yield from _lines("expected.jsonl", timedelta())


def _lines(file: str, shift: timedelta) -> Iterator[dict[str, object]]:
    text = (files("services.demo") / "data" / file).read_text(encoding="utf-8")
    for line in text.splitlines():
        yield json.loads(line, object_hook=_mover(shift) if shift else None)


def _mover(shift: timedelta) -> Callable[[dict[str, object]], dict[str, object]]:
    def move(record: dict[str, object]) -> dict[str, object]:
        dated = {name: record[name] for name in _DATES & record.keys()}
        moved = {name: str(date.fromisoformat(str(day)) + shift) for name, day in dated.items()}
        return record | moved

    return move
