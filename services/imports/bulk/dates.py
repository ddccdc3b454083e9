"""Dates as people write them: ISO, Solar Hijri, with the year first, in either script's digits, or with a month's name."""

import re
from datetime import date
from typing import Final

from persiantools.jdatetime import JalaliDate

from graph.matching.text import normalise
from services.imports.bulk.cells import CellError, Said
from services.imports.bulk.numbers import plain

MONTHS: Final = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
_BY_NAME: Final = {normalise(name): number for number, name in enumerate(MONTHS, 1)} | {"امرداد": 5}
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST: Final = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}")
_TOGETHER: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED: Final = re.compile(r"(\d{1,2})\s+([^\W\d_]+)\s+(?:ماه\s+)?(\d{4})")
_CLOCK: Final = re.compile(r"(?:t|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_LONGEST: Final = 60
_FIRST_SOLAR, _LAST_SOLAR = 1200, 1599
_FIRST, _LAST = 1900, 2200


def day(text: str) -> date:
    """The day that a text names. CellError: it names none, or could name two."""
    if len(text) > _LONGEST:
        raise _no_date(text)
    said = _CLOCK.sub("", plain(text))
    solar_said = _NAMED.fullmatch(normalise(said))
    if solar_said and solar_said[2] in _BY_NAME:
        return _day(int(solar_said[3]), _BY_NAME[solar_said[2]], int(solar_said[1]), text)
    if found := _YEAR_FIRST.fullmatch(said):
        return _day(int(found[1]), int(found[3]), int(found[4]), text)
    if found := _TOGETHER.fullmatch(said):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if _YEAR_LAST.fullmatch(said):
        raise CellError(
            Said(
                f"{text!r} does not say which number is the month; write the year first, as 2025-11-06 or 1404/08/15",
                f"در «{text}» روشن نیست کدام عدد ماه است؛ سال را اول بنویسید، مانند ۱۴۰۴/۰۸/۱۵ یا 2025-11-06",
            )
        )
    raise _no_date(text)


def _day(year: int, month: int, number: int, text: str) -> date:
    try:
        if _FIRST_SOLAR <= year <= _LAST_SOLAR:
            return JalaliDate(year, month, number).to_gregorian()
        if _FIRST <= year <= _LAST:
            return date(year, month, number)
    except ValueError:
        raise CellError(
            Said(f"{text!r} is no day of the calendar", f"«{text}» در تقویم روزی با این تاریخ نیست")
        ) from None
    raise _no_date(text)


def _no_date(text: str) -> CellError:
    shown = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - enough to recognise it
    return CellError(
        Said(
            f"{shown!r} is no date; write it as 2025-11-06 or 1404/08/15",
            f"«{shown}» تاریخ نیست؛ آن را مانند ۱۴۰۴/۰۸/۱۵ یا 2025-11-06 بنویسید",
        )
    )
