"""Opening a table, whatever format its bytes are in; the name of the file says nothing."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from schemas.errors import InvalidInputError
from services.imports.bulk.cells import BrokenRow, Notes, Row, Said
from services.imports.bulk.csv_table import CsvTable
from services.imports.bulk.errors import TableError
from services.imports.bulk.xlsx_table import XlsxTable

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = ((b"%PDF", "PDF"), (b"{\\rtf", "RTF"), (b"\x1f\x8b", "gzip"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"))
_MARKUP: Final = (b"<html", b"<!doctype", b"<?xml", b"<table")


class Table(Protocol):
    """Rows of a file, read once; `sha256` is of the whole file."""

    sha256: str
    notes: Notes

    def rows(self) -> Iterator[Row | BrokenRow]:
        """Every row."""
        ...

    def share(self) -> float:
        """How much has been read, 0 to 1."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


def open_table(path: Path, count: Callable[[Sequence[str]], int], sheet: str | None = None) -> Table:
    """The table in a file. TableError: it is no CSV or XLSX table. InvalidInputError: the file cannot be read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(512)
        if head.startswith(b"PK\x03\x04"):
            return XlsxTable(path, count, sheet)
        _refuse_others(head)
        return CsvTable(path, count)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}"
        raise InvalidInputError(msg) from error


def _refuse_others(head: bytes) -> None:
    hint = "Save it as .xlsx or as 'CSV UTF-8'."
    if not head.strip():
        raise TableError(Said("The file is empty.", "پرونده خالی است."), hint="`peyvand import template` makes one.")
    if head.startswith(_OLD_OFFICE):
        en = "The file is an old .xls workbook, or one that is locked by a password."
        raise TableError(Said(en, "پرونده کارپوشه قدیمی .xls است یا با گذرواژه قفل شده است."), hint=hint)
    for magic, name in _OTHERS:
        if head.startswith(magic):
            raise TableError(Said(f"The file is {name}, and no table.", f"پرونده {name} است و جدول نیست."), hint=hint)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise TableError(
            Said("The file is a web page or XML, and no table.", "پرونده صفحه وب یا XML است و جدول نیست."), hint=hint
        )
