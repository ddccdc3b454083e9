"""How a word sounds, in one spelling for both scripts, so that «پانتوگراف» meets "pantograph"."""

from functools import lru_cache
from typing import Final

_LATIN: Final = (
    ("tion", "sn"), ("sion", "sn"), ("ph", "f"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("ck", "k"), ("kh", "k"), ("qu", "k"),
    ("gh", "g"), ("th", "t"), ("wr", "r"), ("zh", "g"), ("x", "ks"), ("ce", "s"), ("ci", "s"), ("cy", "s"), ("c", "k"), ("q", "k"), ("z", "s"),
    ("w", "v"), ("dg", "g"), ("j", "g"),
)  # fmt: skip
_PERSIAN: Final = {
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ش": "s", "ز": "s", "ذ": "s", "ض": "s", "ظ": "s", "ج": "g",
    "چ": "s", "ح": "h", "ه": "h", "خ": "k", "د": "d", "ر": "r", "ژ": "g", "ف": "f", "ق": "g", "غ": "g", "ک": "k", "گ": "g", "ل": "l",
    "م": "m", "ن": "n", "و": "v", "ی": "", "ا": "", "ع": "",
}  # fmt: skip
_VOWELS: Final = frozenset("aeiouyhv")
_SHORTEST: Final = 3


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return the consonants of a stem in one alphabet; words of fewer than three keep their letters.

    >>> sound("پانتوگراف"), sound("pantograph")
    ('pntgrf', 'pntgrf')
    """
    if word.isascii():
        text = word
        for letters, one in _LATIN:
            text = text.replace(letters, one)
        kept = [letter for letter in text if letter not in _VOWELS]
    else:
        kept = [_PERSIAN.get(letter, letter) for letter in word]
        kept = [letter for letter in kept if letter and letter not in _VOWELS]
    joined = "".join(letter for at, letter in enumerate(kept) if at == 0 or letter != kept[at - 1])
    return joined if len(joined) >= _SHORTEST else word
