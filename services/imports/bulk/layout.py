"""Which column of a file is which: headers in either language, numbered and named ones, and what is wrong with them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz, process

from graph.matching.text import is_persian, normalise
from graph.taxonomy.codes import scheme_name
from services.imports.bulk.cells import Cell, Problem, Row, Said, cell_name, letters
from services.imports.bulk.columns import Column, canonical, pattern
from services.imports.bulk.errors import TableError

_NAMED: Final = re.compile(
    r"\s*(?P<head>[^:\[\]]+?)\s*(?::\s*(?P<name>[^\[\]]*?))?\s*(?:\[(?P<unit>[^\[\]]*)\])?\s*\**\s*"
)
_NEAR: Final = 70.0
_SEARCHED: Final = 20
"""Filled rows among which the row of headers is looked for: titles and logos may stand above it."""
PEYVAND: Final = "PEYVAND"
LEFT_OUT: Final = "#"
_LONGEST: Final = 500
_SCHEMES: Final = ("CPV", "HS", "ISIC", "UNSPSC")


@dataclass(frozen=True)
class Place:
    """A column of the file: what it is, its number or its name and unit, and its header as written."""

    at: int
    header: str
    column: Column
    number: int = 1
    name: str = ""
    unit: str = ""

    @cached_property
    def letters(self) -> str:
        """The letters of its column."""
        return letters(self.at)

    @cached_property
    def entry(self) -> str:
        """Which entry of a list it speaks of."""
        if self.column.fixed is not None:
            return self.column.fixed
        return self.name if self.column.named else str(self.number)

    @cached_property
    def family(self) -> str:
        """Which entries of its list the column rules together with others (see `ListRule`)."""
        if self.column.key == "class":
            return normalise(PEYVAND)
        return normalise(self.entry) if self.column.named or self.column.fixed is not None else ""


@dataclass(frozen=True)
class Layout:
    """The columns of a file by their place, the row of the headers, and the language most of them are in."""

    header_row: int
    places: tuple[Place, ...]
    language: str
    left_out: frozenset[int] = field(default=frozenset())

    @cached_property
    def known(self) -> frozenset[int]:
        """Columns that are read or left out."""
        return self.left_out | {place.at for place in self.places}

    def place(self, key: str) -> Place | None:
        """Where a column stands, by its key."""
        return next((place for place in self.places if place.column.key == key), None)


class Headers:
    """Recognises the headers of one kind of table."""

    def __init__(self, columns: Sequence[Column], one_of: Sequence[str] = ()) -> None:
        """`one_of` are keys of columns of which a table must have one."""
        self.columns = columns
        self._one_of = frozenset(one_of)
        self._plain = [(pattern(name), column) for column in columns if not column.named for name in column.names()]
        self._named = {canonical(name): column for column in columns if column.named for name in column.names()}
        self._required = [column for column in columns if column.required]

    def recognise(self, at: int, header: str) -> Place | None:
        """The column that a header names, or None."""
        if len(header) > _LONGEST:
            return None
        said = canonical(header)
        for wanted, column in self._plain:
            found = wanted.fullmatch(said)
            if found is not None:
                number = found.groupdict().get("n")
                return Place(at, header, column, number=int(number) if number else 1)
        found = _NAMED.fullmatch(header.replace("：", ":").replace("［", "[").replace("］", "]"))
        column = self._named.get(canonical(found["head"])) if found else None
        if found is None or column is None:
            return self._scheme(at, header, said)
        name, unit = (found["name"] or "").strip(), (found["unit"] or "").strip()
        if column.key in ("code", "identifier"):
            name, unit = name or unit, ""
            name = scheme_name(name) or name.upper()
        return Place(at, header, column, name=name, unit=unit)

    def _scheme(self, at: int, header: str, said: str) -> Place | None:
        """`CPV`, `HS code`, «کد HS» are columns of codes too."""
        column = self._named.get("code")
        bare = said.removeprefix("کد ").removesuffix(" code").removeprefix("code ").strip()
        scheme = next((each for each in _SCHEMES if normalise(each) == bare), None)
        return Place(at, header, column, name=scheme) if column is not None and scheme is not None else None

    def count(self, headers: Iterable[str]) -> int:
        """How many of some texts are headers."""
        return sum(1 for at, header in enumerate(headers) if header.strip() and self.recognise(at, header))

    def complete(self, headers: Sequence[str]) -> bool:
        """Whether some texts are the row of headers: every required column is among them."""
        known = [self.recognise(at, header) for at, header in enumerate(headers) if header.strip()]
        keys = {place.column.key for place in known if place is not None}
        return all(column.key in keys for column in self._required) and (bool(keys & self._one_of) or not self._one_of)

    def find(self, rows: Iterable[Row]) -> Layout:
        """The layout by the first rows. TableError: no row is the row of headers, or a header is wrong."""
        seen: list[Row] = []
        for row in rows:
            if not row.cells:
                continue
            seen.append(row)
            if self.complete(_texts(row)):
                return self._layout(row)
            if len(seen) == _SEARCHED:
                break
        if not seen:
            raise TableError(
                Said("The file is empty.", "پرونده خالی است."), hint="`peyvand import template` makes one."
            )
        best = max(seen, key=lambda row: self.count(_texts(row)))
        known = {place.column.key for place in self._places(best)[0]}
        missing = [column for column in self._required if column.key not in known]
        choice = [column for column in self.columns if column.key in self._one_of and not known & self._one_of]
        en = " and ".join(
            [*(repr(c.en) for c in missing), *([" or ".join(repr(c.en) for c in choice)] if choice else [])]
        )
        fa = " و ".join(
            [*(f"«{c.fa}»" for c in missing), *([" یا ".join(f"«{c.fa}»" for c in choice)] if choice else [])]
        )
        raise TableError(
            Said(
                f"Row {best.number} should hold the headers, but lacks: {en}.",
                f"ردیف {best.number} باید سرستون‌ها را داشته باشد، اما این‌ها را ندارد: {fa}.",
            ),
            hint="`peyvand import template` makes a table with all of them, in both languages.",
        )

    def _places(self, row: Row) -> tuple[list[Place], list[Problem], set[int]]:
        places: list[Place] = []
        problems: list[Problem] = []
        left_out: set[int] = set()
        for at, cell in sorted(row.cells.items()):
            header, name = _text(cell), cell_name(at, row.number)
            if cell.fault is not None:
                problems.append(Problem(cell.fault, name))
                continue
            if header.strip().startswith(LEFT_OUT):
                left_out.add(at)
                continue
            place = self.recognise(at, header)
            if place is None:
                problems.append(Problem(self._unknown(header), name, header))
            elif place.column.named and not place.name:
                problems.append(Problem(_unnamed(place), name, header))
            elif twin := next((each for each in places if _same(each, place)), None):
                other = cell_name(twin.at, row.number)
                problems.append(
                    Problem(
                        Said(f"{header!r} stands in {other} already", f"«{header}» در {other} هم هست"), name, header
                    )
                )
            else:
                places.append(place)
        return places, problems, left_out

    def _layout(self, row: Row) -> Layout:
        places, problems, left_out = self._places(row)
        if problems:
            more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
            more_fa = f" (و {len(problems) - 1} مورد دیگر)" if len(problems) > 1 else ""
            first = problems[0]
            raise TableError(
                Said(f"{first.cell}: {first.said.en}.{more}", f"{first.cell}: {first.said.fa}.{more_fa}"),
                hint="A column whose header begins with # is left out.",
            )
        persian = sum(1 for place in places if any(map(is_persian, place.header)))
        return Layout(row.number, tuple(places), "fa" if 2 * persian > len(places) else "en", frozenset(left_out))

    def _unknown(self, header: str) -> Said:
        names = {
            canonical(name.replace("{n}", "1")): name.replace("{n}", "1")
            for column in self.columns
            for name in (column.en, column.fa)
        }
        near = process.extractOne(canonical(header[:100]), list(names), scorer=fuzz.ratio, score_cutoff=_NEAR)
        shown = header[:60]
        if near is None:
            return Said(f"there is no column {shown!r}", f"ستونی به نام «{shown}» نیست")
        return Said(
            f"there is no column {shown!r}; did you mean {names[near[0]]!r}?",
            f"ستونی به نام «{shown}» نیست؛ آیا «{names[near[0]]}» منظور است؟",
        )


def _same(one: Place, other: Place) -> bool:
    if one.column.key != other.column.key:
        return (
            one.column.path == other.column.path
            and one.column.part == other.column.part
            and _entry(one) == _entry(other)
        )
    return _entry(one) == _entry(other)


def _entry(place: Place) -> tuple[bool, str]:
    return place.column.named or place.column.fixed is not None, normalise(place.entry)


def _unnamed(place: Place) -> Said:
    en, fa = place.column.en, place.column.fa
    if place.column.key in ("code", "identifier"):
        return Said(
            f"{place.header!r} does not say which: write {en} [CPV]",
            f"«{place.header}» نمی‌گوید کدام: {fa} [CPV] بنویسید",
        )
    return Said(
        f"{place.header!r} does not say which property: write {en}: weight [kg]",
        f"«{place.header}» نمی‌گوید کدام ویژگی: {fa}: وزن [kg] بنویسید",
    )


def _text(cell: Cell) -> str:
    return cell.value if isinstance(cell.value, str) else "" if cell.value is None else str(cell.value)


def _texts(row: Row) -> list[str]:
    return [_text(row.cell(at)) for at in range(max(row.cells) + 1)]
