"""Awards as OCDS has them. Those that were read from one award of a document are one again."""

from collections.abc import Iterable, Sequence

from schemas.demands import Demand, DemandAwarded
from services.exports.ocds.parties import SUPPLIER, Parties
from services.exports.ocds.values import Fields, begins, money, number, unit
from services.imports.ocds.ids import safe_id


def awards_of(
    awards: Iterable[DemandAwarded], demand: Demand | None, parties: Parties, originals: Sequence[str]
) -> list[Fields]:
    """Each award once; `originals` are the ids of awards in the document that the demand was read from."""
    grouped: dict[str, list[DemandAwarded]] = {}
    for award in sorted(awards, key=lambda one: one.award_id):
        grouped.setdefault(_original(award.award_id, originals), []).append(award)
    return [_award(name, parts, demand, parties) for name, parts in grouped.items()]


def complete(demand: Demand, awards: Iterable[DemandAwarded]) -> bool:
    """Whether every item of the demand went to somebody for good."""
    done = {award.item_id for award in awards if award.complete and not award.cancelled}
    return all(item.id in done for item in demand.items)


def _original(award_id: str, originals: Sequence[str]) -> str:
    """The id of the award that services.imports.ocds.awards made this one of, else its own."""
    for name in originals:
        if award_id == safe_id(name) or award_id.startswith(f"{name}."):
            return name
    return award_id


def _award(name: str, parts: list[DemandAwarded], demand: Demand | None, parties: Parties) -> Fields:
    first = parts[0]
    found: Fields = {
        "id": name,
        "status": "cancelled" if all(one.cancelled for one in parts) else "active",
        "suppliers": [parties.supplier(each, SUPPLIER) for each in dict.fromkeys(one.supplier_id for one in parts)],
        "items": [_item(one, demand) for one in {part.item_id: part for part in parts}.values()],
    }
    if first.awarded is not None:
        found["date"] = begins(first.awarded)
    if len(parts) == 1:
        if first.value is not None:
            found["value"] = money(first.value)
        if first.offer_id is not None:
            found["offerID"] = first.offer_id
        if first.complete != _whole(first, demand):
            found["closesItems"] = first.complete
    return found


def _item(award: DemandAwarded, demand: Demand | None) -> Fields:
    found: Fields = {"id": award.item_id}
    item = next((one for one in demand.items if one.id == award.item_id), None) if demand is not None else None
    if item is not None:
        found["description"] = " ".join(item.title.split())
    if award.quantity is not None:
        found["quantity"] = number(award.quantity)
        if award.unit is not None:
            found["unit"] = unit(award.unit)
    return found


def _whole(award: DemandAwarded, demand: Demand | None) -> bool:
    """Whether the quantity alone says that the item is gone."""
    item = next((one for one in demand.items if one.id == award.item_id), None) if demand is not None else None
    return award.quantity is None or item is None or award.quantity >= item.quantity
