"""Numbers as people write them in either script, and ranges of them.

Digits may be Latin, Persian or Arabic; thousands are separated by ٬ , ، ' or a space, decimals by ٫ or a point, and
between Persian digits by a slash («۲۲/۵»). A comma never separates decimals: 1,5 is refused rather than guessed.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from services.imports.bulk.cells import CellError, Said

_HIDDEN: Final = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad")
)
_SIGNS: Final = {
    "٬": ",", "،": ",", "'": ",", "’": ",", "٫": ".", "−": "-", "–": "-", "—": "-", "٪": "%", "\u00a0": " ",
    "\u202f": " ", "\u2009": " ", "≥": ">=", "≤": "<=",
}  # fmt: skip
_DIGITS: Final = {
    chr(code): str(unicodedata.decimal(chr(code))) for code in range(0x80, 0x20000) if chr(code).isdecimal()
}
_TABLE: Final = str.maketrans({**_DIGITS, **_SIGNS})
_LATIN: Final = {**str.maketrans(_DIGITS), **_HIDDEN}
_PERSIAN_SLASH: Final = re.compile(
    r"(?<![\d/])([\u06f0-\u06f9\u0660-\u0669]+)/([\u06f0-\u06f9\u0660-\u0669]+)(?![\d/])"
)
_PLAIN: Final = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d+)?")
_LONGEST: Final = 60
_NUMBER: Final = r"[+-]?\s?\d[\d, ]*(?:\.\d+)?"
_RANGE: Final = re.compile(rf"(?:from\s|از\s)?\s*({_NUMBER})\s*(?:-|\.\.\.?|to|تا|الی|~)\s*({_NUMBER})")
_ABOUT: Final = re.compile(rf"({_NUMBER})\s*(?:±|\+/-)\s*({_NUMBER})")
_LEAST: Final = re.compile(rf"(?:>=|min\.?|minimum|at least|حداقل|دست کم|کمینه|از)\s*({_NUMBER})")
_MOST: Final = re.compile(rf"(?:<=|max\.?|maximum|at most|up to|حداکثر|بیشینه|تا)\s*({_NUMBER})")
_CODE: Final = re.compile(r"\d+-\d+")
_STRICT: Final = re.compile(rf"[<>]\s*{_NUMBER}")


class Bounds(NamedTuple):
    """A range; one end may be open."""

    low: float | None
    high: float | None


def latin(text: str) -> str:
    """A text with Latin digits and without marks that are not seen."""
    return text.strip() if text.isascii() else text.translate(_LATIN).strip()


def plain(text: str) -> str:
    """A text with Latin digits and signs, without marks that are not seen."""
    if text.isascii():
        return text.replace("'", ",").strip()
    return _PERSIAN_SLASH.sub(r"\1.\2", text.translate(_HIDDEN)).translate(_TABLE).strip()


def number(text: str) -> float:
    """The number that a text is. CellError: it is none, or can be read in two ways."""
    found = _number(plain(text))
    if found is None:
        raise _no_number(text)
    return found


def number_or_none(text: str) -> float | None:
    """The number that a text is, or None where it is none. CellError: it can be read in two ways."""
    return _number(plain(text))


def bounds(text: str) -> Bounds | None:
    """The range that a text is: 10 - 20, 10 تا 20, >= 10, حداکثر ۲۰, 10 ± 0.5. None where it is no range.

    CellError: its lower end is above the upper one, or it leaves its own end out (> 10).
    """
    said = plain(text).casefold().replace("\u200c", " ")
    if len(said) > _LONGEST:
        return None
    if found := _RANGE.fullmatch(said):
        low, high = _number(found[1]), _number(found[2])
        if low is not None and high is not None and low > high and _CODE.fullmatch(said):
            return None
    elif found := _ABOUT.fullmatch(said):
        middle, around = _number(found[1]), _number(found[2])
        if middle is None or around is None:
            return None
        low, high = _rounded(middle - around), _rounded(middle + around)
    elif found := _LEAST.fullmatch(said):
        low, high = _number(found[1]), None
    elif found := _MOST.fullmatch(said):
        low, high = None, _number(found[1])
    elif _STRICT.fullmatch(said):
        sign = said[0]
        raise CellError(
            Said(
                f"{text!r} leaves its own end out, which cannot be asked; write {sign}= for it",
                f"«{text}» خود عدد را کنار می‌گذارد و چنین خواسته‌ای پذیرفته نیست؛ با {sign}= بنویسید",
            )
        )
    else:
        return None
    if low is not None and high is not None and low > high:
        raise CellError(
            Said(f"the range {text!r} runs from high to low", f"بازه «{text}» از بزرگ به کوچک نوشته شده است")
        )
    return Bounds(low, high) if low is not None or high is not None else None


def _rounded(value: float) -> float:
    """Without the last digits that binary arithmetic leaves: 1.1 + 0.1 is 1.2."""
    return float(f"{value:.12g}")


def _number(said: str) -> float | None:
    said = said.strip()
    if said[:1] in ("-", "+"):
        said = said[0] + said[1:].lstrip()
    if len(said) > _LONGEST:
        return None
    if _GROUPED.fullmatch(said):
        said = said.replace(",", "").replace(" ", "")
    elif "," in said and re.fullmatch(r"[+-]?[\d,.]+", said):
        raise CellError(
            Said(
                f"{said!r} can be read in two ways: commas separate thousands, in threes; write decimals with a point or ٫",
                f"«{said}» دو گونه خوانده می‌شود: ویرگول هزارگان را سه‌رقم‌سه‌رقم جدا می‌کند؛ اعشار را با ممیز «٫» یا نقطه بنویسید",
            )
        )
    return float(said) if _PLAIN.fullmatch(said) else None


def _no_number(text: str) -> CellError:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return CellError(Said(f"{shown!r} is no number", f"«{shown}» عدد نیست"))
