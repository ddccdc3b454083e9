"""What a supplier answers to a match."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from schemas.base import Day, Id, Line, Model, Text, Version
from schemas.common import Money, Quantity


class Answer(StrEnum):
    """Kinds of answer."""

    INTEREST = "interest"
    QUESTION = "question"
    DECLINE = "decline"


class DeclineReason(StrEnum):
    """Why not; each teaches the graph something."""

    NO_CAPACITY = "no_capacity"
    BELOW_MIN_ORDER = "below_min_order"
    TOLERANCE = "tolerance"
    NO_CERTIFICATE = "no_certificate"
    DRAWING_MISSING = "drawing_missing"
    PRICE = "price"
    NOT_OUR_PRODUCT = "not_our_product"
    OTHER = "other"


class SupplierResponded(Model):
    """A supplier's answer to one demand item with one offer; the highest version is the standing answer."""

    version: Version = 1
    supplier_id: Id
    demand_id: Id
    item_id: Id
    offer_id: Id
    answer: Answer
    reason: DeclineReason | None = None
    free_from: Day | None = None
    quantity: Quantity | None = None
    price: Money | None = None
    note: Text | None = None
    contact: Line | None = None

    @model_validator(mode="after")
    def _decline_has_reason(self) -> Self:
        if self.answer is Answer.DECLINE and self.reason is None:
            msg = "a decline needs a reason: one of " + ", ".join(reason.value for reason in DeclineReason)
            raise ValueError(msg)
        return self
