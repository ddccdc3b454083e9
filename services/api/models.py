"""What the reads answer. Records inside are the contract's own models."""

from typing import Literal

from pydantic import BaseModel, Field

from schemas.demands import Demand
from schemas.matches import Criterion, MatchChanged, MatchFound, MatchWithdrawn, Outcome
from schemas.notices import AwardTold, DeadlineNear, EndpointDisabled, GapNoticed
from schemas.offers import CapacityReported, Offer
from schemas.suppliers import Supplier, UnitState, UnitStateChanged
from services.api.unmatched import ConsortiumOut, NeedOut
from services.api.words import Words

ItemState = Literal["open", "planned", "closed"]


class UnitNow(BaseModel):
    """A plant of a supplier as it is now."""

    id: str
    name: str | None
    state: UnitState | None
    listed: bool = Field(description="Whether the supplier's record lists it; reports may name others.")
    version: int | None = Field(description="Version of the last report; null when there was none.")
    report: UnitStateChanged | None = Field(description="The last report of its state.")


class SupplierOut(BaseModel):
    """A supplier: its record, and what happened since."""

    id: str
    version: int
    event: str = Field(description="Id of the event that the record is of.")
    supplier: Supplier
    suspended: bool
    suspended_why: str | None
    units: list[UnitNow]
    offers: int = Field(description="How many offers it has.")
    hidden: list[str] = Field(
        default_factory=list[str],
        description="Fields that are not for who asks, and are left out here; see docs/access.md.",
    )


class SupplierRow(BaseModel):
    """A supplier in a list."""

    id: str
    name_en: str | None
    name_fa: str | None
    city: str | None
    province: str | None
    suspended: bool
    version: int
    offers: int


class OfferOut(BaseModel):
    """An offer: its record with the capacity that holds now, and where it stands."""

    id: str
    supplier_id: str
    supplier_name: str | None
    version: int
    event: str = Field(description="Id of the event that the record is of.")
    offer: Offer = Field(description="The record; a newer capacity report has taken the place of its capacity.")
    withdrawn: bool
    report: CapacityReported | None = Field(description="The last capacity report.")
    classes: list[str] = Field(description="Product classes it was found to belong to.")
    matches: int | None = Field(description="Null for whom it is not for.")
    near_misses: int | None
    hidden: list[str] = Field(
        default_factory=list[str],
        description="Fields that are not for who asks, and are left out here; see docs/access.md.",
    )


class OfferRow(BaseModel):
    """An offer in a list."""

    id: str
    supplier_id: str
    title: str
    kind: str
    withdrawn: bool
    version: int
    matches: int | None = Field(description="Null for whom it is not for.")
    near_misses: int | None


class ItemNow(BaseModel):
    """How an item of a demand stands."""

    id: str
    title: str
    state: ItemState
    closed_why: str | None = Field(description="Why it takes no offers.")
    matches: int | None = Field(description="Null for whom it is not for.")
    near_misses: int | None


class AwardOut(BaseModel):
    """An award of an item."""

    item: str
    supplier: str
    offer: str | None
    quantity: float | None
    unit: str | None
    awarded: str | None
    complete: bool
    cancelled: bool
    version: int


class DemandOut(BaseModel):
    """A demand: its record, and what became of it."""

    id: str
    version: int
    event: str = Field(description="Id of the event that the record is of.")
    demand: Demand
    cancelled: bool
    cancelled_why: str | None
    items: list[ItemNow]
    awards: list[AwardOut]
    hidden: list[str] = Field(
        default_factory=list[str],
        description="Fields that are not for who asks, and are left out here; see docs/access.md.",
    )


class DemandRow(BaseModel):
    """A demand in a list."""

    id: str
    title: str
    buyer_id: str | None
    buyer: str | None
    stage: str
    published: str | None
    closes: str | None
    needed_by: str | None
    cancelled: bool
    version: int
    items: int
    open_items: int


class MissingOut(BaseModel):
    """A point that stands between an offer and a match, in data and in words."""

    kind: str
    name: str | None
    asked: str | None
    offered: str | None
    finding: str | None
    words: Words


class MatchOut(BaseModel):
    """An offer that fits an item, with the whole explanation."""

    match_id: str
    supplier_id: str
    supplier: str | None
    city: str | None
    offer_id: str
    offer: str
    score: float = Field(description="Ranks matches, 0 to 1.")
    revision: int = Field(description="How often the supplier was told of this match.")
    answer: str | None = Field(description="What the supplier answered.")
    answer_reason: str | None
    free_from: str | None = Field(
        default=None, description="The supplier said that the offer is not free before; it is ranked lower until then."
    )
    criteria: list[Criterion] = Field(description="Every point: asked, offered, how it came out.")
    summary: str
    current: bool = Field(description="False: by today's facts it is decided otherwise; a worker will follow shortly.")


class NearMissOut(BaseModel):
    """An offer that would fit an item but for one or two points."""

    match_id: str
    supplier_id: str
    supplier: str | None
    city: str | None
    offer_id: str
    offer: str
    missing: list[MissingOut]
    criteria: list[Criterion]
    current: bool = Field(description="False: by today's facts it is decided otherwise; a worker will follow shortly.")


class ItemMatchesOut(BaseModel):
    """One item with who can serve it, best first, and who nearly can."""

    item: str
    title: str
    quantity: float
    unit: str | None
    needed_by: str | None
    state: ItemState
    closed_why: str | None
    decided_on: str | None = Field(description="The day of the last decision.")
    matches_total: int
    near_misses_total: int
    matches: list[MatchOut]
    near_misses: list[NearMissOut]
    need: NeedOut = Field(description="Whether the item is an unmet need, and why.")
    consortium: ConsortiumOut | None = Field(
        description="Where no single offer has the quantity: offers that have it together. They are no matches. Null "
        "while there is a match, and where nobody lacks quantity alone."
    )


class DemandMatchesOut(BaseModel):
    """A page of a demand's items with their matches."""

    demand_id: str
    title: str
    buyer_id: str | None
    buyer: str | None
    version: int
    cancelled: bool
    items: list[ItemMatchesOut]
    next: str | None = Field(description="Cursor of the next page of items; null at the end.")


class SupplierMatchOut(BaseModel):
    """What stands between one of a supplier's offers and an item of a demand."""

    kind: Literal["match", "near_miss"]
    match_id: str
    demand_id: str
    demand: str
    buyer_id: str | None
    buyer: str | None
    item: str
    item_title: str
    quantity: float | None
    unit: str | None
    needed_by: str | None
    closes: str | None
    stage: str | None
    offer_id: str
    offer: str
    score: float | None
    revision: int | None = Field(description="How often the supplier was told; null for a near miss.")
    missing: list[MissingOut]
    explanation: str = Field(description="Address of the whole explanation.")


class NoticeOut(BaseModel):
    """One telling."""

    seq: int = Field(description="Orders the inbox; grows, with gaps.")
    event_id: str
    kind: Literal[
        "MatchFound", "MatchChanged", "MatchWithdrawn", "GapNoticed", "DeadlineNear", "AwardTold", "EndpointDisabled"
    ]  # fmt: skip
    news: MatchChanged | MatchFound | MatchWithdrawn | GapNoticed | DeadlineNear | AwardTold | EndpointDisabled


class InboxOut(BaseModel):
    """A page of an inbox."""

    items: list[NoticeOut]
    next: str = Field(description="Cursor after the last row: ask with it again, later too, for what came since.")
    more: bool = Field(description="Whether there is more already.")
    read: int = Field(description="The seq up to which the supplier has read; -1 for none.")
    unread: int = Field(description="How many notices are above it.")
    watermark: int | None = Field(
        description="Everything with a seq below is in the inbox for good; null while nothing was told."
    )


class ExplanationOut(BaseModel):
    """Any pair of an item and an offer, decided now."""

    demand_id: str
    item: str
    item_title: str
    supplier_id: str
    supplier: str | None
    offer_id: str
    offer: str
    outcome: Outcome | None = Field(description="Null when the records of one of both are not there yet.")
    score: float
    criteria: list[Criterion]
    missing: list[MissingOut]
    summary: str
    closed_why: str | None = Field(description="Why the pair cannot be a match although it may fit.")
    stands_as: Literal["match", "near_miss"] | None = Field(description="How the graph has the pair.")
    events: dict[str, str | None] = Field(description="Ids of the events that the verdict stands on.")


class EventStatus(BaseModel):
    """How far an event has come."""

    event_id: str
    at: str
    status: Literal["queued", "applied", "matched"]
    applied: int = Field(description="Next offset of the partition that is to be applied.")
    matched: int = Field(description="Next offset of the partition that is to be matched.")


class ClassRow(BaseModel):
    """A product class in a list."""

    id: str
    en: str
    fa: str
    form: str
    domain: str
    broader: list[str]


class ClassOut(ClassRow):
    """A product class."""

    aliases: dict[str, list[str]]
    codes: dict[str, list[str]] = Field(description="Cross references by scheme.")
    made_by: list[str] = Field(description="Processes by which a workshop makes it to drawing.")
    narrower: list[str]
    trail: list[ClassRow] = Field(description="From the root down to this class.")
    offers: int = Field(description="Offers directly in this class.")
    open_items: int = Field(description="Open demand items that ask for this class.")


class Hit(BaseModel):
    """Something that a search found."""

    kind: Literal["supplier", "offer", "demand", "item", "class", "buyer"]
    id: str
    within: str | None = Field(description="The supplier of an offer, the demand of an item.")
    title: str | None
    title_fa: str | None
    score: float
    link: str | None = Field(description="Its address; of a buyer, that of its demands.")
