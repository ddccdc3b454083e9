"""Capacities that sentences state, in both scripts, and sentences that state none."""

import pytest

from services.imports.quotes import number_of, stated_capacities, words_of


def told(text: str) -> list[tuple[float, str, str]]:
    return [(each.quantity, each.unit, each.per) for each in stated_capacities(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ظرفیت تولید سالانه ۳۰۰۰ تن لنت ترمز", [(3000, "تن", "year")]),
        ("ظرفیت ماهانه دو هزار و پانصد عدد شیر", [(2500, "عدد", "month")]),
        ("ظرفیت کارخانه در سال یک هزار و 200 دستگاه پمپ، 40 دستگاه کمپرسور است", [(1200, "دستگاه", "year"), (40, "دستگاه", "year")]),
        ("annual capacity of 12,500 tonnes of castings", [(12500, "tonnes", "year")]),
        ("a capacity of 300 sets per month", [(300, "sets", "month")]),
        ("در یک روز ۱۷۲۸ قطعه تولید کرد", []),
        ("ظرفیت مخزن ۵۰۰ لیتر است", []),
        ("in the past two years 90 units were made", []),
        ("ظرفیت روزانه و سالانه ۵۰ تن", []),
        ("", []),
    ],
)  # fmt: skip
def test_capacities_with_a_period_are_read_and_nothing_else(text, wanted):
    assert told(text) == wanted


def test_each_number_has_the_things_after_it_alone():
    first, second = stated_capacities("سالانه ظرفیت ساخت ۱۰ دستگاه لکوموتیو، ۲۰ دستگاه واگن باری را دارد")
    assert words_of("لوکوموتیو") <= first.things
    assert not words_of("واگن") <= first.things
    assert words_of("واگن‌های باری") <= second.things


@pytest.mark.parametrize(
    ("text", "number"),
    [("یک هزار و 500", 1500), ("سیصد و بیست", 320), ("2 میلیون", 2_000_000), ("هزار", 1000), ("12,500", 12500)],
)
def test_numbers_of_digits_and_words(text, number):
    assert number_of(text) == number
