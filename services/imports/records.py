"""What importers share: a record as events or as a refusal, JSON lines, and event ids that are derived."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from schemas.base import Model
from schemas.envelope import Envelope, wrap
from schemas.events import BY_MODEL
from schemas.ids import derived


@dataclass(frozen=True, slots=True)
class Imported:
    """One record: its events, in order, and in sentences what of it was not taken over as it stands."""

    record: str
    events: tuple[Envelope, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotImported:
    """A record that became nothing: where it stands, and why in a sentence."""

    record: str
    reason: str


Read = Imported | NotImported


def json_lines(lines: Iterable[bytes], name: str) -> Iterator[tuple[str, dict[str, Any]] | NotImported]:
    """(place, object) of each line, or why it is none. Blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            value = json.loads(line)
        except ValueError as error:  # UnicodeDecodeError is one
            yield NotImported(place, f"this is not JSON: {error}")
            continue
        if isinstance(value, dict):
            yield place, cast("dict[str, Any]", value)
        else:
            yield NotImported(place, "this is no JSON object")


def event(data: Model, source: str) -> Envelope:
    """An event whose id follows from its content, so that importing the same file again changes nothing."""
    kind = BY_MODEL[type(data)]
    return wrap(data, source=source, event_id=derived("import", source, kind.name, data.model_dump_json()))


def sentence(error: ValidationError) -> str:
    """The first problem of a model's validation, and how many there are."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the record"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {first['msg']}{more}"
