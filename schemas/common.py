"""Pieces that suppliers, offers and demands share."""

from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from schemas.base import Day, Id, Line, Model, Name, Number, Percent, Positive, Text

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Classification(Model):
    """A code of a classification. PEYVAND is the service's own tree; foreign ones are CPV, HS, ISIC, UNSPSC, ..."""

    scheme: Name
    id: Line
    description: Line | None = None


class Identifier(Model):
    """An organisation's number in an official register (org-id.guide list code + number)."""

    scheme: Name
    id: Name


class Location(Model):
    """WGS 84 degrees."""

    latitude: Latitude
    longitude: Longitude


class Place(Model):
    """Where something is, as people write it; coordinates where known."""

    name: Line | None = None
    city: Line | None = None
    province: Line | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "IR"
    location: Location | None = None


class Quantity(Model):
    """A number of a unit, as written ("عدد", "pcs", "t")."""

    quantity: Positive
    unit: Line | None = None


class Money(Model):
    """An amount in an ISO 4217 currency."""

    amount: Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e18)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "IRR"


class StandardHeld(Model):
    """A standard that is met or held; one whose valid_until has passed is not held."""

    standard: Name
    valid_until: Day | None = None
    scope: Line | None = None
    issuer: Line | None = None
    document: Line | None = None


class Attribute(Model):
    """A property of what is offered: one value, or the range that can be made."""

    name: Name
    value: Number | bool | Line | list[Number | Line] | None = None
    min: Number | None = None
    max: Number | None = None
    unit: Line | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.value is None and self.min is None and self.max is None:
            msg = f"attribute {self.name!r} says nothing: give value, min or max"
            raise ValueError(msg)
        if self.min is not None and self.max is not None and self.min > self.max:
            msg = f"attribute {self.name!r} has min {self.min} above max {self.max}"
            raise ValueError(msg)
        return self


class Requirement(Model):
    """What is asked of one property: a range, an exact value, or one of a list."""

    name: Name
    min: Number | None = None
    max: Number | None = None
    equals: Number | bool | Line | None = None
    one_of: list[Number | Line] | None = None
    unit: Line | None = None
    evidence: Line | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.min is None and self.max is None and self.equals is None and not self.one_of:
            msg = f"requirement {self.name!r} asks nothing: give min, max, equals or one_of"
            raise ValueError(msg)
        if self.min is not None and self.max is not None and self.min > self.max:
            msg = f"requirement {self.name!r} excludes everything: min {self.min} is above max {self.max}"
            raise ValueError(msg)
        return self


class Capacity(Model):
    """What can be delivered per month or year."""

    quantity: Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e15)]
    unit: Line | None = None
    per: Literal["month", "year", "week", "day"] = "month"


class LocalContent(Model):
    """Share of domestic value, with how and when it was computed."""

    percent: Percent
    formula: Line | None = None
    year: Annotated[int, Field(ge=1300, le=2200)] | None = None
    evidence: Line | None = None


class Party(Model):
    """An organisation that is named but not registered here, such as a buyer. A bare name is enough."""

    id: Id
    name: Name
    name_fa: Line | None = None
    identifier: Identifier | None = None


class Document(Model):
    """A document elsewhere: what it is, and its address."""

    title: Line
    url: Annotated[Line, Field(validation_alias=AliasChoices("url", "uri"))]
    kind: Line | None = None
    note: Text | None = None
