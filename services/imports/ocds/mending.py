"""A release made fit to be merged: ids that can be compared, and rules for arrays of objects that have none."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, cast

from services.imports.ocds.node import id_text, kind
from services.imports.ocds.notes import Notes
from services.imports.ocds.rules import RULES, MergeRules

Fields = dict[str, Any]
MOST: Final = {"items": 1000, "lots": 500, "criteria": 5000}
DISTINCT: Final = frozenset({"items", "lots"})
NUMBERED: Final = frozenset({("tender", "items"), ("tender", "lots"), ("awards",), ("parties",)})
"""Arrays whose objects are merged one by one: those without an id get their place as one."""


def mended(fields: Fields, notes: Notes) -> tuple[Fields, MergeRules]:
    """A copy of the release that merges, and the rules for it."""
    rules = dict(RULES)
    _doubles(fields, notes)
    return {name: _mended(value, (name,), name, notes, rules) for name, value in fields.items()}, rules


def _mended(value: Any, path: tuple[str, ...], place: str, notes: Notes, rules: MergeRules) -> Any:
    if isinstance(value, dict):
        return _object(cast("Fields", value), path, place, notes, rules)
    if isinstance(value, list):
        return _array(cast("list[Any]", value), path, place, notes, rules)
    return value


def _object(fields: Fields, path: tuple[str, ...], place: str, notes: Notes, rules: MergeRules) -> Fields:
    made = {name: _mended(each, (*path, name), f"{place}.{name}", notes, rules) for name, each in fields.items()}
    if "id" in made and made["id"] is not None and id_text(made["id"]) is None:
        notes.warn(f"{place}.id", f"an id is text or a whole number, not {kind(made['id'])}; it was left out")
        del made["id"]
    return made


def _array(rows: list[Any], path: tuple[str, ...], place: str, notes: Notes, rules: MergeRules) -> list[Any]:
    made = [_mended(each, path, f"{place}[{number}]", notes, rules) for number, each in enumerate(rows)]
    made = [each for each in made if each is not None] if any(isinstance(each, dict) for each in made) else made
    objects = [cast("Fields", each) for each in made if isinstance(each, dict)]
    if not objects or len(objects) < len(made) or rules.get(path):
        return made
    bare = [each for each in objects if id_text(each.get("id")) is None]
    if bare and path not in NUMBERED:
        rules[path] = "wholeListMerge"
        return made
    for each, name in zip(bare, _free({id_text(each.get("id")) for each in objects}), strict=False):
        notes.warn(place, f"an element without id was called {name}, by its place")
        each["id"] = name
    return _distinct(objects, place, notes)


def _distinct(objects: list[Fields], place: str, notes: Notes) -> list[Any]:
    """The objects, those of one id made one, as merging would."""
    found: dict[str | None, Fields] = {}
    for each in objects:
        name = id_text(each.get("id"))
        if name in found:
            notes.warn(place, f"two of its elements have the id {name!r}; they were merged into one")
        found[name] = {**found.get(name, {}), **each}
    return list(found.values())


def _free(taken: set[str | None]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if str(number) not in taken:
            yield str(number)


def _doubles(fields: Fields, notes: Notes) -> None:
    """Refuse more than a demand may have, and two items or lots of one id: which of them is meant cannot be told."""
    tender = fields.get("tender")
    if not isinstance(tender, dict):
        return
    for name, most in MOST.items():
        rows: Any = cast("Fields", tender).get(name)
        if not isinstance(rows, list):
            continue
        listed = cast("list[Any]", rows)
        if len(listed) > most:
            notes.refuse(f"tender.{name}", f"there are {len(listed)} of them; a demand has at most {most}: divide it")
        ids = Counter(id_text(cast("Fields", each).get("id")) for each in listed if isinstance(each, dict))
        doubled = sorted(each for each, times in ids.items() if each is not None and times > 1)
        if doubled and name in DISTINCT:
            more = f" (and {len(doubled) - 1} more)" if len(doubled) > 1 else ""
            notes.refuse(f"tender.{name}", f"two of them have the id {doubled[0]!r}{more}: give each its own")
