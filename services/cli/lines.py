"""Reading events from JSON lines: CloudEvents whole, or just `{"type": ..., "data": ...}`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import from_json

from schemas.envelope import ONE, Envelope, wrap
from schemas.events import BY_NAME, event_type


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is no event: its number from 1, and why in a sentence."""

    line: int
    reason: str


def read_events(lines: Iterable[bytes], source: str) -> Iterator[Envelope | Refused]:
    """Events of JSON lines in order; a bad line becomes Refused. Blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _event(number, line, source)


def event_of(value: object, source: str) -> Envelope | str:
    """The event of a parsed JSON value, or why it is none."""
    if not isinstance(value, dict):
        return "an event is a JSON object"
    fields = cast("dict[str, Any]", value)
    kind = event_type(str(fields.get("type")))
    if kind is None:
        near = get_close_matches(str(fields.get("type")), BY_NAME, 1)
        return f"type {fields.get('type')!r} is unknown" + (f"; did you mean {near[0]}?" if near else "")
    try:
        if "specversion" in fields:
            return ONE.validate_python({**fields, "type": kind.ce_type})
        data = kind.model.model_validate(fields.get("data"))
        return wrap(data, source=str(fields.get("source") or source), event_id=fields.get("id"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"] if part != kind.ce_type)
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        return f"{kind.name}: {where}: {first['msg']}{more}"


def _event(number: int, line: bytes, source: str) -> Envelope | Refused:
    try:
        value = from_json(line)
    except ValueError as error:
        return Refused(number, f"this is not JSON: {error}")
    found = event_of(value, source)
    return Refused(number, found) if isinstance(found, str) else found
