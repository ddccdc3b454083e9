"""The provinces of Iran with their ISO 3166-2 codes: by code, Persian or English name to the Persian name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rapidfuzz import fuzz, process

from graph.matching.text import normalise
from services.imports.bulk.cells import CellError, Said

PROVINCES: Final = (
    ("IR-00", "مرکزی", "Markazi"),
    ("IR-01", "گیلان", "Gilan", "Guilan"),
    ("IR-02", "مازندران", "Mazandaran"),
    ("IR-03", "آذربایجان شرقی", "East Azerbaijan", "Azarbaijan-e Sharqi", "East Azarbaijan"),
    ("IR-04", "آذربایجان غربی", "West Azerbaijan", "Azarbaijan-e Gharbi", "West Azarbaijan"),
    ("IR-05", "کرمانشاه", "Kermanshah"),
    ("IR-06", "خوزستان", "Khuzestan"),
    ("IR-07", "فارس", "Fars"),
    ("IR-08", "کرمان", "Kerman"),
    ("IR-09", "خراسان رضوی", "Razavi Khorasan", "Khorasan-e Razavi", "Khorasan Razavi"),
    ("IR-10", "اصفهان", "Isfahan", "Esfahan"),
    ("IR-11", "سیستان و بلوچستان", "Sistan and Baluchestan", "Sistan va Baluchestan", "Sistan & Baluchestan"),
    ("IR-12", "کردستان", "Kurdistan", "Kordestan"),
    ("IR-13", "همدان", "Hamadan", "Hamedan"),
    ("IR-14", "چهارمحال و بختیاری", "Chaharmahal and Bakhtiari", "Chahar Mahal va Bakhtiari", "چهار محال و بختیاری"),
    ("IR-15", "لرستان", "Lorestan"),
    ("IR-16", "ایلام", "Ilam"),
    ("IR-17", "کهگیلویه و بویراحمد", "Kohgiluyeh and Boyer-Ahmad", "Kohgiluyeh va Boyer-Ahmad", "کهکیلویه و بویراحمد", "کهگیلویه و بویر احمد"),
    ("IR-18", "بوشهر", "Bushehr"),
    ("IR-19", "زنجان", "Zanjan"),
    ("IR-20", "سمنان", "Semnan"),
    ("IR-21", "یزد", "Yazd"),
    ("IR-22", "هرمزگان", "Hormozgan"),
    ("IR-23", "تهران", "Tehran"),
    ("IR-24", "اردبیل", "Ardabil", "Ardebil"),
    ("IR-25", "قم", "Qom"),
    ("IR-26", "قزوین", "Qazvin"),
    ("IR-27", "گلستان", "Golestan"),
    ("IR-28", "خراسان شمالی", "North Khorasan", "Khorasan-e Shomali"),
    ("IR-29", "خراسان جنوبی", "South Khorasan", "Khorasan-e Jonubi"),
    ("IR-30", "البرز", "Alborz"),
)  # fmt: skip
"""Code, Persian name, English name, and other spellings."""
_WORDS: Final = ("استان ", "province of ")
_NEAR: Final = 75.0


def _key(text: str) -> str:
    said = normalise(text).replace("-", " ")
    for word in _WORDS:
        said = said.removeprefix(word)
    return said.removesuffix(" province").strip()


_BY_KEY: Final[Mapping[str, str]] = MappingProxyType({_key(name): row[1] for row in PROVINCES for name in row})


def province(text: str) -> str:
    """The Persian name of the province that is meant. CellError: there is none of this name or code."""
    found = _BY_KEY.get(_key(text))
    if found is not None:
        return found
    near = process.extractOne(_key(text[:100]), list(_BY_KEY), scorer=fuzz.ratio, score_cutoff=_NEAR)
    shown = text[:60]
    if near is None:
        raise CellError(
            Said(
                f"there is no province {shown!r}; write one of the 31 by its name or its ISO code such as IR-03",
                f"استانی به نام «{shown}» نیست؛ یکی از ۳۱ استان را با نام یا کد ایزو مانند IR-03 بنویسید",
            )
        )
    meant = _BY_KEY[near[0]]
    raise CellError(
        Said(
            f"there is no province {shown!r}; did you mean {meant!r}?",
            f"استانی به نام «{shown}» نیست؛ آیا «{meant}» منظور است؟",
        )
    )
