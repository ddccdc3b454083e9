"""Foreign classification codes: how each scheme is written, and which broader codes its digits imply."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from graph.taxonomy.text import normalise_alias


class Scheme(NamedTuple):
    """How one classification writes its codes.

    `pattern` is what a cross reference in the tree must look like and `words` says it; `longest` is the
    number of digits that are international (national suffixes go); a code grows by `step` digits a level.
    """

    pattern: re.Pattern[str]
    words: str
    longest: int
    step: int


SCHEMES: Final[dict[str, Scheme]] = {
    "CPV": Scheme(re.compile(r"[0-9]{8}"), "8 digits without the check digit", 8, 1),
    "HS": Scheme(re.compile(r"[0-9]{4}(?:[0-9]{2})?"), "4 or 6 digits without dots", 6, 2),
    "ISIC": Scheme(re.compile(r"[0-9]{2,4}"), "2 to 4 digits without the section letter", 4, 1),
    "UNSPSC": Scheme(re.compile(r"[0-9]{8}"), "8 digits", 8, 2),
}
_SHORTEST: Final = 2  # the two digits of a division, chapter or segment always carry meaning
_PUNCTUATION: Final = re.compile(r"[\s./]")


def scheme_name(scheme: str) -> str | None:
    """Return the scheme as the tree spells it ('cpv', 'HS 2022', 'ISIC Rev.4' are understood), or None."""
    first = re.match(r"\s*([A-Za-z]+)", scheme)
    name = first.group(1).upper() if first else ""
    return name if name in SCHEMES else None


@lru_cache(maxsize=8192)  # a tree repeats few codes on many classes
def significant_digits(scheme: str, code: str) -> str:
    """Return the digits of a code that carry meaning: no check digit, dots, national suffix or filling zeros.

    CPV '34631400-3' -> '346314', HS '8607.21.00' -> '860721', ISIC 'C3020' -> '302'.
    An empty string means that the text holds no code of this scheme.
    """
    text = normalise_alias(code)
    if scheme == "CPV":
        text = text.split(" ")[0]  # the check digit hung on a hyphen, which is a space now
    digits = _PUNCTUATION.sub("", text)
    if scheme == "ISIC":
        digits = re.sub(r"^[a-u]", "", digits)  # the section letter
    if not re.fullmatch(r"[0-9]{2,}", digits):
        return ""
    longest, step = SCHEMES[scheme].longest, SCHEMES[scheme].step
    digits = digits[: min(longest, len(digits) // step * step)]
    while len(digits) - step >= _SHORTEST and digits.endswith("0" * step):
        digits = digits[:-step]
    return digits


def broader_digits(scheme: str, digits: str) -> list[str]:
    """Return significant digits themselves and then those of every broader code, longest first."""
    return [digits[:end] for end in range(len(digits), _SHORTEST - 1, -SCHEMES[scheme].step)]
