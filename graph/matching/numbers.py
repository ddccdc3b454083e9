"""Numbers out of running text in both scripts: values, ranges, bounds, and where they stand."""

import re
from typing import Final, NamedTuple

_NUMBER: Final = r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?(?![\d])|\d+(?:[.,]\d+)?"
_FRACTION: Final = r"(?:\s(?:و\s)?\d{1,2}/\d{1,2}(?![\d/]))?"
_SIGN: Final = r"(?:(?:منفی|minus)\s?|[-+±]\s?(?=\d))?"
_ONE: Final = rf"{_SIGN}(?:{_NUMBER}){_FRACTION}"
_SCALE: Final = {"هزار": 1e3, "thousand": 1e3, "میلیون": 1e6, "million": 1e6, "میلیارد": 1e9}
_SCALES: Final = "|".join(_SCALE)
_EXPRESSION: Final = re.compile(
    rf"(?<![\w.,/])(?P<low>{_ONE})(?P<minus>-(?=\s|$))?(?:\s?(?P<scale>{_SCALES}))?"
    rf"(?P<between>\s?[^\W\d_/%°\"]{{0,9}}[/²³\d]{{0,3}}\s?(?:[°\"%]\s?[cf]?)?)?"
    rf"\s?(?:\.\.\.?|-|~|تا|to|الی)\s?(?P<high>{_SIGN}(?:{_NUMBER}))(?P<hminus>-(?=\s|$|[.,;]))?(?P<plus>\+(?!\d))?(?:\s?(?P<hscale>{_SCALES}))?"
    rf"|(?<![\w.,/])(?P<one>{_ONE})(?P<ominus>-(?=\s|$|[.,;]))?(?:\s?(?P<oscale>{_SCALES}))?"
)
_MIN_BEFORE: Final = re.compile(
    r"(?:>=?|min\.?|minimum|at least|not less than|no less than|from|over|above|more than|exceeding|حداقل|دست کم|بیش از|بیشتر از|بالای|از|کمینه|لااقل)\s*(?:of\s)?$"
)
_MAX_BEFORE: Final = re.compile(
    r"(?:<=?|max\.?|maximum|at most|not more than|no more than|not exceeding|not above|up to|upto|below|under|down to|less than|within|حداکثر|تا|زیر|کمتر از|بیشینه|نهایتا|to)\s*(?:of\s)?$"
)
_MIN_AFTER: Final = re.compile(
    r"^\s*(?:min\b|minimum\b|or (?:more|longer|higher|greater|better)|and (?:more|above|over)|یا بیشتر|به بالا|و بالاتر)"
)
_MAX_AFTER: Final = re.compile(r"^\s*(?:max\b|maximum\b|or (?:less|lower)|and (?:less|below)|یا کمتر)")


class Amount(NamedTuple):
    """A number or range in a text: start and end of the digits, and how the words bound it."""

    low: float | None
    high: float | None
    start: int
    end: int
    bound: str
    between: str = ""


def amounts(text: str) -> list[Amount]:
    """Find numbers and ranges in normalised text. Units are not read here: they follow at `end`."""
    found: list[Amount] = []
    for match in _EXPRESSION.finditer(text):
        if match["one"] is not None:
            value = _value(match["one"], match["ominus"], match["oscale"])
            bound = _bound(text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 24])
            low, high = (None, value) if bound == "max" else (value, None) if bound == "min" else (value, value)
            found.append(Amount(low, high, match.start(), match.end(), bound))
            continue
        scale = match["scale"] or match["hscale"]
        low = _value(match["low"], match["minus"], scale)
        high = _value(match["high"], match["hminus"], match["hscale"] or scale)
        between = (match["between"] or "").strip()
        if low > high and not between:
            low, high = high, low
        found.append(Amount(low, high, match.start(), match.end(), "range", between))
    return found


def number(text: str) -> float | None:
    """Return the one number that a normalised text consists of, or None."""
    match = re.fullmatch(_ONE, text.strip())
    return _value(match.group(), None, None) if match else None


def _value(text: str, minus: str | None, scale: str | None) -> float:
    negative = bool(minus) or text.startswith(("منفی", "minus")) or text[0] == "-"
    digits = re.sub(r"^(?:منفی|minus|[-+±])\s?", "", text)
    fraction = 0.0
    part = re.search(r"\s(?:و\s)?(\d{1,2})/(\d{1,2})$", digits)
    if part:
        fraction = int(part[1]) / int(part[2]) if int(part[2]) else 0.0
        digits = digits[: part.start()]
    if re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "").replace(" ", "")
    value = (float(digits.replace(",", ".")) + fraction) * (_SCALE[scale] if scale else 1.0)
    return -value if negative else value


def _bound(before: str, after: str) -> str:
    if _MIN_BEFORE.search(before) or _MIN_AFTER.search(after):
        return "min"
    if _MAX_BEFORE.search(before) or _MAX_AFTER.search(after):
        return "max"
    return ""
