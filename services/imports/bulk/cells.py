"""Cells and rows of a table, whatever file they are from, and what is said about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

MOST_TEXT: Final = 100_000
"""Characters of one cell; Excel itself holds 32,767."""
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_ROW_TEXT: Final = 1_000_000
_LETTERS: Final = 26


class Said(NamedTuple):
    """A sentence in both languages."""

    en: str
    fa: str


class CellError(Exception):
    """A cell does not hold what its column holds; `said` goes on after the cell's name."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell. `percent`: a number that is shown as a percentage, so 0.6 is 60 %.

    `fault` is set where the file has something, but no value that can be taken.
    """

    value: str | float | bool | date | None = None
    percent: bool = False
    fault: Said | None = None

    def __bool__(self) -> bool:
        return self.value is not None or self.fault is not None


EMPTY: Final = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its number in the spreadsheet, from 1; filled cells by column, from 0."""

    number: int
    cells: Mapping[int, Cell]

    def cell(self, column: int) -> Cell:
        """The cell of a column, EMPTY where there is none."""
        return self.cells.get(column, EMPTY)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be read as a row. When it is the `last`, what comes after it cannot be read either."""

    number: int
    said: Said
    last: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the cell (`B17`; None: the row as a whole), its column's header, and why."""

    said: Said
    cell: str | None = None
    column: str | None = None


@dataclass(slots=True)
class Notes:
    """What is worth telling of the file as a whole, once."""

    said: list[Said] = field(default_factory=list[Said])

    def add(self, en: str, fa: str) -> None:
        """Add a sentence that is not there yet."""
        if (one := Said(en, fa)) not in self.said:
            self.said.append(one)


def letters(column: int) -> str:
    """The letters of a column, from 0: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        found = chr(ord("A") + rest) + found
    return found


def cell_name(column: int, row: int) -> str:
    """The name of a cell as spreadsheets show it: (1, 17) is B17."""
    return f"{letters(column)}{row}"


def column_of(reference: str) -> int:
    """The column of a reference such as B17, from 0; -1 where it names none."""
    found = 0
    for character in reference:
        if "A" <= character <= "Z":
            found = found * _LETTERS + ord(character) - ord("A") + 1
        elif "a" <= character <= "z":
            found = found * _LETTERS + ord(character) - ord("a") + 1
        else:
            break
        if found > MOST_COLUMNS:
            return -1
    return found - 1
