"""The classifications of others, read from the files that a user has: CPV as JSON, HS as CSV.

CPV: one JSON object {"34631400-3": "Wheel axles and tyres ..."}. HS: CSV with the columns hscode, description
and parent (the root's parent is TOTAL). The files are never shipped; the user names them when loading.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, cast

from graph.taxonomy.codes import broader_digits, significant_digits
from graph.taxonomy.model import Taxonomy

_CPV_KEY: Final = re.compile(r"([0-9]{8})(?:-[0-9])?")
_HS_CODE: Final = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")
_HS_COLUMNS: Final = ("hscode", "description", "parent")
_HS_TOP: Final = "TOTAL"
_SHOWN: Final = 5


class Code(NamedTuple):
    """One foreign code: digits only (CPV 8, no check digit), its English label, the broader code's id."""

    scheme: str
    id: str
    label_en: str
    parent: str | None


class ForeignFileError(ValueError):
    """The file is not the classification it was given as. The message says where, and what was wanted."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
        super().__init__(f"{path}: {'; '.join(faults[:_SHOWN])}{more}.")


class MissingCode(NamedTuple):
    """A cross reference of the tree that the foreign classification does not know."""

    class_id: str
    scheme: str
    code: str


def read_cpv(path: Path) -> Iterable[Code]:
    """Return the CPV codes of a JSON file, sorted. A code's parent is the nearest broader code in the file.

    Raises ForeignFileError when the file cannot be read, is not such JSON, or holds a malformed entry.
    """
    try:
        raw = cast("object", json.loads(_text(path)))
    except json.JSONDecodeError as error:
        raise ForeignFileError(path, [f"is no JSON: {error.msg} in line {error.lineno}"]) from error
    if not isinstance(raw, dict) or not raw:
        raise ForeignFileError(path, ["must hold one JSON object from code to label"])
    faults: list[str] = []
    labels: dict[str, str] = {}
    for key, label in cast("dict[str, object]", raw).items():
        match = _CPV_KEY.fullmatch(key)
        if not match:
            faults.append(f"{key!r} is no CPV code (8 digits, a hyphen, the check digit)")
        elif not isinstance(label, str) or not label.strip():
            faults.append(f"{key!r} has no label")
        else:
            labels[match.group(1)] = label.strip()
    if faults:
        raise ForeignFileError(path, faults)
    by_digits = {significant_digits("CPV", code): code for code in labels}
    return [Code("CPV", code, labels[code], _nearest(code, by_digits)) for code in sorted(labels)]


def read_hs(path: Path) -> Iterable[Code]:
    """Return the HS chapters, headings and subheadings (2, 4, 6 digits) of a CSV file, in its order.

    Raises ForeignFileError when the file cannot be read, lacks a column, or holds a malformed row.
    """
    rows = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        return _hs_codes(path, rows)
    except csv.Error as error:
        raise ForeignFileError(path, [f"line {rows.line_num}: is no CSV: {error}"]) from error


def missing_codes(taxonomy: Taxonomy, codes: Iterable[Code]) -> Iterator[MissingCode]:
    """Yield the tree's cross references, in the schemes given, that are not among the codes."""
    known: dict[str, set[str]] = {}
    for code in codes:
        known.setdefault(code.scheme, set()).add(code.id)
    for each in taxonomy:
        for scheme in known.keys() & each.codes.keys():
            for code in each.codes[scheme]:
                if code not in known[scheme]:
                    yield MissingCode(each.id, scheme, code)


def _hs_codes(path: Path, rows: "csv.DictReader[str]") -> list[Code]:
    lacking = [name for name in _HS_COLUMNS if name not in (rows.fieldnames or ())]
    if lacking:
        raise ForeignFileError(path, [f"lacks the column {', '.join(lacking)}; the first row must name columns"])
    faults: list[str] = []
    codes: list[Code] = []
    for row in rows:
        code, label, parent = ((row[name] or "").strip() for name in _HS_COLUMNS)
        if code == _HS_TOP:
            continue  # the row of the whole: no code
        if not _HS_CODE.fullmatch(code):
            faults.append(f"line {rows.line_num}: {code!r} is no HS code (2, 4 or 6 digits)")
        elif not label:
            faults.append(f"line {rows.line_num}: {code} has no description")
        else:
            codes.append(Code("HS", code, label, parent if _HS_CODE.fullmatch(parent) else None))
    if not codes and not faults:
        faults.append("holds no row")
    if faults:
        raise ForeignFileError(path, faults)
    return codes


def _nearest(code: str, by_digits: dict[str, str]) -> str | None:
    broader = broader_digits("CPV", significant_digits("CPV", code))[1:]
    return next((by_digits[digits] for digits in broader if digits in by_digits), None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ForeignFileError(path, [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise ForeignFileError(path, [f"is no UTF-8 text: {error.reason} at byte {error.start}"]) from error
