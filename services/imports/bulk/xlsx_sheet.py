"""The cells of one sheet, row by row as they come out of the archive."""

import re
from bisect import insort
from collections.abc import Iterator
from typing import Final

from services.imports.bulk.cells import (
    MOST_COLUMNS,
    MOST_ROW_TEXT,
    MOST_ROWS,
    MOST_TEXT,
    BrokenRow,
    Cell,
    Row,
    Said,
    column_of,
)
from services.imports.bulk.xlsx_cells import Values
from services.imports.bulk.xlsx_parts import MOST_PART_BYTES, Package, Sheet, Style, Workbook
from services.imports.bulk.xml_stream import CHUNK, UNREADABLE, Attributes, DamagedError, damaged, failed, stream_xml

_MERGE: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\""
)
_OVERLAP: Final = 300
MOST_MERGES: Final = 200_000
_MOST_OPEN: Final = 1_000
_PLAIN: Final = Style()

_WIDE: Final = Said(
    "it is merged across columns; split it, and fill each column by itself",
    "با ستون‌های کناری ادغام شده است؛ آن را جدا کنید و هر ستون را خودش پر کنید",
)


class Merges:
    """Merged ranges, asked row after row: a cell that is merged downwards holds for all rows it covers."""

    def __init__(self) -> None:
        self._packed: list[int] = []
        self._at = 0
        self._open: list[tuple[int, int, int]] = []  # last row, first column, last column
        self._values: dict[int, Cell] = {}

    def add(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """A range by the (column, row) of its corners."""
        if len(self._packed) >= MOST_MERGES:
            raise damaged(
                Said(f"it has more than {MOST_MERGES} merged ranges", f"بیش از {MOST_MERGES} خانه ادغام‌شده دارد")
            )
        (left, top), (right, bottom) = first, last
        if top <= bottom and left <= right:
            self._packed.append(top << 60 | bottom << 36 | left << 16 | right)

    def ready(self) -> None:
        """All ranges are known."""
        self._packed.sort()

    def apply(self, row: int, cells: dict[int, Cell]) -> None:
        """Put the values of merged cells into a row, which is asked for in ascending order."""
        while self._at < len(self._packed) and self._packed[self._at] >> 60 <= row:
            packed = self._packed[self._at]
            self._at += 1
            top, bottom = packed >> 60, packed >> 36 & 0xFFFFFF
            left, right = packed >> 16 & 0xFFFFF, packed & 0xFFFF
            if bottom >= row:
                insort(self._open, (bottom, left, right))
                if top == row:
                    self._values[left] = cells.get(left, Cell())
                else:
                    self._values.pop(left, None)
        self._open = [each for each in self._open if each[0] >= row]
        if len(self._open) > _MOST_OPEN:
            raise damaged(
                Said(
                    f"{len(self._open)} merged ranges cross row {row}",
                    f"{len(self._open)} خانه ادغام‌شده از ردیف {row} می‌گذرد",
                )
            )
        if not cells:
            return
        for _, left, right in self._open:
            value = self._values.get(left, Cell())
            if right > left and value:
                cells[left] = Cell(fault=_WIDE)
            elif value:
                cells[left] = value


def find_merges(package: Package, sheet: Sheet) -> Merges:
    """The merged ranges, which stand behind the cells. Reading to the end also checks that the sheet is whole."""
    merges = Merges()
    kept = b""
    read = 0
    with package.open(sheet.part) as stream:
        try:
            while chunk := stream.read(CHUNK * 4):
                read += len(chunk)
                if read > MOST_PART_BYTES:
                    raise damaged(Said("the sheet is too large", "برگه بیش از اندازه بزرگ است"))
                block = kept + chunk
                end = 0
                for found in _MERGE.finditer(block):
                    end = found.end()
                    columns = column_of(found[1].decode()), column_of(found[3].decode())
                    merges.add((columns[0], int(found[2])), (columns[1], int(found[4])))
                kept = block[max(end, len(block) - _OVERLAP) :]
        except UNREADABLE as error:
            raise failed(error) from error
    merges.ready()
    return merges


class SheetReader:
    """Turns the elements of a sheet into rows."""

    def __init__(self, workbook: Workbook) -> None:
        self._styles = workbook.styles
        self._values = Values(workbook)
        self.ready: list[tuple[int, dict[int, Cell]]] = []
        self._row, self._column = 0, -1
        self._cells: dict[int, Cell] = {}
        self._kind, self._style = "n", _PLAIN
        self._formula = self._taking = False
        self._phonetic = 0
        self._parts: list[str] = []
        self._length = self._row_length = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        if tag == "c":
            self._begin(attributes)
        elif tag in ("v", "t"):
            self._taking = not self._phonetic
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            number = attributes.get("r", "")
            row = int(number) if number.isdecimal() and len(number) <= 7 else self._row + 1  # noqa: PLR2004 - digits of MOST_ROWS
            if row <= self._row or row > MOST_ROWS:
                raise damaged(
                    Said(f"row {row} stands after row {self._row}", f"ردیف {row} پس از ردیف {self._row} آمده است")
                )
            self._row, self._column, self._cells, self._row_length = row, -1, {}, 0
        elif tag == "rPh":
            self._phonetic += 1

    def text(self, piece: str) -> None:
        """Characters."""
        if self._taking:
            self._length += len(piece)
            self._row_length += len(piece)
            if self._length > MOST_TEXT or self._row_length > MOST_ROW_TEXT:
                raise damaged(Said(f"row {self._row} has too much text", f"متن ردیف {self._row} بیش از اندازه است"))
            self._parts.append(piece)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in ("v", "t"):
            self._taking = False
        elif tag == "c":
            cell = self._values.read(self._kind, self._style, "".join(self._parts), formula=self._formula)
            if cell:
                self._cells[self._column] = cell
        elif tag == "row":
            self.ready.append((self._row, self._cells))
        elif tag == "rPh":
            self._phonetic -= 1

    def _begin(self, attributes: Attributes) -> None:
        column = column_of(attributes.get("r", "")) if "r" in attributes else self._column + 1
        if not self._column < column < MOST_COLUMNS:
            raise damaged(
                Said(f"the cells of row {self._row} are not in order", f"خانه‌های ردیف {self._row} به ترتیب نیستند")
            )
        self._column = column
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "")
        styles = self._styles
        number = int(style) if style.isdecimal() and len(style) < 7 else len(styles)  # noqa: PLR2004 - a plausible index
        self._style = styles[number] if number < len(styles) else _PLAIN
        self._formula = self._taking = False
        self._parts.clear()
        self._length = 0


def read_rows(
    package: Package, sheet: Sheet, workbook: Workbook, merges: Merges, told: list[int]
) -> Iterator[Row | BrokenRow]:
    """The rows of a sheet. `told` gets the bytes read. What is damaged ends the rows with a BrokenRow."""
    reader = SheetReader(workbook)
    last = 0
    try:
        with package.open(sheet.part) as stream:
            for read in stream_xml(stream, MOST_PART_BYTES, start=reader.start, end=reader.end, text=reader.text):
                told[0] = read
                for number, cells in reader.ready:
                    merges.apply(number, cells)
                    last = number
                    yield Row(number, cells)
                reader.ready.clear()
        for number, cells in reader.ready:
            merges.apply(number, cells)
            last = number
            yield Row(number, cells)
    except DamagedError as error:
        yield BrokenRow(last + 1, Said(error.said.en.rstrip("."), error.said.fa.rstrip(".")), last=True)
