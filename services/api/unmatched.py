"""Needs and consortia as the reads answer them: data, and words in both languages."""

from typing import Final, Literal

from pydantic import BaseModel, Field

from graph.advice.causes import NO_PRODUCER, NOT_UNDERSTOOD, Cause
from graph.advice.consortium import Consortium, Outcomes
from graph.advice.needs import Need
from graph.advice.unmatched import State, Unmatched
from schemas.common import Money
from schemas.demands import ImportedItem
from schemas.matches import Finding
from services.api.words import KINDS, Words

_NOBODY: Final = {
    NO_PRODUCER: ("nobody makes it", "هیچ تولیدکننده‌ای آن را نمی‌سازد"),
    NOT_UNDERSTOOD: (
        "nobody was found, but what it is was not understood: name its class, or say more in title or description",
        "کسی پیدا نشد، ولی معلوم نشد که کالا چیست: رده آن را بنویسید یا در عنوان و شرح بیشتر توضیح دهید",
    ),
}
_ONE: Final[dict[str | None, tuple[str, str]]] = {
    Finding.NOT_MET.value: ("1 supplier does not meet it", "یک تأمین‌کننده برآورده نمی‌کند"),
    Finding.SILENT.value: ("1 supplier does not say", "یک تأمین‌کننده نگفته است"),
    Finding.EXPIRED.value: ("1 supplier has an expired one", "نزد یک تأمین‌کننده منقضی شده است"),
}
_MORE: Final[dict[str | None, tuple[str, str]]] = {
    Finding.NOT_MET.value: ("{} suppliers do not meet it", "{} تأمین‌کننده برآورده نمی‌کنند"),
    Finding.SILENT.value: ("{} suppliers do not say", "{} تأمین‌کننده نگفته‌اند"),
    Finding.EXPIRED.value: ("{} suppliers have an expired one", "نزد {} تأمین‌کننده منقضی شده است"),
}


class CauseOut(BaseModel):
    """One reason why nobody serves an item."""

    kind: str = Field(
        description="Kind of the missing point; `no_producer`: nobody makes the thing; `not_understood`: what it is."
    )
    finding: Literal["not_met", "silent", "expired"] | None = Field(
        description="`silent`: nobody said so, which is no proof that nobody can. Null where no supplier is counted."
    )
    suppliers: int = Field(description="How many suppliers of those that come nearest lack it.")
    words: Words


class NeedOut(BaseModel):
    """How the need of an item stands."""

    state: State = Field(
        description="`open`: it takes offers and nobody serves it; `solved` by a match; `closed`: it takes no offers; "
        "`undecided`: not matched yet."
    )
    causes: list[CauseOut] = Field(description="Of an open need: why, the most frequent cause first.")


class MemberOut(BaseModel):
    """An offer of a consortium with what it would deliver."""

    supplier_id: str
    supplier: str
    offer_id: str
    offer: str
    quantity: float = Field(description="In the item's unit; not below the offer's minimum order.")
    share: float = Field(description="Of what is asked, 0 to 1.")


class ConsortiumOut(BaseModel):
    """Several offers that together have a quantity that no single one has. A proposal: nothing is promised by it."""

    item: str
    outcome: Outcomes = Field(
        description="`together`: the members have it; `short`: all together have not; `single`: one offer alone has it; "
        "`none`: nobody lacks quantity alone."
    )
    words: Words
    wanted: float
    unit: str
    members: list[MemberOut] = Field(
        description="Largest first, at most four, one a supplier; empty unless `together`."
    )
    covered: float = Field(description="Share that the largest have together, 0 to 1. What is awarded is taken off.")
    short: int = Field(description="Suppliers that lack nothing but quantity.")
    unstated: int = Field(description="Suppliers that lack nothing but a word on their capacity: worth asking.")
    why: str = Field(description="Why there is none; empty when there is one.")


class UnmetNeedOut(BaseModel):
    """An open demand item that nobody can serve now."""

    key: str = Field(description="`demand~item`.")
    demand_id: str
    demand: str
    item: str
    title: str
    buyer_id: str | None
    buyer: str | None
    stage: str
    published: str | None = Field(description="The day that its demand was published.")
    needed_by: str | None
    quantity: float
    unit: str | None
    value: Money | None = Field(description="What is estimated to wait for it, or so many at the price of import.")
    imported: ImportedItem | None = Field(description="The import that it is to take the place of.")
    state: Literal["open"] = "open"
    near_misses: int
    causes: list[CauseOut]


def need_out(found: Unmatched) -> NeedOut:
    """How a need stands."""
    return NeedOut(state=found.state, causes=[cause_out(each) for each in found.causes])


def unmet_need_out(need: Need) -> UnmetNeedOut:
    """A row of the list of unmet needs."""
    return UnmetNeedOut(
        key=need.key,
        demand_id=need.demand_id,
        demand=need.demand,
        item=need.item,
        title=need.title,
        buyer_id=need.buyer_id,
        buyer=need.buyer,
        stage=need.stage,
        published=need.published,
        needed_by=need.needed_by,
        quantity=need.quantity,
        unit=need.unit,
        value=need.value,
        imported=need.imported,
        near_misses=need.near_misses,
        causes=[cause_out(each) for each in need.causes],
    )


def cause_out(cause: Cause) -> CauseOut:
    """A cause with its words."""
    return CauseOut.model_validate(
        {"kind": cause.kind, "finding": cause.finding, "suppliers": cause.suppliers, "words": cause_words(cause)}
    )


def cause_words(cause: Cause) -> Words:
    """A cause in words: `standard: 2 suppliers do not say`."""
    if cause.kind in _NOBODY:
        en, fa = _NOBODY[cause.kind]
        return Words(en=en, fa=fa)
    en, fa = KINDS.get(cause.kind, (cause.kind.replace("_", " "), cause.kind))
    how_en, how_fa = (each.format(cause.suppliers) for each in (_ONE if cause.suppliers == 1 else _MORE)[cause.finding])
    return Words(en=f"{en}: {how_en}", fa=f"{fa}: {how_fa}")


def consortium_out(found: Consortium) -> ConsortiumOut:
    """A consortium, or why there is none."""
    return ConsortiumOut(
        item=found.item,
        outcome=found.outcome,
        words=consortium_words(found),
        wanted=found.wanted,
        unit=found.unit,
        members=[
            MemberOut(
                supplier_id=each.supplier_id,
                supplier=each.supplier,
                offer_id=each.offer_id,
                offer=each.offer,
                quantity=each.quantity,
                share=each.share,
            )
            for each in found.members
        ],
        covered=found.covered,
        short=found.short,
        unstated=found.unstated,
        why=found.why,
    )


def consortium_words(found: Consortium) -> Words:
    """What was found, in a sentence that says that it is a consortium and no match."""
    if found.outcome == "together":
        parts = "; ".join(f"{each.supplier} {each.quantity:,.10g} {found.unit}".rstrip() for each in found.members)
        count = len(found.members)
        return Words(
            en=f"No single offer has the quantity. A consortium of {count} has it together: {parts}",
            fa=f"هیچ پیشنهادی به‌تنهایی این مقدار را ندارد. کنسرسیومی از {count} تأمین‌کننده با هم آن را دارد: {parts}",
        )
    if found.outcome == "single":
        return Words(en=_sentence(found.why), fa="یک پیشنهاد به‌تنهایی همه مقدار را دارد؛ کنسرسیوم لازم نیست")
    if found.outcome == "none":
        return Words(en=f"No consortium: {found.why}", fa="کنسرسیومی نیست: هیچ پیشنهادی نیست که تنها کمبودش مقدار باشد")
    least = "حداقل سفارش‌هایشان با هم جور نیست"
    fa = least if found.covered >= 1 else f"بزرگ‌ترین‌ها با هم تا موعد تنها {found.covered:.0%} آن را می‌رسانند"
    return Words(
        en=f"No single offer has the quantity, and no consortium has: {found.why}",
        fa=f"هیچ پیشنهادی به‌تنهایی این مقدار را ندارد و کنسرسیومی هم ندارد: {fa}",
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
