"""Offers: products that are made, and capabilities to make parts to drawing."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from schemas.base import Day, Days, Id, Line, Model, Name, Percent, Positive, Text, Version
from schemas.common import Attribute, Capacity, Classification, Document, LocalContent, Quantity, StandardHeld


class OfferKind(StrEnum):
    """A made product, or a process that makes parts to drawing."""

    PRODUCT = "product"
    CAPABILITY = "capability"


class Input(Model):
    """What an offer is made from: imported or domestic, and its share of the value."""

    name: Name
    hs: Line | None = None
    origin: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    imported: bool = False
    value_percent: Percent | None = None
    offer_id: Id | None = None


class Offer(Model):
    """What a supplier can deliver, and within which limits."""

    id: Id
    supplier_id: Id
    unit_id: Id | None = None
    kind: OfferKind = OfferKind.PRODUCT
    title: Name
    description: Text = ""
    classifications: list[Classification] = Field(default_factory=list[Classification], max_length=50)
    part_numbers: list[Name] = Field(default_factory=list[str], max_length=500)
    gtin: Annotated[str, Field(pattern=r"^\d{8,14}$")] | None = None
    brand: Line | None = None
    attributes: list[Attribute] = Field(default_factory=list[Attribute], max_length=300)
    standards: list[StandardHeld] = Field(default_factory=list[StandardHeld], max_length=100)
    processes: list[Name] = Field(default_factory=list[str], max_length=100)
    materials: list[Name] = Field(default_factory=list[str], max_length=100)
    capacity: Capacity | None = None
    lead_time_days: Days | None = None
    min_order: Quantity | None = None
    local_content_percent: Percent | None = None
    local_content: LocalContent | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    inputs: list[Input] = Field(default_factory=list[Input], max_length=200)
    documents: list[Document] = Field(default_factory=list[Document], max_length=100)


class ProductRegistered(Model):
    """An offer entered the register (again, if it had been withdrawn)."""

    version: Version = 1
    offer: Offer


class ProductChanged(Model):
    """The offer is now this one (whole, not a patch)."""

    version: Version
    offer: Offer
    reason: Line | None = None


class ProductWithdrawn(Model):
    """The offer no longer stands."""

    version: Version
    supplier_id: Id
    offer_id: Id
    reason: Line | None = None


class CapacityPeriod(Model):
    """Capacity of one stretch of time, in the report's unit."""

    start: Day
    end: Day
    maximum: Positive
    committed: Annotated[float, Field(ge=0)] = 0


class CapacityReported(Model):
    """What the offer's capacity is now; takes the place of the one in the offer."""

    version: Version
    supplier_id: Id
    offer_id: Id
    capacity: Capacity | None
    lead_time_days: Days | None = None
    periods: list[CapacityPeriod] = Field(default_factory=list[CapacityPeriod], max_length=520)

    @model_serializer(mode="wrap")
    def _with_capacity(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keep a capacity of null, which is asked for and says that there is none now; other nulls may be left out."""
        return {**handler(self), **({"capacity": None} if self.capacity is None else {})}
