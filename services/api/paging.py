"""Cursors: opaque texts that say after which row the next page begins."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Final, Generic, TypeVar, cast

from fastapi import Query
from pydantic import BaseModel, Field
from pydantic_core import from_json, to_json

from services.api.problems import FieldsError, ProblemError

DEFAULT_ROWS: Final = 50
MOST_ROWS: Final = 200
T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of a page.")]
CursorText = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before; leave it out for the first page.")
]


class Page(BaseModel, Generic[T]):
    """Rows in a stable order, and where to go on."""

    items: list[T]
    next: str | None = Field(description="Cursor of the next page; null at the end.")


def cursor_of(*keys: str | int) -> str:
    """The cursor that stands after a row with these sort keys."""
    return base64.urlsafe_b64encode(to_json(keys)).decode().rstrip("=")


def keys_of(cursor: str | None, first: tuple[Any, ...]) -> tuple[Any, ...]:
    """The sort keys in a cursor, of the same kinds as `first`, which stands for no cursor. FieldsError: not a cursor."""
    if cursor is None:
        return first
    keys: list[Any] | None = None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = from_json(raw)
        keys = cast("list[Any]", found) if isinstance(found, list) else None
    except (ValueError, binascii.Error):
        keys = None
    if keys is None or not _alike(keys, first):
        raise FieldsError(
            [
                ProblemError(
                    detail="This is not a cursor of this list.",
                    parameter="cursor",
                    hint="Take `next` of the page before, or leave it out.",
                )
            ]
        )
    return tuple(keys)


def _alike(keys: Sequence[Any], first: Sequence[Any]) -> bool:
    """Tell whether keys are of the kinds of `first`, with whole numbers that the graph can hold."""
    kinds = [type(key) for key in keys] == [type(key) for key in first]
    return kinds and all(not isinstance(key, int) or abs(key) < 2**63 for key in keys)
