"""What the text of a cell's element means: shared or own text, number, day, yes or no, error."""

import math
from datetime import date, datetime
from typing import Final

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from services.imports.bulk.cells import EMPTY, Cell, Said
from services.imports.bulk.xlsx_parts import Style, Workbook

_NO_RESULT: Final = Said(
    "it holds a formula whose result is not stored; save the file in a spreadsheet program, or write the value",
    "فرمولی دارد که نتیجه‌اش ذخیره نشده؛ پرونده را در برنامه صفحه‌گسترده ذخیره کنید یا مقدار را بنویسید",
)


class Values:
    """Reads the values of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._texts = workbook.texts
        self._epoch = CALENDAR_MAC_1904 if workbook.from_1904 else CALENDAR_WINDOWS_1900
        self._kinds = {"s": self._shared, "b": _yes_no, "e": _error, "d": _iso, "inlineStr": _text, "str": _text}

    def read(self, kind: str, style: Style, raw: str, *, formula: bool) -> Cell:
        """The cell of a type, a style and the text in it. What cannot be read has a fault."""
        said = raw.strip()
        if said == "":
            return Cell(fault=_NO_RESULT) if formula else EMPTY
        reader = self._kinds.get(kind)
        return reader(said) if reader is not None else self._number(said, style)

    def _shared(self, raw: str) -> Cell:
        if not raw.isdecimal() or len(raw) > 9 or int(raw) >= len(self._texts):  # noqa: PLR2004 - digits of a plausible index
            return _broken(raw)
        return _text(self._texts.get(int(raw)))

    def _number(self, raw: str, style: Style) -> Cell:
        try:
            value = float(raw)
        except ValueError:
            return _broken(raw)
        if not math.isfinite(value):
            return _broken(raw)
        return self._day(value) if style.date else Cell(value, percent=style.percent)

    def _day(self, value: float) -> Cell:
        try:
            day = from_excel(value, self._epoch)
        except (ValueError, OverflowError, TypeError):
            day = None
        if isinstance(day, date):
            return Cell(day.date() if isinstance(day, datetime) else day)
        said = Said(
            f"the number {value:g} is shown as a date, but is no day", f"عدد {value:g} به شکل تاریخ است، اما روزی نیست"
        )
        return Cell(fault=said)


def _yes_no(raw: str) -> Cell:
    return Cell(raw in ("1", "true"))


def _error(raw: str) -> Cell:
    return Cell(fault=Said(f"it holds the error {raw[:20]}", f"خطای {raw[:20]} دارد"))


def _text(raw: str) -> Cell:
    said = raw.replace("_x000D_", "").strip()
    return Cell(said) if said else Cell()


def _iso(raw: str) -> Cell:
    try:
        return Cell(datetime.fromisoformat(raw).date())
    except ValueError:
        return _broken(raw)


def _broken(raw: str) -> Cell:
    return Cell(fault=Said(f"it cannot be read ({raw[:20]!r})", f"خوانده نمی‌شود («{raw[:20]}»)"))
