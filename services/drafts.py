"""Demands as people have them while drafting: with or without id and buyer, whole, as an event, or one item alone."""

from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import ValidationError

from schemas.demands import Demand
from schemas.errors import InvalidInputError

DRAFT: Final = "draft"
_EVENT_FIELDS: Final = ("demand", "data")
_OF_DEMAND: Final = ("id", "buyer", "published", "closes", "needed_by", "delivery_place", "ocid")


def completed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A demand record with what a draft may lack: id, buyer, title, the items' ids and quantities."""
    done = dict(fields)
    items: list[Any] = cast("list[Any]", done["items"]) if isinstance(done.get("items"), list) else []
    done.setdefault("id", DRAFT)
    done.setdefault("buyer", {"id": DRAFT, "name": DRAFT})
    done["items"] = [
        {"id": str(number), "quantity": 1, **cast("dict[str, Any]", each)} if isinstance(each, dict) else each
        for number, each in enumerate(items, 1)
    ]
    first = next((cast("dict[str, Any]", each).get("title") for each in items if isinstance(each, dict)), None)
    if first is not None:
        done.setdefault("title", first)
    return done


def draft(value: object) -> Demand:
    """The demand in a parsed JSON value. InvalidInputError: it holds none.

    Taken are a demand, an event or event data that carries one, and one item that stands alone.
    """
    fields = value
    for _ in range(2):
        for name in _EVENT_FIELDS:
            if isinstance(fields, dict) and isinstance(fields.get(name), dict):
                fields = cast("dict[str, Any]", fields)[name]
    if not isinstance(fields, dict):
        msg = "a demand is a JSON object"
        raise InvalidInputError(msg)
    record = cast("dict[str, Any]", fields)
    if "items" not in record:
        outer = {name: record[name] for name in _OF_DEMAND if name in record}
        inner = {name: each for name, each in record.items() if name not in ("id", "buyer", "published", "closes")}
        record = {**outer, "items": [inner]}
    try:
        return Demand.model_validate(completed(record))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        msg = f"this is no demand: {where}: {first['msg']}{more}"
        raise InvalidInputError(msg) from error


def has_quantity(value: object) -> bool:
    """Tell whether a quantity stands anywhere in a parsed demand."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return "quantity" in fields or any(has_quantity(each) for each in fields.values())
    return isinstance(value, list) and any(has_quantity(each) for each in cast("list[object]", value))


def demand_text(demand: Demand) -> str:
    """What a demand is compared with past ones by."""
    items = [part for item in demand.items for part in (item.title, item.description)]
    return ". ".join(dict.fromkeys(part for part in (demand.title, demand.description, *items) if part))
