"""One normaliser for both scripts: letters, digits, spaces, and the stems that two spellings of a word share.

`normalise` is idempotent. `words` cuts normalised text into words; `stem` folds plural and adjective endings so
that «لنت‌های ترمز» and «لنت ترمز», "brake pads" and "brake pad" meet.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from graph.matching.spelling import american, names_work

_LETTERS: Final = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ئ": "ی", "ك": "ک", "ﻙ": "ک", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
    "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و", "ڪ": "ک",
}  # fmt: skip
_DIGITS: Final = {chr(zero + value): str(value) for zero in (0x0660, 0x06F0) for value in range(10)}
_JOINERS: Final = dict.fromkeys("\u200c\u200b\u200d\u00ad\ufeff", "\u200c")
_DASHES: Final = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-")
_QUOTES: Final = {
    "\u2033": '"',
    "\u201c": '"',
    "\u201d": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2019": "'",
    "\u2032": "'",
}
_MARKS: Final = {"،": ",", "؛": ";", "؟": "?", "٪": "%", "٫": ".", "٬": "", "\u0640": "", "×": " x ", "\u00f7": "/",
                 "≥": ">=", "≤": "<=", "ø": " ø ", "⌀": " ø ", "\u0654": "", "\u0655": "", "\u0670": ""}  # fmt: skip
_VOWELS: Final = dict.fromkeys(map(chr, range(0x064B, 0x0653)), "")
_TABLE: Final = str.maketrans({**_LETTERS, **_JOINERS, **_DASHES, **_QUOTES, **_MARKS, **_VOWELS})
_DIGIT_TABLE: Final = str.maketrans(_DIGITS)

_PERSIAN_DECIMAL: Final = re.compile(
    r"(?<!\d و )(?<![\u06f0-\u06f9] و )(?<![\d\u06f0-\u06f9\u0660-\u0669/.])([\u06f0-\u06f9\u0660-\u0669]+)/([\u06f0-\u06f9\u0660-\u0669]{1,3})(?![\d\u06f0-\u06f9\u0660-\u0669/])"
)
_PERSIAN_THOUSANDS: Final = re.compile(
    r"(?<=[\u06f0-\u06f9\u0660-\u0669])[,،](?=[\u06f0-\u06f9\u0660-\u0669]{3}(?![\u06f0-\u06f9\u0660-\u0669]))"
)
_PERSIAN_DIGIT: Final = "\u06f0-\u06f9\u0660-\u0669"
_TIMES: Final = re.compile(r"(?<=\d)x(?=\d)")
_SPACES: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\W_]+(?:[.+][^\W_]+)*\+*", re.UNICODE)
_SPLIT: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", re.UNICODE)


@lru_cache(maxsize=2_048)  # a title and description are read several times over, one after the other
def normalise(text: str) -> str:
    """Return text in one spelling: lower case, Persian letters, Latin digits, single spaces.

    A Persian decimal slash between Persian digits becomes a point («۲۲/۵» -> "22.5"), joiners become a space.
    >>> normalise("لنت‌هاي  ترمز ۲۲/۵")
    'لنت های ترمز 22.5'
    """
    text = _PERSIAN_DECIMAL.sub(_decimal, text)
    text = _PERSIAN_THOUSANDS.sub("", text)
    # A fraction sign may decompose into digits and a fraction slash: one more NFKC pass keeps this stable.
    text = unicodedata.normalize("NFKC", text).replace("\u2044", "/").casefold()
    text = unicodedata.normalize("NFKC", text).translate(_TABLE).translate(_DIGIT_TABLE)
    text = _TIMES.sub(" x ", text.replace("\u200c", " "))
    return _SPACES.sub(" ", text).strip()


_WHOLE_DIGITS: Final = 3
_ENDING, _STEM = 2, 3
_WORD_LENGTH, _Y_LENGTH = 3, 4


def _decimal(match: re.Match[str]) -> str:
    whole, part = match.groups()
    # «۱۴۰۵/۷» is a year and a month, not a number.
    return match.group() if len(whole) > _WHOLE_DIGITS else f"{whole}.{part}"


_FA_ENDINGS: Final = ("هایی", "هایم", "های", "ها", "ات", "یی", "ی")
_FA_DROPPED: Final = frozenset({"ها", "های", "هایی", "ای", "ی", "می", "نمی", "و", "تر", "ترین"})
_EN_DROPPED: Final = frozenset({"the", "a", "an", "of", "and", "or"})


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of one normalised word; the same stem for singular and plural, with or without «ی».

    >>> stem("wheels"), stem("pulleys"), stem("boxes"), stem("quenching"), stem("چدنی"), stem("قطعات")
    ('wheel', 'pulley', 'box', 'quench', 'چدن', 'قطع')
    """
    if word.isascii():
        return _stem_english(word)
    if names_work(word):
        return word
    for ending in _FA_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (_ENDING if len(ending) > _ENDING else _STEM):
            word = word[: -len(ending)]
            break
    return word


@lru_cache(maxsize=65_536)
def singular(word: str) -> str:
    """Return a word without plural endings only: "training" and "train" stay apart, as roles need them."""
    return _singular_english(word) if word.isascii() else stem(word)


def _stem_english(word: str) -> str:
    word = _singular_english(word) if not word.endswith("ings") else american(word)
    if len(word) >= 7 and word.endswith("ing") and word.isalpha():  # noqa: PLR2004 - "quenching", not "spring"
        return word[:-3]
    return _plural(word)


def _singular_english(word: str) -> str:
    return american(_plural(word))


def _plural(word: str) -> str:
    if len(word) <= _WORD_LENGTH or not word.endswith("s") or any(letter.isdigit() for letter in word):
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _Y_LENGTH:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1]


def words(text: str) -> list[str]:
    """Return the words of normalised text, in order; letters and digits that touch stay one word."""
    return _WORD.findall(text)


def stems(text: str) -> list[str]:
    """Return the stems of normalised text without endings that stand alone and articles."""
    return [stem(word) for word in _WORD.findall(text) if word not in _FA_DROPPED and word not in _EN_DROPPED]


def compact(text: str) -> str:
    """Return the key under which spaced, hyphenated and joined spellings are one: stems without spaces."""
    return "".join(stems(normalise(text)))


def loose(text: str) -> str:
    """Return letters and digits only, lower case: for codes, types and grades («SA-3», "SA 3" -> "sa3")."""
    return "".join(character for character in normalise(text) if character.isalnum() or character == "+")


def split_runs(word: str) -> list[str]:
    """Cut a word where letters meet digits: "dn100" -> ["dn", "100"]."""
    return [part for part in _SPLIT.split(word) if part]


def is_persian(word: str) -> bool:
    """Tell whether the word holds an Arabic-script letter."""
    return any("\u0600" <= letter <= "\u06ff" for letter in word)
