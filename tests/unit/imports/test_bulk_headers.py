"""Headers of tables: both languages, numbered and named ones, where they stand, and what is wrong with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.imports.bulk.cells import Cell, Row
from services.imports.bulk.errors import TableError
from services.imports.bulk.subjects import SUBJECTS
from services.imports.bulk.template import headers
from tests.unit.imports.bulk_tables import told

ARABIC = str.maketrans("یک", "يك")
OFFERS = SUBJECTS["offers"].headers


def row(*texts, number=1):
    return Row(number, {at: Cell(text) for at, text in enumerate(texts) if text})


def found(kind, *texts):
    return SUBJECTS[kind].headers.find([row(*texts)])


@pytest.mark.parametrize("kind", list(SUBJECTS))
def test_every_name_of_every_column_leads_to_it_alone(kind):
    subject = SUBJECTS[kind]
    assert len({column.key for column in subject.columns}) == len(subject.columns)
    for column in subject.columns:
        for name in column.names():
            said = f"{name}: weight [kg]" if column.named else name.replace("{n}", "3")
            for spelling in (
                said,
                said.upper(),
                said.translate(ARABIC),
                f"  {said} *",
                said.replace("\u200c", " "),
                said.replace(" ", "\n"),
            ):
                place = subject.headers.recognise(0, spelling)
                assert place is not None, spelling
                assert place.column == column, spelling
                assert place.number == (3 if "{n}" in name else 1)


@pytest.mark.parametrize("kind", list(SUBJECTS))
@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_template_is_a_whole_row_of_headers(kind, language):
    shown = headers(SUBJECTS[kind], language)
    layout = found(kind, *(header for header, _ in shown))
    assert [place.column for place in layout.places] == [column for _, column in shown]
    assert layout.language == language


def test_numbers_names_and_units():
    layout = found("offers", "supplier id", "title", "standard", "standard ۲", "استاندارد ۲ اعتبار تا", "مشخصه: قطر داخلی [mm]", "attribute: material", "HS", "code [cpv]", "کد [ISIC Rev.4]")  # fmt: skip
    said = [(p.column.key, p.number, p.name, p.unit) for p in layout.places]
    assert said[2:] == [
        ("standard", 1, "", ""), ("standard", 2, "", ""), ("standard_until", 2, "", ""), ("attribute", 1, "قطر داخلی", "mm"),
        ("attribute", 1, "material", ""), ("code", 1, "HS", ""), ("code", 1, "CPV", ""), ("code", 1, "ISIC", ""),
    ]  # fmt: skip


def test_titles_may_stand_above_the_headers():
    rows = [
        row("شرکت راه‌آهن", number=1),
        Row(2, {}),
        row("گزارش ۱۴۰۴", number=3),
        row("شناسه تأمین‌کننده", "عنوان", number=4),
    ]
    assert OFFERS.find(rows).header_row == 4


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("supplier id",), "lacks: 'title'"),
        (("supplier id", "title", "telefon"), "C1: there is no column 'telefon'"),
        (("supplier id", "title", "capcity"), "C1: there is no column 'capcity'; did you mean 'capacity'?"),
        (("supplier id", "title", "عنوان"), "C1: 'عنوان' stands in B1 already"),
        (("supplier id", "title", "standard 1", "استاندارد ۱"), "D1: 'استاندارد ۱' stands in C1 already"),
        (("supplier id", "title", "attribute: Weight [kg]", "مشخصه: weight [t]"), "stands in C1 already"),
        (("supplier id", "title", "attribute"), "C1: 'attribute' does not say which property"),
        (("supplier id", "title", "code"), "C1: 'code' does not say which"),
        ((), "empty"),
    ],
)  # fmt: skip
def test_wrong_headers_are_named(texts, said):
    with pytest.raises(TableError) as error:
        found("offers", *texts)
    assert said in error.value.detail
    assert error.value.said.fa
    assert error.value.hint


def test_a_table_of_suppliers_needs_a_name_or_an_id():
    assert found("suppliers", "نام فارسی").language == "fa"
    with pytest.raises(TableError, match="'supplier id' or 'Persian name' or 'English name'"):
        found("suppliers", "phone", "city")


def test_columns_that_begin_with_a_hash_are_left_out():
    layout = found("offers", "#", "supplier id", "title", "#notes")
    assert layout.left_out == {0, 3}
    assert layout.known == {0, 1, 2, 3}


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_row_is_headers_or_a_sentence(texts):
    assert told(lambda: OFFERS.find([row(*texts)])) != ""
