"""Demand items as items of a tender, and what is asked of them as criteria."""

from collections.abc import Iterator
from typing import Any, Final

from schemas.common import Requirement
from schemas.demands import DemandItem
from services.exports.ocds.values import Fields, delivery, ends, money, number, present, unit

PART_NUMBER: Final = "part number"
STANDARD: Final = "Standard"
LOCAL_CONTENT: Final = "Local content"
_PERCENT: Final[Fields] = {"name": "%", "scheme": "UNCEFACT", "id": "P1"}


def item_fields(item: DemandItem) -> Fields:
    """One item. Title and description share OCDS's one field: the title is its first line."""
    title = " ".join(item.title.split())
    codes = [present(scheme=each.scheme, id=each.id, description=each.description) for each in item.classifications]
    numbers = enumerate(item.part_numbers, 1)
    return {
        "id": item.id,
        "description": f"{title}\n{item.description}" if item.description else title,
        "quantity": number(item.quantity),
        **present(
            classification=codes[0] if codes else None,
            additionalClassifications=codes[1:],
            unit=_unit(item),
            estimatedValue=money(item.estimated_value) if item.estimated_value is not None else None,
            deliveryDate={"endDate": ends(item.needed_by)} if item.needed_by is not None else None,
            **delivery(item.delivery_place),
            relatedLot=item.lot_id,
            attributes=[{"id": f"part-number-{n}", "name": PART_NUMBER, "value": each} for n, each in numbers],
            importedItem=item.imported.model_dump(mode="json", exclude_defaults=True) if item.imported else None,
        ),
    }


def _unit(item: DemandItem) -> Fields:
    """The unit, with the price of one of it where the item's value is estimated."""
    found = unit(item.unit) if item.unit is not None else {}
    if item.estimated_value is not None:
        one = round(item.estimated_value.amount / item.quantity, 6)
        found["value"] = money(item.estimated_value.model_copy(update={"amount": one}))
    return found


def criteria_of(item: DemandItem) -> Iterator[Fields]:
    """A criterion for each requirement and standard of an item, and for its share of local content."""
    for place, asked in enumerate(item.requirements, 1):
        yield _criterion(f"{item.id}-requirement-{place}", asked.name, item.id, _alternatives(asked))
    for place, names in enumerate(item.standards, 1):
        said = [{"title": STANDARD.lower(), "dataType": "string", "expectedValue": name} for name in names]
        if said:
            yield _criterion(f"{item.id}-standard-{place}", STANDARD, item.id, said)
    if item.min_local_content_percent is not None:
        least: Fields = {
            "title": LOCAL_CONTENT.lower(), "dataType": "number", "minValue": number(item.min_local_content_percent),
            "unit": _PERCENT,
        }  # fmt: skip
        yield _criterion(f"{item.id}-local-content", LOCAL_CONTENT, item.id, [least])


def _criterion(name: str, title: str, item: str, alternatives: list[Fields]) -> Fields:
    """A criterion of which any of the alternatives will do: each is a group of one requirement."""
    groups = [
        {"id": f"{name}-{place}", "requirements": [{"id": f"{name}-{place}-1", **one}]}
        for place, one in enumerate(alternatives, 1)
    ]
    return {
        "id": name, "title": title, "source": "tenderer", "relatesTo": "item", "relatedItem": item,
        "requirementGroups": groups,
    }  # fmt: skip


def _alternatives(asked: Requirement) -> list[Fields]:
    """A requirement as OCDS has it; one of a list of values as an alternative each."""
    found: Fields = {"title": asked.name}
    if asked.min is not None:
        found["minValue"] = number(asked.min)
    if asked.max is not None:
        found["maxValue"] = number(asked.max)
    if asked.unit is not None:
        found["unit"] = unit(asked.unit)
    if asked.evidence is not None:
        found["eligibleEvidences"] = [{"id": "1", "title": asked.evidence}]
    values: list[Any] = list(asked.one_of or []) or ([asked.equals] if asked.equals is not None else [])
    if not values:
        return [{**found, "dataType": "number"}]
    return [{**found, **_expected(value)} for value in values]


def _expected(value: float | bool | str) -> Fields:
    if isinstance(value, bool):
        return {"dataType": "boolean", "expectedValue": value}
    if isinstance(value, str):
        return {"dataType": "string", "expectedValue": value}
    return {"dataType": "number", "expectedValue": number(value)}
