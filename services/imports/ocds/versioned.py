"""Versioned releases, in which every field is the list of its values so far, as the releases they were made of.

Source: OCDS 1.1, "Versioned release": `{releaseID, releaseDate, releaseTag, value}` in place of each value.
"""

from typing import Any, Final, cast

from services.imports.ocds.node import moment

Fields = dict[str, Any]
_KEYS: Final = frozenset({"releaseID", "releaseDate", "releaseTag", "value"})


def is_versioned(fields: Fields) -> bool:
    """Whether a release is a versioned one: it has neither tag nor date, and some field is a list of values."""
    return "tag" not in fields and "date" not in fields and any(_has_values(each) for each in fields.values())


def unversioned(fields: Fields) -> list[Fields]:
    """The releases, oldest first, each with what it said new."""
    stamps: dict[tuple[str, str], list[str]] = {}
    _collect(fields, stamps)
    known = [(at, key) for key in stamps if (at := moment(key[1])) is not None]
    made: list[Fields] = []
    for _, (release, date) in sorted(known, key=lambda one: one[0]):
        part = _at(fields, (release, date))
        said: Fields = cast("Fields", part) if isinstance(part, dict) else {}
        made.append({**said, "ocid": fields.get("ocid"), "id": release, "date": date, "tag": stamps[release, date]})
    return made


def _is_value(value: Any) -> bool:
    return isinstance(value, dict) and _KEYS.issubset(cast("Fields", value))


def _is_values(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_value(each) for each in cast("list[Any]", value))


def _has_values(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_values(each) for each in cast("Fields", value).values())
    return _is_values(value) or (
        isinstance(value, list) and any(_has_values(each) for each in cast("list[Any]", value))
    )


def _stamp(value: Fields) -> tuple[str, str]:
    return str(value["releaseID"]), str(value["releaseDate"])


def _collect(value: Any, stamps: dict[tuple[str, str], list[str]]) -> None:
    if _is_values(value):
        for each in cast("list[Fields]", value):
            tags = each["releaseTag"]
            stamps.setdefault(_stamp(each), [str(tag) for tag in (tags if isinstance(tags, list) else [tags])])  # pyright: ignore[reportUnknownVariableType]
    elif isinstance(value, dict):
        for each in cast("Fields", value).values():
            _collect(each, stamps)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            _collect(each, stamps)


def _at(value: Any, stamp: tuple[str, str]) -> Any:
    """What one release said of a value; None where it said nothing."""
    if _is_values(value):
        said = [each["value"] for each in cast("list[Fields]", value) if _stamp(each) == stamp]
        return said[-1] if said else None
    if isinstance(value, dict):
        fields = cast("Fields", value)
        kept = {name: found for name, each in fields.items() if (found := _at(each, stamp)) is not None}
        own = {"id": fields["id"]} if kept and "id" in fields and not isinstance(fields["id"], list) else {}
        return {**own, **kept} if kept else None
    if isinstance(value, list):
        rows = [found for each in cast("list[Any]", value) if (found := _at(each, stamp)) is not None]
        return rows or None
    return None
