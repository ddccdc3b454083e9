"""The normaliser brings spellings of both scripts together and is stable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.matching.text import compact, loose, normalise, stem, stems

LETTERS = "abcXYZ ابپتيیكک\u200cةهها۰۱۲۳٤٥٦789/٫٬.,-–()«»×Ø½²ﷲ\u064b\u0640"


@given(st.text(alphabet=LETTERS, max_size=60))
def test_normalise_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=40))
def test_normalise_is_idempotent_on_any_text(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("شيلنگ ترمز", "شیلنگ ترمز"),
        ("كفشك", "کفشک"),
        ("لنت‌های ترمز", "لنت های ترمز"),
        ("۲۲٫۵", "22.5"),
        ("۱۵٬۰۰۰", "15000"),
        ("ﻛﻔﺸﻚ", "کفشک"),
        ("آبـــدهی", "آبدهی"),
        ("مقاوِم", "مقاوم"),
    ],
)
def test_scripts_meet(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("۲۲/۵ تن", "22.5 تن"),
        ("۹ و ۱/۱۶ اینچ", "9 و 1/16 اینچ"),
        ("۱۴۰۵/۷/۲۳", "1405/7/23"),
        ('24 5/8"', '24 5/8"'),
    ],
)
def test_decimal_slash_is_read_only_as_persians_write_it(text: str, plain: str) -> None:
    assert normalise(text) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [("سیم‌پیچی مجدد", "سیم پیچی مجدد"), ("brake-block", "Brake Blocks"), ("آب‌بندها", "آب بند"), ("پولی‌های", "پولی")],
)
def test_compact_is_one_for_spaced_and_joined(one: str, other: str) -> None:
    assert compact(one) == compact(other)


def test_stems_of_numbers_keep_digits() -> None:
    assert stems(normalise("Brake discs 640 mm, 60E1")) == ["brake", "disc", "640", "mm", "60e1"]


def test_springs_and_strings_are_not_cut() -> None:
    assert [stem(word) for word in ("springs", "spring", "string", "brass", "chassis")] == [
        "spring", "spring", "string", "brass", "chassis",
    ]  # fmt: skip


def test_loose_forgets_how_a_code_is_grouped() -> None:
    assert loose("SA-3") == loose("sa 3") == loose("SA3")
    assert loose("B+") != loose("B")
