"""What a file says of one supplier, offer or demand, before it is compared with the graph; and how rows become that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from graph.changes import offer_key
from schemas.codec import MAX_BYTES as MOST_BYTES
from schemas.ids import slug
from services.imports.bulk.cells import BrokenRow, Problem, Row, Said, cell_name
from services.imports.bulk.classes import Classes
from services.imports.bulk.columns import Path
from services.imports.bulk.layout import Layout
from services.imports.bulk.records import RowFields, missing, read_row

MOST_ITEMS: Final = 1000
"""Of one demand, as the contract has it."""


@dataclass(slots=True)
class Draft:
    """One subject as the file says it. `key` is its key in the graph, empty where the rows do not tell it.

    `derived`: its id was made of its name or title. `size`: characters of its rows' texts.
    """

    key: str
    rows: list[int]
    fields: dict[str, Any]
    cells: dict[Path, tuple[str, str]] = field(default_factory=dict[Path, tuple[str, str]])
    problems: list[tuple[int, Problem]] = field(default_factory=list[tuple[int, Problem]])
    derived: bool = False
    size: int = 0

    def add(self, row: int, problem: Problem) -> None:
        """Note what is wrong in a row."""
        self.problems.append((row, problem))


Read = Draft | BrokenRow


def supplier_drafts(rows: Iterable[Row | BrokenRow], layout: Layout, classes: Classes) -> Iterator[Read]:
    """A draft per row."""
    for row in rows:
        if isinstance(row, BrokenRow):
            yield row
            continue
        found = read_row(row, layout, classes)
        fields = found.fields
        name = next((str(fields[key]) for key in ("name_en", "name_fa") if isinstance(fields.get(key), str)), "")
        derived = not isinstance(fields.get("id"), str)
        if derived and name:
            fields["id"] = slug(name)
        draft = _draft(found, str(fields.get("id") or ""), derived=derived)
        if not name:
            said = Said("the row has neither a Persian nor an English name", "ردیف نه نام فارسی دارد و نه نام انگلیسی")
            draft.add(row.number, Problem(said))
        yield draft


def offer_drafts(rows: Iterable[Row | BrokenRow], layout: Layout, classes: Classes) -> Iterator[Read]:
    """A draft per row."""
    for row in rows:
        if isinstance(row, BrokenRow):
            yield row
            continue
        found = read_row(row, layout, classes)
        missing(found, layout, ("supplier_id", "title"))
        fields = found.fields
        derived = not isinstance(fields.get("id"), str)
        if derived and "title" in fields:
            fields["id"] = slug(str(fields["title"]))
        whole = "supplier_id" in fields and "id" in fields
        key = offer_key(str(fields["supplier_id"]), str(fields["id"])) if whole else ""
        yield _draft(found, key, derived=derived)


def _draft(found: RowFields, key: str, *, derived: bool) -> Draft:
    problems = [(found.number, problem) for problem in found.problems]
    return Draft(key, [found.number], found.fields, found.cells, problems, derived, found.size)


def demand_drafts(rows: Iterable[Row | BrokenRow], layout: Layout, classes: Classes) -> Iterator[Read]:
    """A draft per demand: the rows one beneath the other that have one demand id. Empty ids go on with the one above."""
    whole = {place.column.path for place in layout.places if place.column.whole}
    building: _Demand | None = None
    for row in rows:
        if isinstance(row, BrokenRow):
            if building is not None:
                yield building.done(layout)
                building = None
            yield row
            continue
        found = read_row(row, layout, classes)
        said = found.fields.get("id")
        if building is not None and (said == building.draft.key or "demand_id" not in found.spoken):
            building.add(found)
            continue
        if building is not None:
            yield building.done(layout)
        missing(found, layout, ("demand_id",))
        building = _Demand(found, str(said or ""), whole)
    if building is not None:
        yield building.done(layout)


class _Demand:
    """A demand that grows row by row."""

    def __init__(self, first: RowFields, key: str, whole: set[Path]) -> None:
        self.draft = Draft(key, [], {"items": {}})
        self._whole = whole
        self._said: dict[Path, tuple[Any, str]] = {}
        self._item_rows: dict[str, int] = {}
        self._full = False
        self.add(first)

    def add(self, found: RowFields) -> None:
        """Take in a row: what it says of the demand, and its item."""
        draft, row = self.draft, found.number
        draft.rows.append(row)
        if self._full:
            return
        draft.problems += [(row, problem) for problem in found.problems]
        for path in self._whole:
            if path in found.cells:
                self._agree(found, path)
        draft.size += found.size
        if len(draft.rows) > MOST_ITEMS or draft.size > MOST_BYTES:
            self._full = True
            said = (
                Said(f"the demand has more than {MOST_ITEMS} rows", f"تقاضا بیش از {MOST_ITEMS} ردیف دارد")
                if len(draft.rows) > MOST_ITEMS
                else Said(f"the demand has more than {MOST_BYTES} characters", f"تقاضا بیش از {MOST_BYTES} نویسه دارد")
            )
            draft.add(row, Problem(said))
            return
        item: dict[str, Any] = found.fields.get("items", {})
        given = item.get("id")
        name = given if isinstance(given, str) else str(len(draft.rows))
        item["id"] = name
        before = self._item_rows.setdefault(name, row)
        if before != row:
            said = Said(
                f"item {name!r} of this demand stands in row {before} already",
                f"قلم «{name}» همین تقاضا در ردیف {before} هم هست",
            )
            draft.add(row, Problem(said, *found.cells.get(("items", "id"), (None, None))))
            return
        draft.fields["items"][name] = item
        for path, where in found.cells.items():
            if path[0] == "items":
                draft.cells["items", name, *path[1:]] = where

    def _agree(self, found: RowFields, path: Path) -> None:
        """All rows of a demand say the same of it; an empty cell says nothing."""
        value, where = _at(found.fields, path), found.cells[path]
        if value is None:  # the cell was refused
            return
        if path not in self._said:
            self._said[path] = (value, where[0])
            self.draft.cells[path] = where
            here = self.draft.fields
            for name in path[:-1]:
                here = here.setdefault(name, {})
            here[path[-1]] = value
            return
        before, cell = self._said[path]
        if before != value:
            said = Said(
                f"the rows of one demand agree in this, but {cell} says otherwise",
                f"ردیف‌های یک تقاضا در این یکسان‌اند، اما {cell} چیز دیگری می‌گوید",
            )
            self.draft.add(found.number, Problem(said, *where))

    def done(self, layout: Layout) -> Draft:
        """The draft, when its last row is in."""
        draft = self.draft
        first = draft.rows[0]
        place = layout.place("buyer")
        if place is not None and place.column.path not in draft.cells:
            told = any(problem.column == place.header for _, problem in draft.problems)
            if not told:
                said = Said(
                    f"{place.header!r} must be filled in one row of each demand",
                    f"«{place.header}» باید در یکی از ردیف‌های هر تقاضا پر باشد",
                )
                draft.add(first, Problem(said, cell_name(place.at, first), place.header))
        for key in ("title", "quantity"):
            place = layout.place(key)
            for name, row in self._item_rows.items():
                if (
                    place is None
                    or ("items", name, *place.column.path[1:]) in draft.cells
                    or name not in draft.fields["items"]
                ):
                    continue
                said = Said(f"{place.header!r} must be filled", f"«{place.header}» باید پر باشد")
                draft.add(row, Problem(said, cell_name(place.at, row), place.header))
        return draft


def _at(fields: dict[str, Any], path: Path) -> Any:
    here: Any = fields
    for name in path:
        if not isinstance(here, dict) or name not in here:
            return None
        here = here[name]  # type: ignore[index] - it is a dict
    return here
