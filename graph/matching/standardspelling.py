"""How people write a standard in a field of its own, brought to the form that the grammar reads.

Each rule is a habit of a whole family: letters glued to the family ("NFC 33-209"), two publishers of one document
("NSF/ANSI/CAN 61"), directives beside their short names, revision letters, editions.
"""

import re
from typing import Final

_HABITS: Final = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"\b(\d+)(?:st|nd|rd|th)\s*(?:ed(?:ition)?\b\.?)?", " "),
        (r"\b(?:ed(?:ition)?\b\.?|issue|ویرایش|نسخه|چاپ)\s*\d{1,4}\b", " "),
        (r"\b(nf|jis|astm)([a-g])(?=[\s-]?\d)", r"\1 \2 "),
        (r"\b(nf)([m-x])(?=[\s-]?\d)", r"\1 \2 "),
        (r"\b(din|bs|nf|uni|une|en|ts|tse|sfs|nen)(en|iso)(?=\s?\d)", r"\1 \2 "),
        (r"\b(?:un\s?/\s?ece|un ece|unece|ece|un)[\s/-]*r(?:eg(?:ulation)?)?\b\.?[\s-]*(?:no\b\.?)?\s*(?=\d)", "ece r"),
        (r"\b(?:un\s?/\s?ece|un ece|unece|ece|un)[\s/-]*r(?=\d)", "ece r"),
        (r"\bece\s+(?=\d)", "ece r"),
        (r"\ben\s(\d{3})\s(\d{3})\b", r"en \1\2"),  # ETSI groups its numbers
        (r"^(?:نشان\s*)?استاندارد(?:\s*ملی)?(?:\s*ایران)?\s*(?:به\s*)?(?:شماره\s*)?(?=\d)", "isiri "),
        (r"\b(viii)\s*-\s*([1-3])\b", r"\1 div \2"),
        (r"\bnsf\s*/\s*ansi(?:\s*/\s*can)?\b|\bansi\s*/\s*nsf\b", "nsf"),
        (r"\bansi\s*(?:/\s*asme\s*)?(?=b\s?\d{1,2}\.)", "asme "),
        (r"\b(?:nace\s*)?mr[\s-]*0?1[\s-]*75\b", "nace mr 0175"),
        (r"\b510\s?\(\s?k\s?\)", "510k"),
        (r"(\bul\s?94[\s,-]*)v[\s-]?([0-2])\b", r"\1 v\2"),
        (r"\b(mil[\s-]*(?:std|dtl|prf|spec|hdbk|[a-z])?[\s-]*\d{3,6})[a-h]\b", r"\1"),
        (r"\bitu(?:[\s-]*t)?\b[\s,-]*([a-z])\.?\s?(\d{2,4})\.?\s?([a-d]\d?)\b", r"itu \1 \2 \3"),
        (r"^([gkl])\.(\d{3})\.?\s?([a-d]\d?)?\b", r"itu \1 \2 \3"),
        (r"\b(?:directive|regulation|\(eu\)|\(ec\))\s*(?=(?:no\.?\s*)?\d{2,4}/\d)", " "),
        (r"(?:\b(?:eu|ec|ped|mdd|mdr|ivdr|atex|lvd|emcd?|md|rohs|weee|cpr|rtte|red)\b[\s:,-]*)*\b(\d{2,4})/(\d{1,4})/(?:eu|ec|eec|ce)\b", r"eu \1.\2"),
        (r"\b(?:eu\s*)?(?:mdr|ivdr)[\s:,-]*(2017)/(\d{3})\b", r"eu \1.\2"),
        (r"(?<=\S)[\s-]+(?:stamp|symbol|marking|mark|certificate|certified|approved|approval|listed)\b\.?", " "),
    )
)  # fmt: skip


def respell(plain: str) -> str:
    """Return a normalised field with the habits above undone; fields without any come back as they are.

    >>> respell("nfc 33-209"), respell("un/ece regulation no. 54"), respell("ped 2014/68/eu")
    ('nf c  33-209', 'ece r54', 'eu 2014.68')
    """
    for habit, new in _HABITS:
        plain = habit.sub(new, plain)
    return plain.strip()
