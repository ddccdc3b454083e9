"""Templates can be filled in and imported as they are; answer files too, once they are corrected."""

import csv
import io
import json

import openpyxl
import pytest

from services.imports.bulk.answer import write_answer
from services.imports.bulk.provinces import PROVINCES
from services.imports.bulk.subjects import SUBJECTS
from services.imports.bulk.template import headers, template
from tests.unit.imports.bulk_tables import TREE, csv_bytes, imported, told, xlsx_bytes

KINDS = list(SUBJECTS)
LANGUAGES = ["fa", "en"]


def examples(kind, language):
    """The example of every column that has one; numbered columns only once."""
    place = 1 if language == "fa" else 0
    seen = set()
    for header, column in headers(SUBJECTS[kind], language):
        known = column.key in seen
        seen.add(column.key)
        value = "brake-block" if column.key == "class" else column.example[place]
        yield header, "" if known else value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_template_filled_with_its_own_examples_is_accepted(kind, language, tmp_path):
    filled = [value for _, value in examples(kind, language)]
    book = openpyxl.load_workbook(io.BytesIO(template(SUBJECTS[kind], language, "xlsx", TREE)))
    book.worksheets[0].append(filled)
    stream = io.BytesIO()
    book.save(stream)
    sheet = await imported(kind, stream.getvalue(), tmp_path)
    assert sheet.by_row == {2: "accepted"}, sheet.rows
    text = io.StringIO(template(SUBJECTS[kind], language, "csv", TREE).decode("utf-8-sig"))
    rows = [*csv.reader(text), filled]
    plain = await imported(kind, csv_bytes(rows, "utf-8-sig"), tmp_path)
    assert plain.by_row == {len(rows): "accepted"}, plain.rows
    assert plain.record == sheet.record


@pytest.mark.parametrize("kind", KINDS)
async def test_the_examples_of_both_languages_mean_the_same(kind, tmp_path):
    records = []
    for language in LANGUAGES:
        head, line = zip(*examples(kind, language), strict=True)
        done = await imported(kind, csv_bytes([head, line]), tmp_path)
        records.append(done.record.model_dump(mode="json", exclude_defaults=True))
    for record in records:  # texts are in their language; codes, numbers and dates are the same
        for item in [record, *record.get("items", [])]:
            for name in (
                "title",
                "name_fa",
                "description",
                "brand",
                "unit",
                "processes",
                "materials",
                "buyer",
                "attributes",
                "requirements",
            ):
                item.pop(name, None)
            for inner in ("capacity", "min_order"):
                item.get(inner, {}).pop("unit", None)
    assert records[0] == records[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_second_sheet_explains_every_column_and_what_it_takes(kind, language):
    book = openpyxl.load_workbook(io.BytesIO(template(SUBJECTS[kind], language, "xlsx", TREE)))
    data, guide, *rest = book.worksheets
    assert data.sheet_view.rightToLeft is (language == "fa")
    rows = list(guide.iter_rows(min_row=2, max_row=len(SUBJECTS[kind].columns) + 1, values_only=True))
    assert len(rows) == len(SUBJECTS[kind].columns)
    assert all(row[0] and row[2] and row[3] for row in rows)
    assert {bool(row[1]) for row in rows} == ({True, False} if kind != "suppliers" else {False})
    words = "\n".join(str(row[3]) for row in rows)
    if kind != "offers":
        assert all(province[1 if language == "fa" else 2] in words for province in PROVINCES)
    assert bool(rest) == (kind != "suppliers")
    if rest:
        assert [row[0] for row in rest[0].iter_rows(min_row=2, values_only=True)] == [each.id for each in TREE]


def test_columns_of_ids_are_text_cells_and_choices_are_offered():
    book = openpyxl.load_workbook(io.BytesIO(template(SUBJECTS["offers"], "fa", "xlsx", TREE)))
    sheet = book.worksheets[0]
    assert sheet.column_dimensions["A"].number_format == "@"
    assert any("ماه" in str(each.formula1) for each in sheet.data_validations.dataValidation)


BAD = [["supplier id", "title", "capacity", "#mine", "local content"], ["sup-1", "=Brake", "1,500", "note", 0.6], ["sup-1", "Pad", "many", "", ""], ["", "", "", "", ""], ["sup-1", "Ring", "7", "", ""]]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_an_answer_file_says_what_became_of_each_row_and_is_imported_once_corrected(form, tmp_path):
    def percent(book):
        book.active["E2"].number_format = "0%"
        book.active["B2"].data_type = "s"

    await imported("offers", xlsx_bytes(BAD, percent), tmp_path)
    target = tmp_path / f"answer.{form}"
    write_answer(tmp_path / "table", tmp_path / "rows.jsonl", target, SUBJECTS["offers"])
    if form == "xlsx":
        rows = [list(row) for row in openpyxl.load_workbook(target).active.iter_rows(values_only=True)]
    else:
        rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert rows[0] == ["supplier id", "title", "capacity", "#mine", "local content", "#result", "#reason"]
    assert [row[5] for row in rows[1:]] == ["accepted", "refused", "accepted"]
    assert rows[2][6] == "C3: 'many' is no number."
    assert rows[1][1] == ("=Brake" if form == "xlsx" else "'=Brake")
    assert str(rows[1][4]) in ("0.6", "60%")
    content = target.read_bytes().replace(b"many", b"900 ") if form == "csv" else None
    if content is None:
        book = openpyxl.load_workbook(target)
        book.active["C3"] = 900
        book.active["B2"].data_type = "s"
        stream = io.BytesIO()
        book.save(stream)
        content = stream.getvalue()
    done = await imported("offers", content, tmp_path)
    assert done.by_row == {2: "accepted", 3: "accepted", 4: "accepted"}
    assert done.events[0].data.offer.local_content_percent == 60
    assert done.events[1].data.offer.capacity.quantity == 900


async def test_answers_speak_the_language_of_the_headers(tmp_path):
    await imported(
        "demands", csv_bytes([["شناسه تقاضا", "خریدار", "عنوان قلم", "مقدار"], ["d", "b", "x", "چند"]]), tmp_path
    )
    write_answer(tmp_path / "table", tmp_path / "rows.jsonl", tmp_path / "a.csv", SUBJECTS["demands"])
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0][-2:] == ["#نتیجه", "#دلیل"]
    assert rows[1][-2:] == ["رد شده", "D2: «چند» عدد نیست."]


def test_answers_are_csv_or_xlsx(tmp_path):
    (tmp_path / "rows.jsonl").write_text(json.dumps({}))
    said = told(lambda: write_answer(tmp_path / "t", tmp_path / "rows.jsonl", tmp_path / "a.pdf", SUBJECTS["offers"]))
    assert said is not None
    assert said.endswith("ends neither in .csv nor in .xlsx")
