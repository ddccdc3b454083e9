"""Demands of procurement agencies, item by item, and their life."""

import json
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self, cast

from pydantic import Field, JsonValue, field_validator, model_validator

from schemas.base import ITEM_SEPARATOR, Day, Id, Line, Model, Name, Percent, Positive, Text, Version
from schemas.common import Classification, Document, Identifier, Money, Party, Place, Requirement
from schemas.ids import slug


class ImportedItem(Model):
    """The item as it is imported today: by which name, from where, how much."""

    brand: Line | None = None
    maker: Line | None = None
    part_numbers: list[Name] = Field(default_factory=list[str], max_length=100)
    hs: Line | None = None
    origin: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    annual_quantity: Positive | None = None
    unit_value: Money | None = None
    target_date: Day | None = None


class DemandItem(Model):
    """One thing that is wanted, with what is required of it."""

    id: Id
    title: Name
    description: Text = ""
    classifications: list[Classification] = Field(default_factory=list[Classification], max_length=50)
    part_numbers: list[Name] = Field(default_factory=list[str], max_length=200)
    quantity: Positive
    unit: Line | None = None
    needed_by: Day | None = None
    delivery_place: Place | None = None
    requirements: list[Requirement] = Field(default_factory=list[Requirement], max_length=200)
    standards: list[list[Name]] = Field(
        default_factory=list[list[str]],
        max_length=100,
        description="Every inner list must be met by one of its members.",
    )
    min_local_content_percent: Percent | None = None
    lot_id: Id | None = None
    estimated_value: Money | None = None
    imported: ImportedItem | None = None


class Lot(Model):
    """Items that are awarded together."""

    id: Id
    title: Line | None = None
    value: Money | None = None


MOST_REST_BYTES: Final = 200_000
"""Of one demand; an event has a million bytes at most."""


class Original(Model):
    """The document of another standard that a demand was read from, with what no field here holds. Never matched on."""

    format: Name = Field(description="The standard it is written in.", examples=["OCDS 1.1"])
    id: Line | None = Field(None, description="The document's own id, such as that of the release or notice.")
    rest: dict[str, JsonValue] = Field(
        default_factory=dict[str, JsonValue],
        description=f"What was not read of it, at its places; at most {MOST_REST_BYTES} bytes of JSON.",
    )

    @field_validator("rest")
    @classmethod
    def _bounded(cls, value: dict[str, JsonValue]) -> dict[str, JsonValue]:
        try:
            size = len(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode())
        except ValueError as error:
            msg = "the rest of the original is no JSON: it has a number that is not finite, or a text that is not UTF-8"
            raise ValueError(msg) from error
        if size > MOST_REST_BYTES:
            msg = f"the rest of the original has {size} bytes, at most {MOST_REST_BYTES} are kept: leave parts out"
            raise ValueError(msg)
        return value


class NamedBuyer(Model):
    """A buyer by name alone: the id is made of the name."""

    name: Name
    id: Id | None = None
    name_fa: Line | None = None
    identifier: Identifier | None = None


BuyerInput = Party | NamedBuyer | Name


class Demand(Model):
    """What a buyer wants. `plan` is a forecast before tender; only `tender` is told to suppliers as open."""

    id: Id
    buyer: Party
    title: Name
    description: Text = ""
    stage: Literal["plan", "market_engagement", "tender", "framework"] = "tender"
    category: Literal["one_off", "series", "after_sales", "extraordinary"] = "one_off"
    plan_id: Id | None = None
    ocid: Line | None = None
    published: Day | None = None
    closes: Day | None = None
    needed_by: Day | None = None
    delivery_place: Place | None = None
    lots: list[Lot] = Field(default_factory=list[Lot], max_length=500)
    items: list[DemandItem] = Field(min_length=1, max_length=1000)
    documents: list[Document] = Field(default_factory=list[Document], max_length=200)
    contact: Line | None = None
    original: Original | None = None

    @field_validator("buyer", mode="before", json_schema_input_type=BuyerInput)
    @classmethod
    def _buyer_by_name(cls, value: object) -> object:
        """A bare name is a party whose id is made of the name, so that the same name is the same buyer."""
        if isinstance(value, str):
            return {"id": slug(value), "name": value}
        if isinstance(value, dict) and "name" in value and "id" not in value:
            named = cast("dict[str, Any]", value)
            return {**named, "id": slug(str(named["name"]))}
        return cast("object", value)

    @model_validator(mode="after")
    def _items_are_distinct(self) -> Self:
        seen: set[str] = set()
        for item in self.items:
            if item.id in seen:
                msg = f"demand {self.id!r} has two items with id {item.id!r}: give each its own"
                raise ValueError(msg)
            seen.add(item.id)
        lots = {lot.id for lot in self.lots}
        for item in self.items:
            if item.lot_id is not None and item.lot_id not in lots:
                msg = f"item {item.id!r} names lot {item.lot_id!r}, which demand {self.id!r} does not have"
                raise ValueError(msg)
        return self


def item_key(demand_id: str, item_id: str) -> str:
    """The one name of a demand item in the graph and in every message: `demand~item`."""
    return f"{demand_id}{ITEM_SEPARATOR}{item_id}"


class DemandPublished(Model):
    """A demand is open (again, if it had been cancelled)."""

    version: Version = 1
    demand: Demand


class DemandAmended(Model):
    """The demand is now this one (whole, not a patch), with why it was amended."""

    version: Version
    demand: Demand
    reason: Line | None = None


class CancelReason(StrEnum):
    """Why a demand ended without award (after ProZorro's typed reasons)."""

    NO_DEMAND = "no_demand"
    NO_OFFERS = "no_offers"
    NO_LOCALISATION = "no_localisation"
    BUDGET = "budget"
    ERROR = "error"
    FORCE_MAJEURE = "force_majeure"
    EXPENSES_CUT = "expenses_cut"
    OTHER = "other"


class DemandCancelled(Model):
    """The demand no longer stands."""

    version: Version
    demand_id: Id
    reason: CancelReason = CancelReason.OTHER
    note: Text | None = None


class DemandAwarded(Model):
    """An item went to a supplier. The quantity is taken from the offer's capacity; `complete` closes the item."""

    version: Version = 1
    award_id: Id
    demand_id: Id
    item_id: Id
    supplier_id: Id
    offer_id: Id | None = None
    quantity: Positive | None = None
    unit: Line | None = None
    value: Money | None = None
    awarded: Day | None = None
    complete: bool = True
    cancelled: bool = False
