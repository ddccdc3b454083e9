"""The answer file: the table as it was sent, with what became of each row and why in two more columns."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE as ILLEGAL

from schemas.errors import InvalidInputError
from services.imports.bulk.cells import Cell, Row
from services.imports.bulk.rowlog import sentence
from services.imports.bulk.subjects import Subject
from services.imports.bulk.tables import Table, open_table

HEADERS: Final = {"fa": ("#نتیجه", "#دلیل"), "en": ("#result", "#reason")}
"""They begin with #, so that a corrected answer file can be imported as it is."""
STATUSES: Final = {
    "fa": {"accepted": "پذیرفته", "unchanged": "بی‌تغییر", "refused": "رد شده"},
    "en": {"accepted": "accepted", "unchanged": "unchanged", "refused": "refused"},
}
_LEADS: Final = ("=", "+", "@", "\t", "\r")


def write_answer(source: Path, rows: Path, target: Path, subject: Subject, sheet: str | None = None) -> None:
    """Write the answer to a table as .csv or .xlsx, by the target's name, a row at a time.

    `rows` is the row log of a whole import. InvalidInputError: the target has another ending or cannot be written.
    """
    form = target.suffix.lower()
    if form not in (".csv", ".xlsx"):
        msg = f"{target} ends neither in .csv nor in .xlsx"
        raise InvalidInputError(msg)
    try:
        with closing(open_table(source, subject.headers.count, sheet)) as table, rows.open("rb") as log:
            answered = _answered(table, log, subject)
            _csv(answered, target) if form == ".csv" else _xlsx(answered, target)
    except OSError as error:
        msg = f"the answer cannot be written to {target}: {error.strerror or error}"
        raise InvalidInputError(msg) from error


def _answered(table: Table, log: BinaryIO, subject: Subject) -> Iterator[list[Cell]]:
    """The rows with two cells more, from the headers on."""
    rows = table.rows()
    head: list[Row] = []
    layout = subject.headers.find(_keeping(rows, head))
    language = layout.language
    ours = {word for words in HEADERS.values() for word in words}
    kept = [at for at, cell in sorted(head[-1].cells.items()) if cell.value not in ours]
    yield [*(head[-1].cell(at) for at in kept), *map(Cell, HEADERS[language])]
    statuses = _statuses(log, language)
    waiting = next(statuses, None)
    for row in rows:
        if waiting is None:
            return
        if row.number != waiting[0]:
            continue
        cells = [row.cell(at) for at in kept] if isinstance(row, Row) else [Cell() for _ in kept]
        yield [*cells, Cell(waiting[1]), Cell(waiting[2] or None)]
        waiting = next(statuses, None)


def _keeping(rows: Iterator[Any], kept: list[Row]) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Row):
            kept.append(row)
            yield row


def _statuses(log: BinaryIO, language: str) -> Iterator[tuple[int, str, str]]:
    """Row, status and reason, in the language of the headers."""
    for raw in log:
        line = json.loads(raw)
        reasons = [sentence(problem, language) for problem in line.get("problems", ())]
        if "note" in line:
            reasons.append(f"{line['note'][language]}.")
        yield line["row"], STATUSES[language][line["status"]], " ".join(reasons)


def _csv(rows: Iterator[list[Cell]], target: Path) -> None:
    with target.open("wb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerows([_guarded(_plain(cell)) for cell in row] for row in rows)


def _xlsx(rows: Iterator[list[Cell]], target: Path) -> None:
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet()
    for row in rows:
        cells: list[Any] = []
        for cell in row:
            value: Any = ILLEGAL.sub("", cell.value) if isinstance(cell.value, str) else cell.value
            written: Any = WriteOnlyCell(sheet, value)
            if isinstance(cell.value, str):
                written.data_type = "s"  # a text that begins with = is no formula
            if cell.percent:
                written.number_format = "0.##%"
            cells.append(written)
        sheet.append(cells)
    book.save(target)


def _plain(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        shown = value * 100 if cell.percent else value
        return (str(int(shown)) if shown.is_integer() else f"{shown:.15g}") + ("%" if cell.percent else "")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else ""


def _guarded(text: str) -> str:
    """A text that spreadsheets would run as a formula gets an apostrophe before it."""
    if text.startswith(_LEADS) and not text[1:2].isdigit():
        return f"'{text}"
    return text
