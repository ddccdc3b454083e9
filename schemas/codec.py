"""Kafka record <-> event. Writes CloudEvents in structured mode, reads structured and binary mode.

A record that cannot be read becomes a `Poison` with a reason; nothing here raises on bad input.
Source of the binding: CloudEvents 1.0.2, Kafka protocol binding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import ValidationError
from pydantic_core import from_json

from schemas.envelope import ONE, Envelope
from schemas.events import BY_TYPE

STRUCTURED: Final = "application/cloudevents+json; charset=UTF-8"
MAX_BYTES: Final = 1_000_000

Headers = Sequence[tuple[str, bytes | None]]


class Record(Protocol):
    """What the codec needs of a Kafka record (aiokafka's and kafka-python's both have it)."""

    @property
    def topic(self) -> str:
        """Name of the topic."""
        ...

    @property
    def key(self) -> bytes | None:
        """Raw key."""
        ...

    @property
    def value(self) -> bytes | None:
        """Raw value; None is a tombstone."""
        ...

    @property
    def headers(self) -> Headers:
        """Names and raw values."""
        ...


@dataclass(frozen=True, slots=True)
class Poison:
    """Why a record cannot be read: a stable code for machines, a sentence for people."""

    code: str
    reason: str


def encode(event: Envelope) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    """Key, value and headers of the record for an event."""
    value = event.model_dump_json(exclude_none=True, exclude_unset=False).encode()
    return event.key.encode(), value, [("content-type", STRUCTURED.encode())]


def decode(record: Record) -> Envelope | Poison:
    """The event of one record, or why there is none."""
    value = record.value
    if value is None:
        return Poison("null_value", "The record has no value (a tombstone); events are never deleted this way.")
    if len(value) > MAX_BYTES:
        return Poison("too_large", f"The value has {len(value)} bytes; at most {MAX_BYTES} are read.")
    headers = {name.lower(): raw for name, raw in record.headers}
    content_type = _text(headers.get("content-type")).lower()
    binary = "ce_type" in headers and not content_type.startswith("application/cloudevents")
    event = _binary(headers, value) if binary else _structured(value)
    return event if isinstance(event, Poison) else _in_place(event, record)


def _structured(value: bytes) -> Envelope | Poison:
    try:
        return ONE.validate_json(value)
    except ValidationError as error:
        return _explain(error, value)


def _binary(headers: Mapping[str, bytes | None], value: bytes) -> Envelope | Poison:
    attributes: dict[str, object] = {
        name.removeprefix("ce_"): _text(raw) for name, raw in headers.items() if name.startswith("ce_")
    }
    attributes["datacontenttype"] = _text(headers.get("content-type")) or "application/json"
    try:
        attributes["data"] = from_json(value)
    except ValueError as error:
        return Poison("not_json", f"The value is not JSON: {error}.")
    try:
        return ONE.validate_python(attributes)
    except ValidationError as error:
        return _explain(error, value)


def _text(raw: bytes | None) -> str:
    return raw.decode("utf-8", "replace") if raw else ""


def _explain(error: ValidationError, value: bytes) -> Poison:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "json_invalid":
            try:
                value.decode()
            except UnicodeDecodeError as bad:
                return Poison("bad_encoding", f"The value is not UTF-8: {bad.reason} at byte {bad.start}.")
            return Poison("not_json", f"The value is not JSON: {first['msg']}.")
        case "union_tag_invalid" | "union_tag_not_found":
            known = f"It is one of {len(BY_TYPE)} types that start with ir.peyvand., such as ir.peyvand.demand.published.v1."
            return Poison("unknown_type", f"The event type is missing or unknown. {known}")
        case _:
            more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
            place = where.split(".", 1)[1] if where.startswith("ir.peyvand") and ".v1." in where else where
            place = place.split(".v1.", 1)[-1]
            code = "invalid_data" if place.startswith("data") else "not_cloudevent"
            return Poison(code, f"{place or 'the event'}: {first['msg']}{more}.")


def _in_place(event: Envelope, record: Record) -> Envelope | Poison:
    kind = event.kind
    if record.topic != kind.topic:
        return Poison("wrong_topic", f"{kind.name} belongs on {kind.topic}, not on {record.topic}.")
    if record.key is None or record.key != event.key.encode():
        got = "no key" if record.key is None else repr(record.key[:100])[1:]
        return Poison(
            "wrong_key",
            f"The key of {kind.name} must be data.{kind.key_field} ({event.key!r}) but was {got}: "
            "the key keeps the events of one subject in order.",
        )
    return event
