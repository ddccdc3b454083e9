"""The minimal normaliser that decides when two aliases are the same word.

It is kept small on purpose: an alias collision must be judged the same way on every machine and release.
Search may use a stronger normaliser (stemming, spelling) over the same tree: see Taxonomy.index_aliases.
"""

import re
import unicodedata
from typing import Final

# Yeh, alef maksura, kaf, teh marbuta -> the Persian letters
_ARABIC_TO_PERSIAN: Final = {"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9", "\u0629": "\u0647"}
_DIGITS: Final = {
    chr(zero + value): str(value) for zero in (0x0660, 0x06F0) for value in range(10)
}  # Arabic-Indic and Persian digits
_GAPS: Final = dict.fromkeys("\u200c\u200b\u200d\u2010\u2011\u2012\u2013\u2014\u2212-_", " ")
_SILENT: Final = dict.fromkeys(("\u0640", *map(chr, range(0x064B, 0x0653))), "")  # tatweel, vowel marks
_TABLE: Final = str.maketrans({**_ARABIC_TO_PERSIAN, **_DIGITS, **_GAPS, **_SILENT})
_SPACES: Final = re.compile(r"\s+")


def normalise_alias(text: str) -> str:
    """Return the key under which an alias is unique: one case, one script form, single spaces.

    NFKC, case folded, Arabic ي ك to Persian, digits to Latin, hyphens and joiners to a space.
    >>> normalise_alias("Brake-Block  ١٢")
    'brake block 12'
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_TABLE)
    return _SPACES.sub(" ", folded).strip()
