"""The status of every row as JSON lines: accepted, unchanged or refused, with cells and reasons in both languages."""

import os
from pathlib import Path
from typing import Any, BinaryIO, Final

from pydantic_core import to_json

from schemas.errors import InvalidInputError
from services.imports.bulk.cells import Problem, Said
from services.imports.bulk.decide import Outcome

_ANOTHER: Final = Said("another row of the same demand is refused", "ردیف دیگری از همین تقاضا پذیرفته نشد")


def lines(outcome: Outcome) -> list[dict[str, Any]]:
    """The statuses of an outcome's rows, in order."""
    by_row: dict[int, list[Problem]] = {}
    for row, problem in outcome.problems:
        by_row.setdefault(row, []).append(problem)
    found: list[dict[str, Any]] = []
    for row in outcome.rows:
        line: dict[str, Any] = {"row": row, "status": outcome.status}
        if outcome.key:
            line["subject"] = outcome.key
        if outcome.event is not None:
            data: Any = outcome.event.data
            line["event"] = {"id": outcome.event.id, "type": outcome.event.kind.name, "version": data.version}
        if outcome.status == "refused":
            found_here = sorted(by_row.get(row, [Problem(_ANOTHER)]), key=_column)
            line["problems"] = [_problem(each) for each in found_here]
        if outcome.note is not None and row == outcome.rows[0]:
            line["note"] = outcome.note._asdict()
        found.append(line)
    return found


def sentence(problem: dict[str, Any], language: str) -> str:
    """A problem as one sentence: `B17: ... .`."""
    where = f"{problem['cell']}: " if problem.get("cell") else ""
    return f"{where}{problem[language]}."


def _column(problem: Problem) -> tuple[int, str]:
    """Sorts problems of a row by column: B before AA."""
    cell = problem.cell or ""
    return len(cell), cell


def _problem(problem: Problem) -> dict[str, Any]:
    fields = {"cell": problem.cell, "column": problem.column, "en": problem.said.en, "fa": problem.said.fa}
    return {name: value for name, value in fields.items() if value is not None}


class RowLog:
    """A file of row statuses that is written on from where the state knows it."""

    def __init__(self, path: Path, length: int) -> None:
        """InvalidInputError: it cannot be written there."""
        try:
            self._file: BinaryIO = path.open("r+b" if length and path.exists() else "wb")
            self._file.truncate(min(length, self._file.seek(0, os.SEEK_END)))
            self._file.seek(0, os.SEEK_END)
        except OSError as error:
            msg = f"the rows' statuses cannot be written to {path}: {error.strerror or error}"
            raise InvalidInputError(msg, hint="Name another file for them.") from error

    def add(self, outcome: Outcome) -> None:
        """Write the statuses of an outcome."""
        self._file.writelines(to_json(line, inf_nan_mode="constants") + b"\n" for line in lines(outcome))

    def flush(self) -> int:
        """Hand all to the system; the length of the file then."""
        self._file.flush()
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
