"""XLSX workbooks as rows: the sheet that has the headers, cell values as they are shown, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from services.imports.bulk.cells import BrokenRow, Notes, Row, Said
from services.imports.bulk.csv_table import digest
from services.imports.bulk.errors import TableError
from services.imports.bulk.xlsx_parts import Package, Sheet, Workbook, read_workbook
from services.imports.bulk.xlsx_sheet import Merges, find_merges, read_rows
from services.imports.bulk.xml_stream import failed

_LOOKED_AT: Final = 20


class XlsxTable:
    """The rows of one sheet. `count` tells how many of some texts are headers.

    The first shown sheet with headers is read, or the one that is named. TableError: there is none, or the file is
    damaged or made to do harm.
    """

    def __init__(self, path: Path, count: Callable[[Sequence[str]], int], sheet: str | None = None) -> None:
        self.notes = Notes()
        self.sha256 = digest(path)
        try:
            self._archive = ZipFile(path)
        except (BadZipFile, OSError, ValueError) as error:
            raise failed(error) from error
        self._told = [0]
        try:
            self._package = Package(self._archive)
            self._workbook: Workbook = read_workbook(self._package)
            self._sheet = self._chosen(count, sheet)
            self._merges: Merges = find_merges(self._package, self._sheet)
        except BaseException:
            self.close()
            raise

    def rows(self) -> Iterator[Row | BrokenRow]:
        """Every row that the sheet has, once."""
        return read_rows(self._package, self._sheet, self._workbook, self._merges, self._told)

    def share(self) -> float:
        """How much of the sheet has been read, 0 to 1."""
        return min(1.0, self._told[0] / max(1, self._package.size(self._sheet.part)))

    def close(self) -> None:
        """Close the archive and delete what was unpacked."""
        workbook = getattr(self, "_workbook", None)
        if workbook is not None:
            workbook.texts.close()
        self._archive.close()

    def _chosen(self, count: Callable[[Sequence[str]], int], wanted: str | None) -> Sheet:
        sheets = self._workbook.sheets
        if wanted is not None:
            found = next((sheet for sheet in sheets if sheet.name == wanted), None)
            if found is None:
                names = ", ".join(repr(sheet.name) for sheet in sheets)
                raise TableError(
                    Said(
                        f"There is no sheet {wanted!r}: there are {names}.", f"برگه‌ای به نام «{wanted}» نیست: {names}."
                    )
                )
            return found
        shown = [sheet for sheet in sheets if sheet.shown and self._package.has(sheet.part)]
        if not shown:
            raise TableError(Said("The workbook has no sheet that is shown.", "کارپوشه هیچ برگه نمایانی ندارد."))
        hidden = [sheet.name for sheet in sheets if not sheet.shown]
        if hidden:
            names = ", ".join(map(repr, hidden))
            self.notes.add(f"Hidden sheets are left out: {names}.", f"برگه‌های پنهان کنار گذاشته شد: {names}.")
        counts = [self._headers(sheet, count) for sheet in shown]
        best = counts.index(max(counts))
        others = [
            sheet.name for sheet, known in zip(shown, counts, strict=True) if known > 1 and sheet is not shown[best]
        ]
        self.notes.add(f"Sheet {shown[best].name!r} is read.", f"برگه «{shown[best].name}» خوانده می‌شود.")
        if others:
            names = ", ".join(map(repr, others))
            self.notes.add(
                f"Other sheets have headers too, and are left out: {names}; name one to read it.",
                f"برگه‌های دیگری هم سرستون دارند و کنار گذاشته شد: {names}؛ برای خواندن یکی نامش را بدهید.",
            )
        return shown[best]

    def _headers(self, sheet: Sheet, count: Callable[[Sequence[str]], int]) -> int:
        """How many headers the best of a sheet's first rows has."""
        rows = read_rows(self._package, sheet, self._workbook, Merges(), [0])
        best = 0
        for row in islice(rows, _LOOKED_AT):
            if isinstance(row, Row):
                best = max(best, count([str(cell.value) for cell in row.cells.values() if isinstance(cell.value, str)]))
        return best
