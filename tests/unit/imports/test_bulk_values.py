"""Numbers, ranges, dates, provinces and classes as people write them in cells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from services.imports.bulk import kinds as k
from services.imports.bulk.cells import Cell, CellError
from services.imports.bulk.classes import Classes
from services.imports.bulk.dates import day
from services.imports.bulk.numbers import bounds, number
from services.imports.bulk.provinces import PROVINCES, province
from tests.unit.imports.bulk_tables import TREE, told

CLASSES = Classes(TREE)
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("12.5", 12.5), ("۱۲٫۵", 12.5), ("١٢٫٥", 12.5), ("1,500", 1500), ("۱٬۵۰۰", 1500), ("۱،۵۰۰", 1500),
        ("1 500 000", 1_500_000), ("1\u00a0500", 1500), ("۱٬۲۳۴٬۵۶۷٫۸۹", 1_234_567.89), ("-3", -3), ("−۳", -3),
        ("۲۲/۵", 22.5), ("1E+05", 1e5), ("\u200f۴۵\u200e", 45), ("1'500", 1500), (".5", 0.5), ("+7", 7),
    ],
)  # fmt: skip
def test_numbers_of_both_scripts(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1,5", "1,50,000", "1.500,25", "12 5", "1/2/3", "ده", "1..2", "9" * 500])
def test_what_is_no_number_or_two_is_refused(text):
    with pytest.raises(CellError):
        number(text)


@given(st.integers(min_value=-(10**12), max_value=10**12), st.integers(0, 999), st.sampled_from(["٬", ",", "،", " "]))
def test_a_grouped_number_means_the_same_in_every_script(whole, part, separator):
    plain = f"{whole}.{part:03d}"
    grouped = f"{whole:,}".replace(",", separator) + f"٫{part:03d}"
    assert number(grouped) == float(plain)
    assert number(grouped.translate(PERSIAN)) == float(plain)
    assert number(grouped.translate(ARABIC)) == float(plain)


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_a_sentence(text):
    for reader in (number, bounds, day, province):
        assert told(lambda reader=reader: reader(text)) != ""


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10 - 20", 10, 20), ("10-20", 10, 20), ("10..20", 10, 20), ("10 to 20", 10, 20), ("۱۰ تا ۲۰", 10, 20),
        ("از ۱۰ تا ۲۰", 10, 20), ("-40 - 60", -40, 60), ("-40 تا -10", -40, -10), (">= 10", 10, None), ("≥۱۰", 10, None),
        ("min 10", 10, None), ("حداقل ۱۰", 10, None), ("<=20", None, 20), ("حداکثر ۲۰", None, 20), ("max 20", None, 20),
        ("تا ۲۰", None, 20), ("1.1 ± 0.1", 1.0, 1.2), ("1,000 – 2,000", 1000, 2000),
    ],
)  # fmt: skip
def test_ranges(text, low, high):
    assert bounds(text) == (low, high)


@pytest.mark.parametrize("text", ["10", "UIC 541-4", "541-4", "steel", "10 - 20 - 30", "2025-11-06", ""])
def test_what_is_no_range(text):
    assert bounds(text) is None


@pytest.mark.parametrize("text", ["> 10", "<10", "20 - 10", "۲۰ تا ۱۰"])
def test_ranges_that_cannot_be_meant(text):
    with pytest.raises(CellError):
        bounds(text)


@pytest.mark.parametrize(
    "text",
    ["2025-11-06", "2025/11/6", "2025.11.06", "1404/08/15", "1404-8-15", "۱۴۰۴/۰۸/۱۵", "١٤٠٤/٠٨/١٥", "14040815", "20251106",
     "۱۵ آبان ۱۴۰۴", "15 آبان ماه 1404", "2025-11-06 00:00:00", "2025-11-06T10:30:00Z", "\u200f۱۴۰۴/۰۸/۱۵"],
)  # fmt: skip
def test_dates_of_both_calendars(text):
    assert day(text) == date(2025, 11, 6)


@pytest.mark.parametrize(
    "text", ["1404/12/30", "1404/13/01", "2025-02-29", "06/11/2025", "15/08/1404", "45966", "04/08/15", "1700-01-01", "soon", "1404/08"]
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(CellError):
        day(text)


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2190, 1, 1)))
def test_every_day_is_read_from_both_calendars(expected):
    solar = JalaliDate(expected)
    said = f"{solar.year}/{solar.month:02d}/{solar.day:02d}"
    assert day(said) == day(said.translate(PERSIAN)) == day(expected.isoformat()) == expected


def test_provinces_go_by_name_or_code():
    assert len({row[0] for row in PROVINCES}) == len({row[1] for row in PROVINCES}) == 31
    for said in (
        "آذربایجان شرقی",
        "آذربايجان شرقي",
        "استان آذربایجان شرقی",
        "East Azerbaijan",
        "east azarbaijan",
        "IR-03",
        "ir-03",
    ):
        assert province(said) == "آذربایجان شرقی"
    with pytest.raises(CellError, match="did you mean 'تهران'"):
        province("تهرون")
    with pytest.raises(CellError, match="31"):
        province("Bavaria")


def test_classes_go_by_id_name_or_alias():
    for said in ("brake-block", "Brake block", "brake blocks".removesuffix("s"), "کفشک‌ترمز", "كفشك ترمز", "بلوک ترمز"):
        assert CLASSES.find(said) == "brake-block"
    with pytest.raises(CellError, match="did you mean"):
        CLASSES.find("brake blokc")
    with pytest.raises(CellError, match="no product class"):
        CLASSES.find("turbine")


@pytest.mark.parametrize(("said", "value"), [("بله", True), ("بلی", True), ("yes", True), ("TRUE", True), ("1", True), ("۱", True), ("دارد", True), ("خیر", False), ("نه", False), ("No", False), ("ندارد", False), ("0", False)])  # fmt: skip
def test_yes_and_no(said, value):
    assert k.YES_NO.read(Cell(said), CLASSES) is value


def test_percentages_by_how_they_are_shown():
    for cell in (Cell(0.6, percent=True), Cell(60.0), Cell("60"), Cell("60%"), Cell("۶۰٪"), Cell("۶۰ درصد")):
        assert k.PERCENT.read(cell, CLASSES) == 60
    for cell in (Cell("160"), Cell(-1.0), Cell("some")):
        with pytest.raises(CellError):
            k.PERCENT.read(cell, CLASSES)


def test_numbers_in_text_columns_keep_their_digits():
    assert k.LINE.read(Cell(10200300400.0), CLASSES) == "10200300400"
    assert k.LINE.read(Cell(4.25), CLASSES) == "4.25"
    with pytest.raises(CellError, match="last digits"):
        k.ID.read(Cell(1.2345678901234567e17), CLASSES)


@pytest.mark.parametrize(
    ("cell", "with_unit", "value"),
    [
        (Cell("4.2"), True, {"value": 4.2}), (Cell("۴ تا ۵"), True, {"min": 4, "max": 5}), (Cell(7.0), True, {"value": 7}),
        (Cell("10؛ 12; 14"), True, {"one_of": [10, 12, 14]}), (Cell("فولاد"), False, {"value": "فولاد"}),
        (Cell("steel | cast iron"), False, {"one_of": ["steel", "cast iron"]}), (Cell("بله"), False, {"value": True}),
        (Cell("=10"), True, {"value": 10}), (Cell("yes; no"), False, {"one_of": ["yes", "no"]}),
        (Cell(True), False, {"value": True}), (Cell(0.5, percent=True), False, {"value": 50}),
    ],
)  # fmt: skip
def test_measured_values(cell, with_unit, value):
    assert k.measured(cell, with_unit=with_unit) == value


def test_words_under_a_unit_are_refused():
    with pytest.raises(CellError, match="no number"):
        k.measured(Cell("heavy"), with_unit=True)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "kind", [k.DATE, k.NUMBER, k.PERCENT, k.YES_NO, k.CLASS, k.PROVINCE, k.ID, k.COUNTRY, k.LINE, k.LIST]
)
@pytest.mark.parametrize("text", ["1" + " " * 99_998 + "1", "9" * 100_000, "ا" * 100_000, ";" * 100_000, "1/" * 50_000])
def test_endless_cells_are_dealt_with_at_once(kind, text):
    told(lambda: kind.read(Cell(text), CLASSES))  # the test's time limit is what it is about


def test_ids_keep_their_signs():
    assert k.ID.read(Cell("\u200fdem-۱۴۰۴-۴۱"), CLASSES) == "dem-1404-41"
    for said in ("۱۴۰۴/۴۱", "1404/41", "a b", "a~b"):
        with pytest.raises(CellError, match="is no id"):
            k.ID.read(Cell(said), CLASSES)
