"""What stands between an offer and a match, in words: English and Persian."""

from typing import Final

from pydantic import BaseModel, Field

from schemas.matches import Criterion, Finding, Missing

KINDS: Final[dict[str, tuple[str, str]]] = {
    "thing": ("the thing itself", "خود کالا"),
    "standard": ("standard", "استاندارد"),
    "attribute": ("property", "مشخصه"),
    "capacity": ("capacity in time", "ظرفیت تا موعد"),
    "lead_time": ("lead time", "زمان تحویل"),
    "min_order": ("minimum order", "حداقل سفارش"),
    "local_content": ("local content", "سهم ساخت داخل"),
    "unit_state": ("state of the plant", "وضعیت واحد تولیدی"),
    "part_number": ("part number", "شماره فنی"),
    "maker": ("own making", "سازنده بودن"),
    "state": ("standing of the offer", "وضعیت پیشنهاد"),
    "place": ("place", "محل"),
}
FINDINGS: Final[dict[Finding, tuple[str, str]]] = {
    Finding.MET: ("met", "برآورده است"),
    Finding.NOT_MET: ("not met", "برآورده نیست"),
    Finding.SILENT: ("the offer does not say", "در پیشنهاد گفته نشده است"),
    Finding.EXPIRED: ("expired", "منقضی شده است"),
    Finding.NOT_ASKED: ("not asked", "خواسته نشده است"),
}


class Words(BaseModel):
    """A sentence in both languages."""

    en: str = Field(description="In English.")
    fa: str = Field(description="In Persian.")


def missing_words(missing: Missing, criterion: Criterion | None) -> Words:
    """One missing point as a sentence; without its criterion only that it is missing."""
    en, fa = KINDS.get(missing.kind, (missing.kind.replace("_", " "), missing.kind))
    named_en, named_fa = (f"{en} {missing.name}", f"{fa} {missing.name}") if missing.name else (en, fa)
    if criterion is None:
        return Words(en=f"{named_en}: missing", fa=f"{named_fa}: برآورده نیست")
    how_en, how_fa = FINDINGS[criterion.finding]
    asked, offered = criterion.asked, criterion.offered
    return Words(
        en=f"{named_en}: {how_en} (asked {asked or '-'}, offered {offered or '-'})",
        fa=f"{named_fa}: {how_fa} (خواسته: {asked or '-'}، پیشنهاد: {offered or '-'})",
    )


def criterion_of(missing: Missing, criteria: tuple[Criterion, ...]) -> Criterion | None:
    """The criterion that a missing point is about."""
    failed = [c for c in criteria if c.kind == missing.kind and c.name == missing.name]
    unmet = [c for c in failed if c.finding is not Finding.MET]
    return next(iter(unmet or failed), None)
