"""A row's cells as the fields of a record, with what is wrong in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from services.imports.bulk.cells import Cell, CellError, Problem, Row, Said, cell_name
from services.imports.bulk.classes import Classes
from services.imports.bulk.columns import Path
from services.imports.bulk.kinds import measured
from services.imports.bulk.layout import PEYVAND, Layout, Place
from services.imports.bulk.provinces import province


class _Clear:
    """What a single dash says: the field is to be empty."""

    def __repr__(self) -> str:
        return "CLEAR"


CLEAR: Final = _Clear()
HOME: Final = "IR"
_DASHES: Final = frozenset("-–—−")
_MEASURED: Final = frozenset({"attribute", "requirement"})
_SEVERAL: Final = frozenset({"code", "identifier", "national_id"})


@dataclass(slots=True)
class Listed:
    """Entries of a list as a row has them, by what tells them apart in the header, and the families it rules."""

    entries: dict[str, Any] = field(default_factory=dict[str, Any])
    families: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class RowFields:
    """What a row says: fields as a tree, the cell of every field by its path, and problems."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    cells: dict[Path, tuple[str, str]] = field(default_factory=dict[Path, tuple[str, str]])
    problems: list[Problem] = field(default_factory=list[Problem])
    spoken: set[str] = field(default_factory=set[str])
    """Keys of the columns whose cells are filled."""
    size: int = 0
    """Characters of its texts."""


def read_row(row: Row, layout: Layout, classes: Classes) -> RowFields:
    """The fields of a row."""
    size = sum(len(cell.value) for cell in row.cells.values() if isinstance(cell.value, str))
    found = RowFields(row.number, size=size)
    for place in layout.places:
        cell = row.cells.get(place.at)
        if cell is None:
            continue
        where = f"{place.letters}{row.number}"
        try:
            _take(found, place, cell, classes)
        except CellError as error:
            found.problems.append(Problem(error.said, where, place.header))
        found.spoken.add(place.column.key)
        found.cells.setdefault(place.column.path, (where, place.header))
    _name_provinces(found)
    for at in sorted(row.cells.keys() - layout.known):
        said = Said("the cell is filled, but its column has no header", "خانه پر است، اما ستونش سرستون ندارد")
        found.problems.append(Problem(said, cell_name(at, row.number)))
    return found


def _name_provinces(found: RowFields) -> None:
    """Provinces of this country go by one name; those of others stay as written."""
    for path, where in found.cells.items():
        if path[-1] != "province":
            continue
        place: Any = found.fields
        for name in path[:-1]:
            place = place.get(name, {})
        if isinstance(place.get("province"), str) and place.get("country", HOME) in (HOME, CLEAR):
            try:
                place["province"] = province(place["province"])
            except CellError as error:
                found.problems.append(Problem(error.said, *where))


def _take(found: RowFields, place: Place, cell: Cell, classes: Classes) -> None:
    column = place.column
    if cell.fault is not None:
        raise CellError(cell.fault)
    said = cell.value.strip() if isinstance(cell.value, str) else None
    if said == "":
        return
    if said in _DASHES:
        if column.required:
            raise CellError(Said("it must be filled, and a dash empties it", "باید پر باشد و خط تیره آن را خالی می‌کند"))
        value: Any = CLEAR
    elif column.key in _MEASURED:
        value = measured(cell, with_unit=bool(place.unit))
    else:
        value = column.kind.read(cell, classes)
    if column.listed:
        _enter(found, place, value)
    else:
        _put(found.fields, column.path, value)


def _enter(found: RowFields, place: Place, value: Any) -> None:
    column = place.column
    listed = cast("Listed", _put(found.fields, column.path, Listed(), keep=True))
    family, name = place.family, place.entry
    listed.families.add(family)
    if value is CLEAR:
        if column.part is not None and not column.named:
            listed.entries.setdefault(name, {})[column.part] = CLEAR
        return
    if column.key in _MEASURED:
        listed.entries[name] = _property(column.key, place, value)
    elif column.key in _SEVERAL:
        for number, each in enumerate(value):
            listed.entries[f"{family} {number}"] = {"scheme": name, "id": each}
    elif column.key == "class":
        listed.entries[f"{PEYVAND} {name}"] = {"scheme": PEYVAND, "id": value}
    elif column.part is None:
        listed.entries[name] = value
    else:
        listed.entries.setdefault(name, {})[column.part] = value


def _property(key: str, place: Place, value: dict[str, Any]) -> dict[str, Any]:
    said = dict(value)
    if key == "requirement" and "value" in said:
        said["equals"] = said.pop("value")
    if key == "attribute" and "one_of" in said:
        said["value"] = said.pop("one_of")
    return {"name": place.name, **said, **({"unit": place.unit} if place.unit else {})}


def _put(fields: dict[str, Any], path: Path, value: Any, *, keep: bool = False) -> Any:
    """Set a value at its path; `keep` leaves what is there. Returns what stands there then."""
    here = fields
    for name in path[:-1]:
        here = here.setdefault(name, {})
    if keep:
        return here.setdefault(path[-1], value)
    here[path[-1]] = value
    return value


def missing(found: RowFields, layout: Layout, keys: Iterable[str]) -> None:
    """Add a problem for each of these required columns whose cell is empty."""
    for key in keys:
        place = layout.place(key)
        if place is None or key in found.spoken:
            continue
        said = Said(f"{place.header!r} must be filled", f"«{place.header}» باید پر باشد")
        found.problems.append(Problem(said, cell_name(place.at, found.number), place.header))
