"""What nobody read of a document: pruned of what says nothing, bounded, and remarked on where no standard knows it."""

from math import isfinite
from typing import Any, Final, cast

from pydantic_core import to_json

from schemas.demands import MOST_REST_BYTES
from services.imports.ocds.notes import Notes
from services.imports.ocds.terms import unknown_fields

Fields = dict[str, Any]
_NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})


def rest_of(fields: Fields, notes: Notes, *, strict: bool = True) -> Fields:
    """The rest that is kept with a demand, and remarks on fields that neither OCDS nor a known extension has."""
    left = pruned(
        {name: value for name, value in fields.items() if name not in ("ocid", "id", "date", "tag", "initiationType")}
    )
    rest: Fields = left if isinstance(left, dict) else {}
    for path in unknown_fields(rest) if strict else ():
        notes.warn(path, "OCDS has no such field, nor has an extension that is known here; it is kept with the demand")
    return _bounded(rest, notes)


def pruned(value: Any, *, listed: bool = False) -> Any:
    """The value without nulls and empty parts; objects of arrays of which only the id is left are empty too."""
    if isinstance(value, dict):
        kept = {name: left for name, each in cast("Fields", value).items() if (left := pruned(each)) not in _NOTHING}
        return None if listed and kept.keys() <= {"id", "url"} else kept
    if isinstance(value, list):
        return [left for each in cast("list[Any]", value) if (left := pruned(each, listed=True)) not in _NOTHING]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value.replace("\x00", "") if isinstance(value, str) else value


def _bounded(rest: Fields, notes: Notes) -> Fields:
    """As much as fits; the largest parts are left out, with a remark each."""
    room = MOST_REST_BYTES
    if len(to_json(rest)) <= room:
        return rest
    parts = {name: len(to_json(value)) for name, value in rest.items()}
    tender = rest.get("tender")
    kept = dict(rest)
    if isinstance(tender, dict):
        inner = cast("Fields", tender)
        parts |= {f"tender.{name}": len(to_json(value)) for name, value in inner.items()}
        kept["tender"] = dict(inner)
        parts.pop("tender")
    for path in sorted(parts, key=lambda name: -parts[name]):
        holder, name = (kept["tender"], path.removeprefix("tender.")) if path.startswith("tender.") else (kept, path)
        holder.pop(name)
        notes.warn(path, f"its {parts[path]} bytes are more than is kept with a demand; it was left out")
        if len(to_json(kept)) <= room:
            break
    return kept
