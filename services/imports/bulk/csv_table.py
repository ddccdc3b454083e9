"""CSV files as rows: encoding and delimiter are found out and named, and no more than a line is held in memory."""

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from services.imports.bulk.cells import MOST_ROWS, BrokenRow, Cell, Notes, Row, Said
from services.imports.bulk.errors import TableError

BLOCK: Final = 1 << 20
_DELIMITERS: Final = (",", ";", "\t", "|")
_NAMES: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NAMES_FA: Final = {",": "ویرگول", ";": "نقطه‌ویرگول", "\t": "جهش (Tab)", "|": "خط عمودی"}
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDE_BOMS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SAMPLE_LINES: Final = 30
_LONGEST_LINE: Final = 1_000_000
_MOST_LINES: Final = 20
"""Lines that one cell may have; more mean that a quotation mark was not closed."""
_COMMENT: Final = "#"
# Windows-1256 has no Persian yeh: what was typed as ی was saved as ي
_FROM_1256: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
_ARABIC_1256: Final = frozenset(
    byte for byte in range(0x80, 0x100) if "\u0600" <= bytes([byte]).decode("cp1256") <= "\u06ff"
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look through the whole file finds: its encoding, its SHA-256 and its size in bytes."""

    encoding: str
    sha256: str
    size: int


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def survey(path: Path) -> Survey:
    """Look through the file. TableError: its encoding is none of those that are known."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head in _WIDE_BOMS:
        raise _unknown_encoding("UTF-32")
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None) or _utf16(path) or "utf-8"
    decoder = codecs.getincrementaldecoder(encoding)()
    hashed, size, seen, arabic, valid = hashlib.sha256(), 0, 0, 0, True
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            hashed.update(block)
            size += len(block)
            high = block.translate(None, bytes(range(0x80)))
            seen += len(high)
            arabic += sum(high.count(byte) for byte in _ARABIC_1256)
            valid = valid and _decodes(decoder, block)
    valid = valid and _decodes(decoder, b"", final=True)
    if not valid:
        if encoding != "utf-8" or 2 * arabic < seen:
            raise _unknown_encoding(None)
        encoding = "cp1256"
    return Survey(encoding, hashed.hexdigest(), size)


def _utf16(path: Path) -> str | None:
    """UTF-16 without a mark: every other byte of its first ASCII text is zero."""
    with path.open("rb") as stream:
        head = stream.read(2000)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if 50 * max(even, odd) < len(head):  # Persian text has few ASCII characters, and UTF-8 no zeros at all
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _unknown_encoding(name: str | None) -> TableError:
    found = f"it is {name}" if name else "it is neither UTF-8, nor UTF-16, nor Windows-1256"
    found_fa = name or "نه UTF-8 است، نه UTF-16 و نه Windows-1256"
    return TableError(
        Said(f"The encoding of the file is not known: {found}.", f"کدگذاری پرونده شناخته نشد: {found_fa}."),
        hint="Save it as 'CSV UTF-8', or as .xlsx.",
    )


class CsvTable:
    """The rows of a CSV file. `count` tells how many of some texts are headers: the delimiter is what gives the most."""

    def __init__(self, path: Path, count: Callable[[Sequence[str]], int]) -> None:
        found = survey(path)
        self.sha256 = found.sha256
        self.notes = Notes()
        self._path, self._encoding, self._size = path, found.encoding, max(found.size, 1)
        self._stream: BinaryIO | None = None
        self._delimiter, self._named = self._delimiters(count)
        shown = {"utf-8-sig": "UTF-8", "cp1256": "Windows-1256"}.get(self._encoding, self._encoding.upper())
        self.notes.add(
            f"The file is {shown}, with {_NAMES.get(self._delimiter, repr(self._delimiter))} between the cells.",
            f"پرونده {shown} است و میان خانه‌ها {_NAMES_FA.get(self._delimiter, self._delimiter)} است.",
        )

    def rows(self) -> Iterator[Row | BrokenRow]:
        """Every row with its number as spreadsheets count; empty ones have no cells. Comments are left out."""
        with self._path.open("rb") as raw:
            self._stream = raw
            reader = csv.reader(self._lines(raw), delimiter=self._delimiter)
            number = 0
            while True:
                number += 1
                try:
                    fields = next(reader)
                except StopIteration:
                    return
                except (csv.Error, _LongLineError):
                    yield BrokenRow(number, _UNCLOSED, last=True)
                    return
                if number > MOST_ROWS:
                    yield BrokenRow(
                        number, Said(f"there are more than {MOST_ROWS} rows", f"بیش از {MOST_ROWS} ردیف هست"), last=True
                    )
                    return
                if (number == 1 and self._named) or _is_comment(fields):
                    continue
                yield self._row(number, fields)

    def share(self) -> float:
        """How much of the file has been read, 0 to 1."""
        if self._stream is None or self._stream.closed:
            return 0.0
        return min(1.0, self._stream.tell() / self._size)

    def close(self) -> None:
        """Nothing is held between the rows of a file."""

    def _row(self, number: int, fields: list[str]) -> Row | BrokenRow:
        cells: dict[int, Cell] = {}
        for at, text in enumerate(fields):
            said = text.strip()
            if not said:
                continue
            if said.count("\n") > _MOST_LINES:
                return BrokenRow(number, _UNCLOSED)
            if self._encoding == "cp1256":
                said = said.translate(_FROM_1256)
            cells[at] = Cell(said, fault=_FORMULA if _is_formula(said) else None)
        return Row(number, cells)

    def _lines(self, raw: BinaryIO) -> Iterator[str]:
        with io.TextIOWrapper(raw, encoding=self._encoding, newline="") as text:
            while line := text.readline(_LONGEST_LINE):
                if len(line) == _LONGEST_LINE:
                    raise _LongLineError
                yield line

    def _delimiters(self, count: Callable[[Sequence[str]], int]) -> tuple[str, bool]:
        """The delimiter, and whether the first line names it (`sep=;`, as spreadsheets write it)."""
        lines: list[str] = []
        with self._path.open("rb") as raw, suppress(_LongLineError):  # the rows will say so
            lines += islice(self._lines(raw), _SAMPLE_LINES)
        first = lines[0].strip() if lines else ""
        if first.lower().startswith("sep=") and len(first) == len("sep=") + 1:
            return first[-1], True
        best = max(_DELIMITERS, key=lambda each: max((count(row) for row in _parsed(lines, each)), default=0))
        return best, False


class _LongLineError(Exception):
    """A line that is too long to be one."""


_UNCLOSED: Final = Said(
    "the row cannot be read: a quotation mark was not closed, or a line is too long",
    "ردیف خوانده نمی‌شود: علامت نقل‌قولی بسته نشده یا سطری بیش از اندازه بلند است",
)
_FORMULA: Final = Said("it holds a formula; write the value instead", "فرمول دارد؛ به جای آن مقدار را بنویسید")


def _is_comment(fields: Sequence[str]) -> bool:
    """A line that begins with # and has one cell only: the templates explain themselves so."""
    return bool(fields) and fields[0].lstrip().startswith(_COMMENT) and not any(map(str.strip, fields[1:]))


def _is_formula(said: str) -> bool:
    """`=B2*3`; what only begins with a sign, as `=10` for a requirement, is none."""
    return said.startswith("=") and any(letter.isalpha() and letter.isascii() for letter in said[1:3])


def _parsed(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    with suppress(csv.Error):  # not with this delimiter
        found.extend(csv.reader(lines, delimiter=delimiter))
    return found
