"""What a release must say so that merging it leaves nothing behind of what no longer is.

Merging never takes an object out of an array. So of one that is gone every field is said to be null; an item's quantity is
said to be 0 and a lot to be cancelled, which readers understand.
"""

from typing import Any, Final, cast

from services.exports.ocds.values import Fields
from services.imports.ocds.node import id_text
from services.imports.ocds.rules import RULES

_FIXED: Final = frozenset({"id", "source", "relatesTo"})
"""Fields that may not be null, or say whose an object is."""


def retracting(before: Any, now: Any, path: tuple[str, ...] = ()) -> Any:
    """`now`, with nulls for what only `before` has. Both are of one place in a release."""
    if isinstance(before, dict):
        old = cast("Fields", before)
        new = cast("Fields", now) if isinstance(now, dict) else {}
        gone = {name: _gone(value, (*path, name)) for name, value in old.items() if name not in new}
        kept = {name: retracting(old.get(name), value, (*path, name)) for name, value in new.items()}
        return {**kept, **{name: value for name, value in gone.items() if name not in _FIXED}}
    if isinstance(before, list) and isinstance(now, list) and _by_id(before, path) and _by_id(now, path):
        return _arrays(cast("list[Fields]", before), cast("list[Fields]", now), path)
    return now


def _arrays(before: list[Fields], now: list[Fields], path: tuple[str, ...]) -> list[Fields]:
    old = {id_text(each["id"]): each for each in before}
    names = {id_text(each["id"]) for each in now}
    kept = [retracting(old.get(id_text(each["id"])), each, path) for each in now]
    return [*kept, *(_without(each, path) for name, each in old.items() if name not in names)]


def _without(each: Fields, path: tuple[str, ...]) -> Fields:
    """An object that is gone: its id, and nothing of what it said."""
    gone = {name: _gone(value, (*path, name)) for name, value in each.items() if name not in _FIXED}
    said: Fields = {}
    if path == ("tender", "items"):
        said = {"quantity": 0}
    elif path == ("tender", "lots"):
        said = {"status": "cancelled"}
    return {name: value for name, value in each.items() if name in _FIXED} | gone | said


def _gone(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {name: _gone(each, (*path, name)) for name, each in cast("Fields", value).items()}
    if isinstance(value, list) and _by_id(cast("list[Any]", value), path):
        return [_without(each, path) for each in cast("list[Fields]", value)]
    return [] if isinstance(value, list) and RULES.get(path) is not None else None


def _by_id(rows: list[Any], path: tuple[str, ...]) -> bool:
    """Whether an array is merged object by object."""
    return RULES.get(path) is None and bool(rows) and all(isinstance(each, dict) and "id" in each for each in rows)
