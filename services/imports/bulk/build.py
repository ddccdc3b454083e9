"""From a draft to the contract's record, put upon what the graph has; errors lead back to the cell they are of."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from pydantic import ValidationError

from schemas.base import Model
from schemas.demands import Demand
from schemas.ids import slug
from schemas.offers import Offer
from schemas.suppliers import Supplier
from services.imports.bulk.cells import Problem, Said
from services.imports.bulk.columns import Column, Path
from services.imports.bulk.drafts import Draft
from services.imports.bulk.merge import Record, merged
from services.imports.bulk.records import CLEAR

_CLAIMED: Final = ("id", "supplier_id", "name_fa", "name_en", "title", "buyer")
Built = Model | list[tuple[int, Problem]]


def built(model: type[Model], draft: Draft, known: Model | None, columns: Mapping[Path, Column]) -> Built:
    """The record of a draft, or what is wrong with it, row by row. `columns` are by the path of their field."""
    old: Record = known.model_dump(mode="json", exclude_defaults=True) if known is not None else {}
    record = _SHAPES[model](old, draft)
    try:
        return model.model_validate(record)
    except ValidationError as error:
        return [_problem(one, record, draft, columns) for one in error.errors(include_url=False, include_input=False)]


def claim(model: type[Model], draft: Draft) -> Model | None:
    """So much of the record as tells whose it is, for who may send it; None where it is none even so."""
    fields = {name: draft.fields[name] for name in _CLAIMED if name in draft.fields and draft.fields[name] is not CLEAR}
    for name, item in cast("dict[str, Record]", draft.fields.get("items", {})).items():
        fields["items"] = {name: {part: item[part] for part in ("id", "title", "quantity") if part in item}}
        break
    record = built(model, Draft(draft.key, draft.rows, fields), None, {})
    return record if isinstance(record, Model) else None


def _supplier(old: Record, draft: Draft) -> Record:
    return merged(old, draft.fields)


def _offer(old: Record, draft: Draft) -> Record:
    record = merged(old, draft.fields)
    if not isinstance(record.get("local_content"), dict):
        return record
    content = cast("Record", record["local_content"])
    percent = record.get("local_content_percent", content.get("percent"))
    return {**record, "local_content": content if percent is None else {**content, "percent": percent}}


def _demand(old: Record, draft: Draft) -> Record:
    fields = {name: value for name, value in draft.fields.items() if name != "items"}
    given: dict[str, Record] = draft.fields["items"]
    record = merged({name: value for name, value in old.items() if name != "items"}, fields)
    lots: dict[str, Record] = {lot["id"]: lot for lot in cast("list[Record]", old.get("lots", []))}
    items: list[Record] = []
    before = {str(item["id"]): item for item in cast("list[Record]", old.get("items", []))}
    for name in [*before, *(each for each in given if each not in before)]:
        if name not in given:
            items.append(before[name])
            continue
        item = merged(before.get(name, {}), given[name])
        _lot(item, lots)
        items.append(item)
    record["items"] = items
    if lots:
        record["lots"] = list(lots.values())
    first = next(iter(given.values()), {})
    record.setdefault("title", first.get("title"))
    _buyer(record, old, fields)
    return record


def _rows_of(draft: Draft) -> list[tuple[int, str]]:
    return list(zip(draft.rows, draft.fields["items"], strict=False))


def _lot(item: Record, lots: dict[str, Record]) -> None:
    title, lot = item.pop("lot_title", None), item.get("lot_id")
    if lot is None:
        return
    entry = lots.setdefault(str(lot), {"id": lot})
    if title is not None and title is not CLEAR:
        entry["title"] = title


def _buyer(record: Record, old: Record, fields: Record) -> None:
    """A buyer that is named alone is the one that the demand has, if that goes by this name; else its id is made of it."""
    said = cast("Record", fields.get("buyer") or {})
    name, given = said.get("name"), said.get("id")
    if isinstance(given, str) or not isinstance(name, str):
        return
    before = cast("Record", old.get("buyer") or {})
    if name in (before.get("name"), before.get("name_fa")):
        record["buyer"] = before
    else:
        record["buyer"] = {"id": slug(name), "name": name}


_SHAPES: Final[Mapping[type[Model], Callable[[Record, Draft], Record]]] = {
    Supplier: _supplier,
    Offer: _offer,
    Demand: _demand,
}


def _problem(
    one: Mapping[str, Any], record: Record, draft: Draft, columns: Mapping[Path, Column]
) -> tuple[int, Problem]:
    """An error of the contract as a problem of the cell it is of, or of the nearest one."""
    path = _path(one["loc"], record)
    plain = tuple(part for at, part in enumerate(path) if at != 1 or path[0] != "items")
    column = columns.get(plain)
    where = _nearest(path, draft)
    row = draft.rows[0]
    if path[:1] == ("items",) and len(path) > 1:
        row = next((number for number, name in _rows_of(draft) if name == path[1]), row)
    if one["type"] == "missing":
        en, fa = (column.en, column.fa) if column is not None else (".".join(path), ".".join(path))
        said = Said(f"{en.replace(' {n}', '')!r} must be filled too", f"«{fa.replace(' {n}', '')}» هم باید پر باشد")
    else:
        words = str(one["msg"]).removeprefix("Value error, ")
        said = Said(words, f"پذیرفته نمی‌شود: {words}")
    return row, Problem(said, *where)


def _path(loc: tuple[int | str, ...], record: Record) -> Path:
    """The path of an error's place: list positions left out, but for items, which go by their ids."""
    found: list[str] = []
    here: Any = record
    for part in loc:
        if isinstance(part, int):
            here = (
                cast("list[Any]", here)[part]
                if isinstance(here, list) and part < len(cast("list[Any]", here))
                else None
            )
            if found == ["items"] and isinstance(here, dict):
                found.append(str(here.get("id")))  # type: ignore[reportUnknownMemberType] - a record's fields
        else:
            found.append(part)
            here = cast("Record", here).get(part) if isinstance(here, dict) else None
    return tuple(found)


def _nearest(path: Path, draft: Draft) -> tuple[str | None, str | None]:
    """The cell of a field, else one of the fields beside it, else none."""
    for length in range(len(path), 0, -1):
        if path[:length] in draft.cells:
            return draft.cells[path[:length]]
    beside = path[:-1]
    if beside and not (beside[0] == "items" and len(beside) <= 2):  # noqa: PLR2004 - an item's own fields are not beside each other
        return next((where for at, where in draft.cells.items() if at[: len(beside)] == beside), (None, None))
    return None, None
