"""What was kept of an original document, put back into what is written of its demand. It fills gaps, and corrects nothing.

Only times of day are taken from it: of a day that we know, the original may have said the hour.
"""

from typing import Any, Final, cast

from services.exports.ocds.values import Fields
from services.imports.ocds.ids import safe_id
from services.imports.ocds.node import id_text

_DAY: Final = len("2027-01-31")


def laid_over(written: Fields, rest: Fields) -> Fields:
    """`written`, with what only `rest` has at its places."""
    found = dict(written)
    for name, value in rest.items():
        ours = found.get(name)
        if ours is None:
            found[name] = value
        elif isinstance(ours, dict) and isinstance(value, dict):
            found[name] = laid_over(cast("Fields", ours), cast("Fields", value))
        elif isinstance(ours, list) and isinstance(value, list):
            found[name] = _arrays(cast("list[Any]", ours), cast("list[Any]", value))
        elif isinstance(ours, str) and isinstance(value, str) and _same_day(ours, value):
            found[name] = value
    return found


def _same_day(ours: str, theirs: str) -> bool:
    return len(ours) > _DAY and "T" in ours and "T" in theirs and ours[:_DAY] == theirs[:_DAY]


def _arrays(ours: list[Any], theirs: list[Any]) -> list[Any]:
    if not all(isinstance(each, dict) for each in (*ours, *theirs)):
        return ours
    found: list[Fields] = [dict(cast("Fields", each)) for each in ours]
    more: list[Fields] = []
    for each in cast("list[Fields]", theirs):
        place = next((n for n, one in enumerate(found) if _is_same(one, each)), None)
        if place is None:
            more.append(each)
        else:
            same_address = found[place].get("url") is not None and found[place].get("url") == each.get("url")
            found[place] = laid_over(found[place], each) | ({"id": each["id"]} if same_address and "id" in each else {})
    return [*found, *more]


def _is_same(ours: Fields, theirs: Fields) -> bool:
    if ours.get("scheme") != theirs.get("scheme") and "scheme" in ours:
        return False
    if ours.get("url") is not None and ours.get("url") == theirs.get("url"):
        return True
    name, other = id_text(ours.get("id")), id_text(theirs.get("id"))
    return name is not None and other is not None and name in (other, safe_id(other))
