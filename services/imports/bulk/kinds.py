"""Kinds of value that a column holds: how each is read from a cell, and what it permits in words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from graph.matching.text import normalise
from services.imports.bulk.cells import Cell, CellError, Said
from services.imports.bulk.classes import Classes
from services.imports.bulk.dates import day
from services.imports.bulk.numbers import bounds, latin, number, number_or_none, plain
from services.imports.bulk.provinces import PROVINCES

Read = Callable[[Cell, "Classes"], Any]
_SEPARATORS: Final = re.compile(r"[;؛|\n\r]+")
_BIDI: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_ID: Final = re.compile(r"[\s~/#?\\\x00-\x1f\x7f]")
_EXACT: Final = 1e15
_LONGEST_WORD: Final = 200
_YES: Final = frozenset(map(normalise, ("yes", "y", "true", "بله", "بلی", "آری", "دارد", "هست", "است", "درست")))
_NO: Final = frozenset(map(normalise, ("no", "n", "false", "خیر", "نه", "ندارد", "نیست", "نادرست")))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: `read` gives it or raises CellError; `what` and `permitted` are for the template."""

    what: Said
    read: Read
    permitted: tuple[tuple[str, str], ...] = field(default=())
    as_text: bool = False


def text_of(cell: Cell) -> str:
    """What a cell says as text; a whole number without its point. CellError: a number whose last digits are lost."""
    value = cell.value
    if isinstance(value, str):
        return _BIDI.sub("", value).strip() if len(value) <= 200 else value.strip()  # noqa: PLR2004 - marks matter in long texts
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    if float(value).is_integer():
        if abs(value) >= _EXACT:
            raise CellError(
                Said(
                    "the number is too long for a number cell and has lost its last digits; make the cell a text",
                    "عدد برای خانه عددی بلند است و رقم‌های آخرش از دست رفته؛ قالب خانه را متن کنید",
                )
            )
        return str(int(value))
    return repr(value)


def _word(cell: Cell) -> str:
    """A text that is one of few. CellError: it is too long to be any."""
    said = text_of(cell)
    if len(said) > _LONGEST_WORD:
        raise CellError(
            Said(
                f"it has {len(said)} characters, which no word here has",
                f"{len(said)} نویسه دارد که برای این ستون بلند است",
            )
        )
    return said


def _text(most: int) -> Read:
    def read(cell: Cell, _: Classes) -> str:
        said = text_of(cell)
        if "\x00" in said:
            raise CellError(Said("it holds a NUL character", "نویسه تهی (NUL) دارد"))
        if len(said) > most:
            raise CellError(
                Said(
                    f"it has {len(said)} characters; at most {most} are taken",
                    f"{len(said)} نویسه دارد؛ بیشترین {most} است",
                )
            )
        return said

    return read


def _id(cell: Cell, _: Classes) -> str:
    said = latin(text_of(cell))
    if _NOT_ID.search(said) or len(said) > 200:  # noqa: PLR2004 - as the contract has it
        raise CellError(
            Said(
                f"{said[:60]!r} is no id: no spaces and none of ~ / # ? \\ may be in it, and at most 200 characters",
                f"«{said[:60]}» شناسه نیست: فاصله و ~ / # ? \\ در آن نمی‌آید و بیشترین ۲۰۰ نویسه است",
            )
        )
    return said


def _number(low: float, high: float, *, above: bool = False, whole: bool = False) -> Read:
    def read(cell: Cell, _: Classes) -> float | int:
        found = _float(cell)
        if whole and not found.is_integer():
            raise CellError(Said(f"{found:g} is no whole number", f"{found:g} عدد درست نیست"))
        if found > high or found < low or (above and found <= low):
            least = f"above {low:g}" if above else f"at least {low:g}"
            least_fa = f"بزرگ‌تر از {low:g}" if above else f"دست‌کم {low:g}"
            raise CellError(
                Said(
                    f"{found:g} is out of bounds: {least} and at most {high:g}",
                    f"{found:g} بیرون از بازه است: {least_fa} و حداکثر {high:g}",
                )
            )
        return int(found) if whole else found

    return read


def _float(cell: Cell) -> float:
    if isinstance(cell.value, (bool, date)):
        shown = text_of(cell)
        raise CellError(Said(f"{shown!r} is no number", f"«{shown}» عدد نیست"))
    if isinstance(cell.value, float):
        return cell.value
    return number(str(cell.value))


def _percent(cell: Cell, _: Classes) -> float:
    if isinstance(cell.value, str):
        said = plain(cell.value)
        found = number(said.removesuffix("%").removesuffix("درصد").removesuffix("percent"))
    else:
        found = _float(cell) * (100 if cell.percent else 1)
    if not 0 <= found <= 100:  # noqa: PLR2004 - percent
        raise CellError(Said(f"{found:g} is no percentage from 0 to 100", f"{found:g} درصدی از ۰ تا ۱۰۰ نیست"))
    return float(f"{found:.12g}")


def _date(cell: Cell, _: Classes) -> str:
    if isinstance(cell.value, date):
        return cell.value.isoformat()
    if isinstance(cell.value, float) and not cell.value.is_integer():
        return day(repr(cell.value)).isoformat()
    return day(text_of(cell)).isoformat()


def yes_or_no(text: str) -> bool | None:
    """What a word for yes or no says, in either language; None for other words."""
    said = normalise(text)
    return True if said in _YES else False if said in _NO else None


def _yes_no(cell: Cell, _: Classes) -> bool:
    if isinstance(cell.value, bool):
        return cell.value
    said = _word(cell)
    found = {"1": True, "0": False}.get(plain(said), yes_or_no(said))
    if found is None:
        raise CellError(Said(f"{said[:60]!r} is neither yes nor no", f"«{said[:60]}» نه بله است و نه خیر"))
    return found


def choice(values: Mapping[str, tuple[str, ...]]) -> Kind:
    """One of some values, each with its words: the English one, the Persian one, and others."""
    by_word = {normalise(word): value for value, words in values.items() for word in (value, *words)}
    english, persian = (", ".join(words[place] for words in values.values()) for place in (0, 1))

    def read(cell: Cell, _: Classes) -> str:
        said = _word(cell)
        found = by_word.get(normalise(said))
        if found is None:
            raise CellError(
                Said(f"{said[:60]!r} is not one of: {english}", f"«{said[:60]}» یکی از این‌ها نیست: {persian}")
            )
        return found

    return Kind(
        Said("one of the words", "یکی از واژه‌ها"), read, tuple((words[0], words[1]) for words in values.values())
    )


def pieces(text: str) -> list[str]:
    """The parts of a text that are separated by ; ؛ | or lines, without empty and repeated ones."""
    return list(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))


def _texts(most: int, longest: int = 500) -> Read:
    def read(cell: Cell, _: Classes) -> list[str]:
        found = pieces(text_of(cell))
        if len(found) > most:
            raise CellError(
                Said(f"it lists {len(found)}; at most {most} are taken", f"{len(found)} مورد دارد؛ بیشترین {most} است")
            )
        if too_long := next((each for each in found if len(each) > longest), None):
            raise CellError(
                Said(
                    f"{too_long[:40]!r}… is longer than {longest} characters",
                    f"«{too_long[:40]}…» از {longest} نویسه بلندتر است",
                )
            )
        return found

    return read


def _pattern(pattern: str, said_en: str, said_fa: str, *, upper: bool = True) -> Read:
    wanted = re.compile(pattern)

    def read(cell: Cell, _: Classes) -> str:
        said = latin(text_of(cell))
        said = said.upper() if upper else said
        if not wanted.fullmatch(said):
            raise CellError(Said(f"{said[:60]!r} is no {said_en}", f"«{said[:60]}» {said_fa} نیست"))
        return said

    return read


def _class(cell: Cell, classes: Classes) -> str:
    return classes.find(_word(cell))


def measured(cell: Cell, *, with_unit: bool) -> dict[str, Any]:
    """A value, several, or a range, as `value`, `one_of`, or `min` and `max`. CellError: a unit stands over what is no number."""
    if isinstance(cell.value, (bool, float)) and not cell.percent:
        return {"value": cell.value}
    if isinstance(cell.value, float):
        return {"value": float(f"{cell.value * 100:.12g}")}
    said = text_of(cell)
    parts = pieces(said)
    if len(parts) > 1:
        return {"one_of": [_single(part, with_unit=with_unit, alone=False) for part in parts]}
    if (found := bounds(said)) is not None:
        return {name: end for name, end in (("min", found.low), ("max", found.high)) if end is not None}
    return {"value": _single(said.removeprefix("=").strip(), with_unit=with_unit)}


def _single(said: str, *, with_unit: bool, alone: bool = True) -> float | bool | str:
    found = number_or_none(said)
    if found is not None:
        return found
    if with_unit:
        return number(said)
    if len(said) > 500:  # noqa: PLR2004 - a Line of the contract
        raise CellError(
            Said(f"it has {len(said)} characters; at most 500 are taken", f"{len(said)} نویسه دارد؛ بیشترین ۵۰۰ است")
        )
    answer = yes_or_no(said) if alone else None
    if answer is not None:
        return answer
    return said


LINE: Final = Kind(Said("text", "متن"), _text(500))
LONG: Final = Kind(Said("text", "متن"), _text(20_000))
ID: Final = Kind(Said("an id without spaces", "شناسه بی‌فاصله"), _id, as_text=True)
CODE: Final = Kind(Said("a code, or several with ; between", "کد، یا چند کد با ؛ میان آن‌ها"), _texts(20), as_text=True)
NUMBER: Final = Kind(Said("a number above 0", "عدد بزرگ‌تر از صفر"), _number(0, 1e15, above=True))
FROM_ZERO: Final = Kind(Said("a number from 0", "عدد از صفر"), _number(0, 1e15))
AMOUNT: Final = Kind(Said("an amount of money", "مبلغ"), _number(0, 1e18))
DAYS: Final = Kind(Said("a whole number of days", "شمار روزها"), _number(0, 36_500, whole=True))
YEAR: Final = Kind(Said("a year, such as 1404 or 2025", "سال، مانند ۱۴۰۴ یا ۲۰۲۵"), _number(1300, 2200, whole=True))
PERCENT: Final = Kind(Said("a percentage from 0 to 100", "درصد، از ۰ تا ۱۰۰"), _percent)
DATE: Final = Kind(Said("a date: 1404/08/15 or 2025-11-06", "تاریخ: ۱۴۰۴/۰۸/۱۵ یا 2025-11-06"), _date)
YES_NO: Final = Kind(Said("yes or no", "بله یا خیر"), _yes_no, (("yes", "بله"), ("no", "خیر")))
LIST: Final = Kind(Said("one or several, with ; between", "یک یا چند مورد، با ؛ میان آن‌ها"), _texts(200))
FEW: Final = Kind(Said("one or several, with ; between", "یک یا چند مورد، با ؛ میان آن‌ها"), _texts(10))
NAMES: Final = Kind(Said("one or several, with ; between", "یک یا چند مورد، با ؛ میان آن‌ها"), _texts(100))
EITHER: Final = Kind(
    Said("a standard; those of which one is enough, with | between", "استاندارد؛ میان آن‌هایی که یکی بس است |"),
    _texts(50),
)
COUNTRY: Final = Kind(
    Said("a country's two letters, such as IR", "دو حرف کشور، مانند IR"),
    _pattern("[A-Z]{2}", "code of a country (two letters, such as IR)", "کد دوحرفی کشور (مانند IR)"),
)
CURRENCY: Final = Kind(
    Said("a currency's three letters, such as IRR", "سه حرف ارز، مانند IRR"),
    _pattern("[A-Z]{3}", "code of a currency (three letters, such as IRR)", "کد سه‌حرفی ارز (مانند IRR)"),
)
GTIN: Final = Kind(
    Said("8 to 14 digits", "۸ تا ۱۴ رقم"),
    _pattern(r"\d{8,14}", "GTIN of 8 to 14 digits", "گتین ۸ تا ۱۴ رقمی"),
    as_text=True,
)
PROVINCE: Final = Kind(
    Said("a province by name or ISO code", "استان با نام یا کد ایزو"),
    _text(500),
    tuple((row[2], row[1]) for row in PROVINCES),
)
CLASS: Final = Kind(
    Said("a product class by name or id; see the third sheet", "رده کالا با نام یا شناسه؛ برگه سوم را ببینید"), _class
)
