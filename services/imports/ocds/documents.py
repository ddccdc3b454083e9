"""Bytes as JSON values: one document, or several after one another as lines are. Bounded, and with sentences for faults."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, Final

from pydantic_core import from_json

from schemas.errors import InvalidInputError

MOST_BYTES: Final = 256 * 1024 * 1024
FALLBACK: Final = "iso-8859-1"
_TOO_DEEP: Final = "recursion limit exceeded"


def read_documents(raw: bytes, encoding: str | None = None) -> tuple[list[Any], list[str]]:
    """The JSON values of a file, and remarks. InvalidInputError: it is too large, or no JSON.

    Without an encoding it is UTF-8; where it is none, ISO-8859-1, with a remark.
    """
    if len(raw) > MOST_BYTES:
        msg = f"it has {len(raw)} bytes; at most {MOST_BYTES} are read at once"
        raise InvalidInputError(msg, hint="Split it, one release or record a line.")
    text, remarks = _decoded(raw.removeprefix(codecs.BOM_UTF8), encoding)
    if not text.strip():
        msg = "it is empty"
        raise InvalidInputError(msg)
    try:
        return [from_json(text, allow_inf_nan=False)], remarks
    except ValueError as error:
        if _TOO_DEEP in str(error):
            msg = "its arrays and objects lie too deep in one another (more than 200 levels)"
            raise InvalidInputError(msg) from error
        first = error
    try:
        return list(_values(text)), remarks
    except (ValueError, RecursionError):
        msg = f"it is not JSON: {first}"
        raise InvalidInputError(msg) from first


def _decoded(raw: bytes, encoding: str | None) -> tuple[str, list[str]]:
    try:
        return raw.decode(encoding or "utf-8"), []
    except LookupError as error:
        msg = f"there is no encoding {encoding!r}"
        raise InvalidInputError(msg, hint="Such as utf-8, windows-1256, iso-8859-1.") from error
    except UnicodeDecodeError as error:
        if encoding is not None:
            msg = f"it is not {encoding}: {error.reason} at byte {error.start}"
            raise InvalidInputError(msg) from error
        remark = f"it is not UTF-8 (byte {error.start}); it was read as {FALLBACK}. Name another with --encoding"
        return raw.decode(FALLBACK), [remark]


def _values(text: str) -> Iterator[Any]:
    """Values after one another: JSON lines, or indented documents with nothing but white space between."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        values = [from_json(line, allow_inf_nan=False) for line in lines]
    except ValueError:
        values = None
    if values is not None:
        yield from values
        return
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        _, end = decoder.raw_decode(text, at)
        yield from_json(text[at:end], allow_inf_nan=False)
        at = end


def _no_constant(name: str) -> Any:
    msg = f"{name} is no JSON"
    raise ValueError(msg)
