"""Ground types of every model: identifiers, texts, numbers, and how strict a model is."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

ITEM_SEPARATOR = "~"
"""Stands between a demand's id and an item's id in an item key, so no id may contain it."""

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s~/#?\\\x00-\x1f\x7f]+$", min_length=1, max_length=200),
    Field(description="Identifier: no white space, control characters, or any of ~ / # ? \\", examples=["dem-001"]),
]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$", strip_whitespace=True)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e18, le=1e18)]
Positive = Annotated[float, Field(allow_inf_nan=False, gt=0, le=1e15)]
Percent = Annotated[float, Field(allow_inf_nan=False, ge=0, le=100)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Version = Annotated[
    int,
    Field(ge=1, le=2**53, description="Counts the revisions of one subject; the higher one wins, whenever it arrives."),
]


def _calendar_date(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            msg = f"{value!r} is no calendar date; write it as 2027-03-31"
            raise ValueError(msg) from None
    if isinstance(value, (int, float)):
        msg = f"a date is written as text, such as 2027-03-31, not as the number {value}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic turns only a ValueError into its report
    return value


Day = Annotated[
    date, BeforeValidator(_calendar_date), Field(description="ISO 8601 calendar date", examples=["2027-03-31"])
]
"""A number would be read as seconds since 1970, so 20270131 would silently be a day in August 1970."""


class Model(BaseModel):
    """Immutable; unknown fields are dropped on Kafka (newer producers) and refused at the HTTP door."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=False, ser_json_inf_nan="constants")
