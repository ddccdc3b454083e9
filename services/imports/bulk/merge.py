"""A row's fields put upon the record that the graph has: what the row does not speak of stays as it is."""

from collections.abc import Mapping
from typing import Any, Final, cast

from services.imports.bulk.columns import ListRule, list_rule
from services.imports.bulk.records import CLEAR, Listed

Record = dict[str, Any]
_CORES: Final = ("quantity", "amount")
"""Without its number, a capacity, an order or a price is nothing: a dash there takes all of it away."""


def merged(old: Mapping[str, Any], fields: Mapping[str, Any]) -> Record:
    """The record with a row's fields: a value takes the place of the old one, CLEAR takes it away.

    Entries of a list take the place of those of their families; of what an entry had, fields that the row does not
    give stay. An empty cell is no field, so it changes nothing.
    """
    found: Record = dict(old)
    for name, value in fields.items():
        if value is CLEAR:
            found.pop(name, None)
        elif isinstance(value, Listed):
            before = cast("list[Any]", found.get(name) or [])
            found[name] = _entries(name, before, value)
        elif isinstance(value, dict):
            given = cast("Record", value)
            inner = merged(cast("Record", found.get(name) or {}), given)
            if inner and not any(given.get(core) is CLEAR for core in _CORES):
                found[name] = inner
            else:
                found.pop(name, None)
        else:
            found[name] = value
    return found


def _entries(name: str, old: list[Any], listed: Listed) -> list[Any]:
    new = [entry for entry in map(_entry, listed.entries.values()) if entry]
    sample = (new or old or [{}])[0]
    rule = list_rule(name, sample)
    by_identity: dict[str, Any] = {}
    for entry in new:
        by_identity.setdefault(rule.identity(entry), entry)
    found: list[Any] = []
    for entry in old:
        identity = rule.identity(entry)
        if identity in by_identity:
            found.append(_upon(entry, by_identity.pop(identity)))
        elif rule.family(entry) not in listed.families:
            found.append(entry)
    return _in_order(rule, found, list(by_identity.values()))


def _in_order(rule: ListRule, kept: list[Any], new: list[Any]) -> list[Any]:
    """Old entries at their places, so that a list whose order alone differs stays the same; new ones behind."""
    seen: set[str] = set()
    found: list[Any] = []
    for entry in [*kept, *new]:
        identity = rule.identity(entry)
        if identity not in seen:
            seen.add(identity)
            found.append(entry)
    return found


def _entry(entry: Any) -> Any:
    """An entry without what is cleared; None where nothing is left of it."""
    if not isinstance(entry, dict):
        return entry
    fields = cast("Record", entry)
    left = {name: value for name, value in fields.items() if value is not CLEAR}
    return left or None


def _upon(old: Any, new: Any) -> Any:
    """Measured properties are said anew as a whole; of other entries, fields that are not given stay."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    before, after = cast("Record", old), cast("Record", new)
    if before.keys() & {"value", "min", "max", "equals", "one_of"}:
        kept = {name: before[name] for name in ("name", "evidence") if name in before}
        return {**kept, **after}
    return {**before, **after}
