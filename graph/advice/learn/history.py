"""Past demands with their codes and awards, as a file of lines or the graph gives them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from graph.matching.text import normalise
from graph.taxonomy.codes import significant_digits

CPV_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Past:
    """One past demand: its text, its main CPV code and all its codes (8 digits each), and who was awarded."""

    id: str
    text: str
    main: str
    codes: tuple[str, ...]
    suppliers: tuple[str, ...] = ()
    buyer: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line of a history that is none: its number from 1, and why."""

    line: int
    reason: str


def read_history(lines: Iterable[str]) -> Iterator[Past | Unread]:
    """Read JSON lines with `title`, `desc` or `description`, `cpv_main`, `cpv_all`, `awards` [{supplier}], `buyer`."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield Unread(number, f"this is not JSON: {error}")
            continue
        if not isinstance(row, dict):
            yield Unread(number, "a past demand is a JSON object")
            continue
        yield _past(number, cast("dict[str, Any]", row))


def _past(number: int, row: Mapping[str, Any]) -> Past | Unread:
    text = text_of(row)
    main = cpv(row.get("cpv_main"))
    codes = tuple(dict.fromkeys(code for each in _list(row.get("cpv_all")) if (code := cpv(each))))
    awards = [cast("dict[str, Any]", each) for each in _list(row.get("awards")) if isinstance(each, dict)]
    suppliers = tuple(dict.fromkeys(str(each["supplier"]).strip() for each in awards if each.get("supplier")))
    if not text:
        return Unread(number, "has neither title nor description")
    if not main and not codes and not suppliers:
        return Unread(number, "has neither a CPV code nor an award: nothing can be learnt from it")
    return Past(
        str(row.get("id", number)),
        text,
        main or (codes[0] if codes else ""),
        codes,
        suppliers,
        str(row.get("buyer") or ""),
    )


def text_of(row: Mapping[str, Any]) -> str:
    """Title and description of a JSON object in one text; empty where it has neither."""
    parts = [row.get("title"), row.get("description") or row.get("desc")]
    return ". ".join(str(part).strip() for part in parts if part and str(part).strip())


def cpv(code: object) -> str:
    """The 8 digits of a CPV code however it is written, or an empty text."""
    digits = significant_digits("CPV", str(code)) if code else ""
    return digits.ljust(CPV_DIGITS, "0") if digits else ""


def name_key(name: str) -> str:
    """What two spellings of an organisation's name have in common."""
    return "".join(letter for letter in normalise(name) if letter.isalnum())


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
