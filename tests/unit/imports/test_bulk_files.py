"""Files as spreadsheets and people make them: encodings, delimiters, sheets, merged cells, formulas; and hostile ones."""

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import numbers

from schemas.errors import InvalidInputError
from services.imports.bulk import csv_table, xlsx_sheet
from services.imports.bulk.cells import BrokenRow, Row
from services.imports.bulk.errors import TableError
from services.imports.bulk.subjects import SUBJECTS
from services.imports.bulk.tables import open_table
from tests.unit.imports.bulk_tables import csv_bytes, told, xlsx_bytes

HEAD = ["شناسه تأمین‌کننده", "عنوان", "شرح", "ظرفیت"]
LINES = [HEAD, ["sup-1", "کفشک ترمز", "گچ پژ کیفی", "۱۰"], ["sup-2", "چرخ", "", "20"]]
COUNT = SUBJECTS["offers"].headers.count


def rows_of(content: bytes, folder: Path, sheet: str | None = None) -> tuple[list[Row | BrokenRow], list[str]]:
    """The rows and the notes of a file's bytes."""
    path = folder / "table"
    path.write_bytes(content)
    table = open_table(path, COUNT, sheet)
    try:
        return list(table.rows()), [said.en for said in table.notes.said]
    finally:
        table.close()


def values(row: Row | BrokenRow) -> list[object]:
    assert isinstance(row, Row), row
    return [cell.value for _, cell in sorted(row.cells.items())]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE"), ("utf-16-be", "UTF-16-BE")],
)  # fmt: skip
def test_encodings_and_delimiters_are_found_and_named(encoding, name, delimiter, tmp_path):
    rows, notes = rows_of(csv_bytes(LINES, encoding, delimiter), tmp_path)
    assert values(rows[0]) == HEAD
    assert values(rows[1]) == ["sup-1", "کفشک ترمز", "گچ پژ کیفی", "۱۰"]
    assert f"The file is {name}," in notes[0]


def test_windows_1256_gets_its_persian_letters_back(tmp_path):
    lines = [["supplier id", "title", "شرح"], ["sup-1", "كفشك ترمز", "گچ پژ كيفي"]]
    rows, notes = rows_of(csv_bytes(lines, "cp1256", ";"), tmp_path)
    assert values(rows[1]) == ["sup-1", "کفشک ترمز", "گچ پژ کیفی"]
    assert notes == ["The file is Windows-1256, with semicolons between the cells."]


def test_an_encoding_that_only_shows_late_is_found(tmp_path):
    late = csv_bytes([["supplier id", "title"], *([["sup", "x" * 50]] * 40_000)]) + "sup,كفشك ترمز\r\n".encode("cp1256")
    rows, notes = rows_of(late, tmp_path)
    assert values(rows[-1]) == ["sup", "کفشک ترمز"]
    assert "Windows-1256" in notes[0]


@pytest.mark.parametrize(
    "content", ["supplier id,title\nsup,Bögiegestell für Güterwagen\n".encode("cp1252"), "a,b".encode("utf-32")]
)
def test_other_encodings_are_refused_in_a_sentence(content, tmp_path):
    with pytest.raises(TableError, match="encoding of the file is not known"):
        rows_of(content, tmp_path)


def test_rows_of_csv_go_by_the_numbers_that_spreadsheets_show(tmp_path):
    text = 'sep=;\n\nsupplier id;title\n# a comment, by itself\nsup-1;"two\nlines"\n\nsup-2;x\n'
    rows, _ = rows_of(text.encode(), tmp_path)
    assert [(row.number, len(row.cells)) for row in rows] == [(2, 0), (3, 2), (5, 2), (6, 0), (7, 2)]
    assert values(rows[2]) == ["sup-1", "two\nlines"]


def test_a_quotation_mark_that_is_not_closed_does_not_swallow_the_rest(tmp_path):
    body = "supplier id,title\nsup-1,ok\n" + 'sup-2,"open\n' + "sup-3,x\n" * 60 + 'sup-4,"closed"\nsup-5,y\n'
    rows, _ = rows_of(body.encode(), tmp_path)
    assert any(isinstance(row, BrokenRow) and "quotation mark" in row.said.en for row in rows)
    endless = "supplier id,title\nsup-1,ok\n" + 'sup-2,"open\n' + "sup-3,x\n" * 60_000
    rows, _ = rows_of(endless.encode(), tmp_path)
    assert isinstance(rows[-1], BrokenRow)
    assert rows[-1].last


def test_formulas_in_csv_are_no_values(tmp_path):
    rows, _ = rows_of(b"supplier id,title\n=cmd|'/C calc'!A0,=B2*3\nsup,=10\n", tmp_path)
    assert all(cell.fault is not None for cell in rows[1].cells.values())
    assert values(rows[2]) == ["sup", "=10"]


def test_xlsx_values_are_what_a_reader_sees(tmp_path):
    def prepare(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet["E2"], sheet["E2"].number_format = 0.6, "0%"
        sheet["F2"], sheet["F2"].number_format = 45967.4375, "[$-3000401]yyyy/mm/dd"
        sheet["G2"], sheet["G2"].number_format = 45967, numbers.FORMAT_DATE_YYYYMMDD2
        sheet["H2"] = True
        sheet["I2"], sheet["I2"].number_format = 1234.5, '#,##0.00 "%"'

    rows, notes = rows_of(xlsx_bytes([HEAD, ["sup-1", "کفشک", "  ", 10]], prepare), tmp_path)
    cells = rows[1].cells
    assert 2 not in cells
    assert (cells[3].value, cells[4].value, cells[4].percent) == (10, 0.6, True)
    assert cells[5].value == cells[6].value == date(2025, 11, 6)
    assert cells[7].value is True
    assert (cells[8].value, cells[8].percent) == (1234.5, False)
    assert notes == ["Sheet 'Sheet' is read."]


def test_workbooks_of_1904_count_days_from_there(tmp_path):
    def prepare(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active["C2"] = date(2025, 11, 6)

    rows, _ = rows_of(xlsx_bytes([HEAD, ["sup", "x"]], prepare), tmp_path)
    assert rows[1].cells[2].value == date(2025, 11, 6)


def test_formulas_give_their_stored_result_or_say_that_there_is_none(tmp_path):
    content = xlsx_bytes([HEAD, ["sup", "x", "", "=2*3"]])
    rows, _ = rows_of(content, tmp_path)
    assert "result is not stored" in rows[1].cells[3].fault.en
    stored = edited(content, "xl/worksheets/sheet1.xml", b"<f>2*3</f><v></v>", b"<f>2*3</f><v>6</v>")
    if stored == content:
        stored = edited(content, "xl/worksheets/sheet1.xml", b"<f>2*3</f><v />", b"<f>2*3</f><v>6</v>")
    rows, _ = rows_of(stored, tmp_path)
    assert rows[1].cells[3].value == 6


def test_error_values_are_named(tmp_path):
    rows, _ = rows_of(xlsx_bytes([HEAD, ["sup", "#REF!"]]), tmp_path)
    assert "#REF!" in rows[1].cells[1].fault.en


def test_cells_merged_downwards_hold_for_every_row_and_across_for_none(tmp_path):
    def prepare(book: openpyxl.Workbook) -> None:
        book.active.merge_cells("A2:A4")
        book.active.merge_cells("C3:D3")

    lines = [HEAD, ["sup", "a"], [None, "b", "wide"], [None, "c"], [None, "d"]]
    rows, _ = rows_of(xlsx_bytes(lines, prepare), tmp_path)
    assert [row.cell(0).value for row in rows[1:]] == ["sup", "sup", "sup", None]
    assert "merged across columns" in rows[2].cells[2].fault.en


def test_the_shown_sheet_with_headers_is_read(tmp_path):
    def prepare(book: openpyxl.Workbook) -> None:
        book.active.title = "hidden"
        book.active.sheet_state = "hidden"
        cover = book.create_sheet("cover")
        cover["A1"] = "گزارش"
        for name in ("data", "more"):
            sheet = book.create_sheet(name)
            sheet.append(HEAD[: 4 if name == "data" else 2])
            sheet.append([name, "x"])

    content = xlsx_bytes(LINES, prepare)
    rows, notes = rows_of(content, tmp_path)
    assert values(rows[1]) == ["data", "x"]
    assert notes == [
        "Hidden sheets are left out: 'hidden'.", "Sheet 'data' is read.",
        "Other sheets have headers too, and are left out: 'more'; name one to read it.",
    ]  # fmt: skip
    rows, _ = rows_of(content, tmp_path, "more")
    assert values(rows[1]) == ["more", "x"]
    with pytest.raises(TableError, match="no sheet 'none'"):
        rows_of(content, tmp_path, "none")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"), (b"  \n ", "empty"), (b"%PDF-1.7 ...", "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", ".xls"),
        (b"<html><table>", "web page"), (b"PK\x03\x04 but no archive", "cannot be read"), (b"\x1f\x8b\x08", "gzip"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_by_its_bytes(content, said, tmp_path):
    with pytest.raises(TableError, match=said) as error:
        rows_of(content, tmp_path)
    assert error.value.hint


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(InvalidInputError, match="cannot be read: No such file"):
        open_table(tmp_path / "none", COUNT)


def edited(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook in which some bytes of a part are others."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            raw = source.read(info)
            made.writestr(info.filename, raw.replace(old, new) if info.filename == part else raw)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet', "document type"),
        (b"<sheetData>", b"<sheetData>" + b"<x>" * 100 + b"</x>" * 100, "nested"),
        (b"<sheetData>", b"<sheetData><broken", "not well-formed"),
        (b'r="2"', b'r="1"', "row 1 stands after row 1"),
        (b"<sheetData>", b'<sheetData><row r="99999999"></row>', None),
        (b'r="B2"', b'r="A1"', "not in order"),
    ],
)  # fmt: skip
def test_hostile_sheets_end_in_a_sentence(old, new, said, tmp_path):
    content = edited(xlsx_bytes(LINES), SHEET, old, new)
    try:
        rows, _ = rows_of(content, tmp_path)
    except TableError as error:
        assert said is None or said in error.detail  # noqa: PT017 - refused as a whole, or from a row on
        return
    broken = [row for row in rows if isinstance(row, BrokenRow)]
    assert said is None or (broken and said in broken[-1].said.en and broken[-1].last)


def test_bombs_are_refused_before_they_are_unpacked(tmp_path):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_bytes(LINES))) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for info in source.infolist():
            made.writestr(info.filename, source.read(info))
        with made.open("xl/media/zeros.bin", "w") as stream:
            for _ in range(64):
                stream.write(bytes(1 << 20))
    assert len(target.getvalue()) < 100_000
    with pytest.raises(TableError, match="grows beyond measure"):
        rows_of(target.getvalue(), tmp_path)


def test_bounds_hold_while_reading(tmp_path, monkeypatch):
    content = xlsx_bytes([HEAD, *([["sup", "x" * 100, "y", 1]] * 2_000)])
    monkeypatch.setattr(xlsx_sheet, "MOST_PART_BYTES", 100_000)
    with pytest.raises(TableError, match="too large"):
        rows_of(content, tmp_path)
    monkeypatch.setattr(csv_table, "MOST_ROWS", 3)
    rows, _ = rows_of(csv_bytes([*LINES, *LINES]), tmp_path)
    assert isinstance(rows[-1], BrokenRow)
    assert rows[-1].number == 4


def test_too_many_merged_ranges_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_sheet, "MOST_MERGES", 2)

    def prepare(book: openpyxl.Workbook) -> None:
        for row in (2, 4, 6):
            book.active.merge_cells(f"A{row}:A{row + 1}")

    with pytest.raises(TableError, match="merged ranges"):
        rows_of(xlsx_bytes(LINES, prepare), tmp_path)


WORKBOOK = xlsx_bytes(LINES)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_workbooks_never_crash(data, tmp_path):
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 30))
    assert told(lambda: rows_of(bytes(content[: len(content) - cut]), tmp_path)) != ""


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    old=st.sampled_from([b"<c ", b"<v>", b't="s"', b"</row>", b"<row ", b'r="', b"1", b"<t>"]),
    new=st.binary(max_size=12),
)
def test_mangled_markup_never_crashes(old, new, tmp_path):
    for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"):
        mangled = edited(WORKBOOK, part, old, new)
        assert told(lambda mangled=mangled: rows_of(mangled, tmp_path)) != ""


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(alphabet='ab,;"\n\r\t=#\u06f1ک\x00', max_size=200).map(str.encode)
    )
)
def test_any_bytes_are_rows_or_a_sentence(content, tmp_path):
    assert told(lambda: rows_of(content, tmp_path)) != ""
