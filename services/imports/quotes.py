"""Capacities that a sentence states: «سالانه ظرفیت تولید ۱۵۰۰ دستگاه واگن باری، ۴۰ دستگاه لوکوموتیو», "capacity of 40 t a month"."""

import re
from typing import Final, Literal, NamedTuple

from graph.matching.sound import sound
from graph.matching.text import normalise, stems

Per = Literal["month", "year", "week", "day"]

_CAPACITY: Final = re.compile(r"ظرفیت|\bcapacity\b")
_PERIODS: Final[tuple[tuple[Per, re.Pattern[str]], ...]] = (
    ("year", re.compile(r"سالانه|سالیانه|در سال|هر سال|\bannual(?:ly)?\b|\byearly\b|\b(?:per|a|each) year\b")),
    ("month", re.compile(r"ماهانه|ماهیانه|در ماه|هر ماه|\bmonthly\b|\b(?:per|a|each) month\b")),
    ("week", re.compile(r"هفتگی|در هفته|هر هفته|\bweekly\b|\b(?:per|a|each) week\b")),
    ("day", re.compile(r"روزانه|در روز|هر روز|\bdaily\b|\b(?:per|a|each) day\b")),
)
_ONES: Final = {
    "یک": 1, "دو": 2, "سه": 3, "چهار": 4, "پنج": 5, "شش": 6, "هفت": 7, "هشت": 8, "نه": 9, "ده": 10,
    "بیست": 20, "سی": 30, "چهل": 40, "پنجاه": 50, "شصت": 60, "هفتاد": 70, "هشتاد": 80, "نود": 90, "صد": 100,
    "دویست": 200, "سیصد": 300, "چهارصد": 400, "پانصد": 500, "ششصد": 600, "هفتصد": 700, "هشتصد": 800, "نهصد": 900,
}  # fmt: skip
_SCALES: Final = {"هزار": 1_000, "میلیون": 1_000_000, "thousand": 1_000, "million": 1_000_000}
_NUMBER_WORD: Final = rf"(?:\d[\d,]*(?:\.\d+)?|{'|'.join([*_ONES, *_SCALES])})"
_UNITS: Final = (
    "دستگاه|عدد|قطعه|تن|متر|کیلومتر|شاخه|ست|جفت|لیتر|کیلوگرم|مترمکعب|pcs|pieces?|units?|sets?|tonnes?|tons?|t|m|km|kg"
)
_COUNTED: Final = re.compile(
    rf"(?<![\w.,])(?P<number>{_NUMBER_WORD}(?:\s(?:و\s)?{_NUMBER_WORD})*)\s?(?P<unit>{_UNITS})(?!\w)"
)
_SENTENCE: Final = re.compile(r"\.\s|[;؛!?]|\.\.\.")


class Stated(NamedTuple):
    """So much of a thing in a period; `things` are the words that follow as they sound, up to the next number."""

    quantity: float
    unit: str
    per: Per
    things: frozenset[str]


def stated_capacities(text: str) -> list[Stated]:
    """Capacities of a text in either script. A sentence without the word capacity or a period states none."""
    found: list[Stated] = []
    for part in _SENTENCE.split(normalise(text)):
        per: list[Per] = [name for name, words in _PERIODS if words.search(part)]
        if len(per) != 1 or not _CAPACITY.search(part):
            continue
        counted = list(_COUNTED.finditer(part))
        ends = [one.start() for one in counted[1:]] + [len(part)]
        for one, end in zip(counted, ends, strict=True):
            quantity = number_of(one["number"])
            if quantity:
                found.append(Stated(quantity, one["unit"], per[0], words_of(part[one.end() : end])))
    return found


def number_of(text: str) -> float:
    """The number that digits and Persian number words make together: «یک هزار و 500» is 1500."""
    total, part = 0.0, 0.0
    for word in text.split():
        if word in _SCALES:
            total += (part or 1.0) * _SCALES[word]
            part = 0.0
        elif word in _ONES:
            part += _ONES[word]
        elif word != "و":
            part += float(word.replace(",", ""))
    return total + part


def words_of(text: str) -> frozenset[str]:
    """The words of a text as they sound, so that two spellings are one: «لوکوموتیو», «لکوموتیو»."""
    return frozenset(map(sound, stems(normalise(text))))
