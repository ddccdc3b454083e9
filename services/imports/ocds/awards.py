"""Awards of a process: who got which item, how much of it, and whether that ends the item."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from schemas.demands import Demand, DemandAwarded
from services.imports.ocds.ids import safe_id
from services.imports.ocds.items import money_of
from services.imports.ocds.node import Node
from services.imports.ocds.parties import supplier_id
from services.imports.ocds.units import unit_of

EFFECTIVE: Final = frozenset({"active", ""})
ENDED: Final = frozenset({"cancelled", "unsuccessful"})
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Item:
    """An item that may be awarded: its id, as the tender has it."""

    id: str
    quantity: float | None
    lot: str | None
    description: str | None


def awards_of(release: Node, demand_id: str, demand: Demand | None) -> list[DemandAwarded]:
    """Awards of the state, with version 1 each: one for each item and supplier. Pending ones are kept and not read."""
    parties = release.children("parties")
    known = _items(release, demand)
    found: list[DemandAwarded] = []
    for award in release.children("awards"):
        status = award.peek("status") or award.peek("finalStatus") or ""
        name = award.id()
        if name is None or status not in EFFECTIVE | ENDED:
            continue
        found += _of_one(award, name, parties, known, demand_id, cancelled=status in ENDED)
    return found


def _of_one(
    award: Node, name: str, parties: list[Node], known: Sequence[_Item], demand_id: str, *, cancelled: bool
) -> list[DemandAwarded]:
    suppliers = [supplier_id(node, parties)[0] for node in award.children("suppliers")]
    winners = [each for each in dict.fromkeys(suppliers) if each is not None]
    if not winners:
        award.warn("suppliers", "the award names no supplier; it is kept and not read")
        return []
    items = _awarded(award, known)
    if not items:
        return []
    single = len(items) == 1 and len(winners) == 1
    day = award.day("date")
    common: Fields = {"demand_id": demand_id, "awarded": day, "cancelled": cancelled}
    value = money_of(award.child("value")) if single else None
    offer = award.line("offerID") if single else None
    more: Fields = {"value": value, "offer_id": offer}
    closes = award.fields.pop("closesItems", None) if isinstance(award.fields.get("closesItems"), bool) else None
    made: list[DemandAwarded] = []
    for item, quantity, unit in items:
        whole = quantity is None or item.quantity is None or quantity >= item.quantity
        for winner in winners:
            parts = [name, *([item.id] if len(items) > 1 else []), *([winner] if len(winners) > 1 else [])]
            fields: Fields = {
                **common, **(more if single else {}), "award_id": safe_id(".".join(parts)), "item_id": safe_id(item.id),
                "supplier_id": winner, "complete": whole if closes is None else closes,
            }  # fmt: skip
            if quantity is not None and quantity > 0 and len(winners) == 1:
                fields |= {"quantity": quantity, "unit": unit}
            try:
                made.append(
                    DemandAwarded.model_validate({key: each for key, each in fields.items() if each is not None})
                )
            except ValidationError as error:
                award.warn("", f"it is no award: {error.errors()[0]['msg']}; it is kept and not read")
    award.drop("status", "suppliers")
    for node in award.children("items"):
        node.drop("quantity", "unit", "description", "classification", "additionalClassifications", "relatedLot")
    return made


def _items(release: Node, demand: Demand | None) -> list[_Item]:
    """The tender's items as they stand in it; where it names none, the demand's."""
    tender = release.child("tender")
    nodes = tender.children("items") if tender is not None else []
    found: list[_Item] = []
    for node in nodes:
        name = node.id()
        amount: Any = node.fields.get("quantity")
        quantity = float(amount) if isinstance(amount, (int, float)) and not isinstance(amount, bool) else None
        if name is not None:
            found.append(_Item(name, quantity, node.peek("relatedLot"), node.peek("description")))
    if found or demand is None:
        return found or _whole(tender)
    return [_Item(item.id, item.quantity, item.lot_id, item.title) for item in demand.items]


def _whole(tender: Node | None) -> list[_Item]:
    """As services.imports.ocds.tender makes items where none are named."""
    if tender is None:
        return []
    lots = [name for lot in tender.children("lots") if (name := lot.id()) is not None]
    if lots:
        return [_Item(lot, None, lot, None) for lot in lots]
    return [_Item("1", None, None, None)] if tender.has("title") or tender.has("description") else []


def _awarded(award: Node, known: Sequence[_Item]) -> list[tuple[_Item, float | None, str | None]]:
    """The items of an award with quantity and unit; without any, those of its lots, else all."""
    nodes = award.children("items")
    lots = set(award.texts("relatedLots"))
    if not nodes:
        of_lots = [item for item in known if item.lot in lots] if lots else list(known)
        if len(known) > 1 and not lots:
            award.warn("items", "the award names neither items nor lots; it was taken to be of all items")
        if not of_lots:
            award.warn("items", "nothing tells which items are awarded; it is kept and not read")
        return [(item, None, None) for item in of_lots]
    found: list[tuple[_Item, float | None, str | None]] = []
    for node in nodes:
        item = _known(node, known)
        if item is None:
            node.warn(
                "id", f"there is no item {node.id()!r} in the tender; this part of the award is kept and not read"
            )
            continue
        amount: Any = node.fields.get("quantity")
        quantity = float(amount) if isinstance(amount, (int, float)) and not isinstance(amount, bool) else None
        unit = node.child("unit")
        found.append(
            (item, quantity, unit_of(Node(dict(unit.fields), unit.path, unit.notes)) if unit is not None else None)
        )
    return found


def _known(node: Node, known: Sequence[_Item]) -> _Item | None:
    """The tender's item of this id, else the only one it can be: that of the same description, or the tender's only one."""
    name = node.id()
    if not known:
        return _Item(name, None, None, None) if name is not None else None
    same = [item for item in known if item.id == name]
    described = node.peek("description")
    alike = [item for item in known if described is not None and item.description == described]
    if same:
        return same[0]
    if len(alike) == 1 or len(known) == 1:
        meant = alike[0] if len(alike) == 1 else known[0]
        node.warn("id", f"there is no item {name!r} in the tender; {meant.id!r} was taken, which it can only be")
        return meant
    return None
