"""News as sentences for people, in Persian and English. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from schemas.base import Model
from schemas.events import BY_NAME

POINTS: Final[dict[str, tuple[str, str]]] = {
    "standard": ("standard", "استاندارد"),
    "attribute": ("property", "مشخصه"),
    "capacity": ("capacity in time", "ظرفیت تا موعد"),
    "lead_time": ("lead time", "زمان تحویل"),
    "min_order": ("minimum order", "حداقل سفارش"),
    "local_content": ("local content", "سهم ساخت داخل"),
    "unit_state": ("state of the plant", "وضعیت واحد تولیدی"),
    "part_number": ("part number", "شماره فنی"),
}
CHANGES: Final = {"strengthened": "قوی‌تر شد", "weakened": "ضعیف‌تر شد", "changed": "تغییر کرد"}
RESULTS: Final = {
    "won": ("was awarded to you", "به شما واگذار شد"),
    "not_won": ("was awarded to another supplier", "به تأمین‌کننده دیگری واگذار شد"),
    "cancelled": ("is no longer awarded: the award was cancelled", "دیگر واگذار شده نیست: واگذاری لغو شد"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of news: a heading and lines, in one language."""

    heading: str
    lines: tuple[str, ...]


def news_of(kind: str, body: str) -> Model:
    """The news of a notice."""
    return TypeAdapter[Model](BY_NAME[kind].model).validate_json(body)


def say(kind: str, body: str, language: str) -> Said:
    """A notice in words: language is `fa` or `en`. A kind without words of its own is shown as it is."""
    persian = language == "fa"
    if kind not in _SAY:
        return Said(kind, (body,))
    return _SAY[kind](news_of(kind, body).model_dump(mode="json"), persian=persian)


def _found(data: dict[str, Any], *, persian: bool) -> Said:
    heading = f"تقاضای تازه: {data['item_title']}" if persian else f"New demand: {data['item_title']}"
    score = f"امتیاز: {data['score']:.2f}" if persian else f"Score: {data['score']:.2f}"
    return Said(heading, (*_demand(data, persian=persian), score))


def _changed(data: dict[str, Any], *, persian: bool) -> Said:
    how = CHANGES[data["change"]] if persian else data["change"]
    heading = f"تطبیق {how}: {data['item_title']}" if persian else f"Match {how}: {data['item_title']}"
    return Said(heading, (*_demand(data, persian=persian), *(f"- {line}" for line in data["changed"])))


def _withdrawn(data: dict[str, Any], *, persian: bool) -> Said:
    heading = f"تطبیق برداشته شد: {data['item_title']}" if persian else f"No longer: {data['item_title']}"
    why = f"چرا: {data['reason']}" if persian else f"Why: {data['reason']}"
    return Said(heading, (*_demand(data, persian=persian), why))


def _deadline(data: dict[str, Any], *, persian: bool) -> Said:
    head = f"مهلت نزدیک است ({data['closes']}): " if persian else f"Closes on {data['closes']}: "
    return Said(head + data["demand_title"], tuple(f"- {row['item_title']}" for row in data["items"]))


def _award(data: dict[str, Any], *, persian: bool) -> Said:
    english, farsi = RESULTS[data["result"]]
    said = f"{data['item_title'] or data['item_key']} {farsi if persian else english}"
    return Said(said, (data["demand_title"],) if data["demand_title"] else ())


def _disabled(data: dict[str, Any], *, persian: bool) -> Said:
    said = "دیگر به این نشانی چیزی فرستاده نمی‌شود" if persian else "Nothing is sent to this endpoint any more"
    return Said(f"{said}: {data['address']}", (data["reason"],))


def _demand(data: dict[str, Any], *, persian: bool) -> tuple[str, ...]:
    amount = f"{data['quantity']:,.0f} {data['unit'] or ''}".strip()
    rows = [
        f"خریدار: {data['buyer']}" if persian else f"Buyer: {data['buyer']}",
        f"مقدار: {amount}" if persian else f"Quantity: {amount}",
        f"محصول شما: {data['offer_title']}" if persian else f"Your offer: {data['offer_title']}",
    ]
    if data["needed_by"]:
        rows.append(f"تا تاریخ: {data['needed_by']}" if persian else f"Needed by: {data['needed_by']}")
    if data["closes"]:
        rows.append(f"مهلت پیشنهاد: {data['closes']}" if persian else f"Closes: {data['closes']}")
    return tuple(rows)


def _gap(data: dict[str, Any], *, persian: bool) -> Said:
    missing = data["missing"]
    english, farsi = POINTS.get(missing["kind"], (missing["kind"].replace("_", " "), missing["kind"]))
    point = f"{farsi if persian else english} {missing['name'] or ''}".strip()
    heading = (
        f"فقط یک گام مانده: {point} ({data['total']} تقاضا در انتظار است)"
        if persian
        else f"One point away: {point} ({data['total']} open items wait on it)"
    )
    return Said(heading, tuple(f"- {row['item_title']} ({row['buyer'] or '?'})" for row in data["waiting"]))


_SAY: Final[dict[str, Callable[..., Said]]] = {
    "MatchFound": _found,
    "MatchChanged": _changed,
    "MatchWithdrawn": _withdrawn,
    "GapNoticed": _gap,
    "DeadlineNear": _deadline,
    "AwardTold": _award,
    "EndpointDisabled": _disabled,
}
