"""What suppliers are told beside matches: gaps worth closing, deadlines, award results, endpoints that were disabled."""

from typing import Literal

from pydantic import Field

from schemas.base import Day, Id, Line, Model, Name, Text, Version
from schemas.matches import ItemKey, Missing

MOST_NAMED = 50
"""Demand items that one notice names; `total` counts all."""


class SupplierNews(Model):
    """Shared by all of them. The event's id is derived, so the same news is one notice however often it is sent."""

    version: Version = 1
    supplier_id: Id


class WaitingItem(Model):
    """A demand item that one of the supplier's offers could serve, or could but for one point."""

    demand_id: Id
    item_key: ItemKey
    offer_id: Id
    buyer: Line | None = None
    demand_title: Text = ""
    item_title: Text = ""
    quantity: float | None = None
    unit: Line | None = None
    needed_by: Day | None = None
    closes: Day | None = None


class GapNoticed(SupplierNews):
    """One point stands between the supplier and open demands. At most one a day and point."""

    day: Day
    missing: Missing
    total: int = Field(ge=1, description="How many open items wait on the point.")
    waiting: list[WaitingItem] = Field(max_length=MOST_NAMED)


class DeadlineNear(SupplierNews):
    """A demand closes within days, and the supplier has not answered for these items."""

    demand_id: Id
    demand_title: Text = ""
    buyer: Line | None = None
    closes: Day
    total: int = Field(ge=1)
    items: list[WaitingItem] = Field(max_length=MOST_NAMED)


class AwardTold(SupplierNews):
    """How an item that the supplier was told of was awarded."""

    demand_id: Id
    item_key: ItemKey
    award_id: Id
    result: Literal["won", "not_won", "cancelled"]
    demand_title: Text = ""
    item_title: Text = ""
    buyer: Line | None = None
    quantity: float | None = None
    unit: Line | None = None
    awarded: Day | None = None


class EndpointDisabled(SupplierNews):
    """Nothing is sent to an endpoint any more until its owner enables it again."""

    endpoint_id: Id
    kind: Name
    address: Line
    reason: Line
