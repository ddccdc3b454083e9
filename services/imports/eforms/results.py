"""Results of a procedure: which tender won which lot by which contract, and which lots nobody won."""

from typing import Any, Final

from services.imports.eforms.fields import field, fields, nodes
from services.imports.eforms.xml import Element

Fields = dict[str, Any]
WON: Final = "selec-w"
NOBODY: Final = "clos-nw"


def unsuccessful(root: Element) -> frozenset[str]:
    """The lots that were closed without a winner (BT-142)."""
    lost = [one for one in nodes(root, "ND-LotResult") if field(one, "BT-142-LotResult") == NOBODY]
    return frozenset(name for one in lost for name in fields(one, "BT-13713-LotResult"))


def awards_of(root: Element, parties: dict[str, Fields]) -> list[Fields]:
    """An award for each lot that was won and each contract that settles it; without contracts, for each of its tenders.

    `winners` names its suppliers as the notice does.
    """
    tenders = {name: one for one in nodes(root, "ND-LotTender") if (name := field(one, "OPT-321-Tender")) is not None}
    contracts = {
        name: one for one in nodes(root, "ND-SettledContract") if (name := field(one, "OPT-316-Contract")) is not None
    }
    bidders = {
        name: fields(one, "OPT-300-Tenderer")
        for one in nodes(root, "ND-TenderingParty")
        if (name := field(one, "OPT-210-Tenderer")) is not None
    }
    found: list[Fields] = []
    for result in nodes(root, "ND-LotResult"):
        if field(result, "BT-142-LotResult") != WON:
            continue
        lots = fields(result, "BT-13713-LotResult")
        name = field(result, "OPT-322-LotResult") or f"result-{len(found) + 1}"
        settled = [(each, contracts[each]) for each in fields(result, "OPT-315-LotResult") if each in contracts]
        parts = [
            (
                f"{name}-{each}" if len(settled) > 1 else name,
                fields(node, "BT-3202-Contract"),
                field(node, "BT-145-Contract"),
            )
            for each, node in settled
        ] or [(name, fields(result, "OPT-320-LotResult"), None)]
        for award, won, day in parts:
            mine = [tenders[each] for each in won if each in tenders and _of_lots(tenders[each], lots)]
            suppliers = [
                each for one in mine for each in bidders.get(field(one, "OPT-310-Tender") or "", []) if each in parties
            ]
            if not suppliers:
                continue
            made: Fields = {
                "id": award, "status": "active", "relatedLots": lots,
                "suppliers": [
                    {"id": parties[each]["id"], "name": parties[each].get("name")} for each in dict.fromkeys(suppliers)
                ],
                "winners": list(dict.fromkeys(suppliers)),
            }  # fmt: skip
            if day is not None:
                made["date"] = f"{day[:10]}T00:00:00Z"
            amount, currency = (
                (field(mine[0], "BT-720-Tender"), field(mine[0], "BT-720-currency")) if len(mine) == 1 else (None, None)
            )
            if amount is not None and currency is not None:
                made["value"] = {"amount": _number(amount), "currency": currency}
            found.append(made)
    return found


def _of_lots(tender: Element, lots: list[str]) -> bool:
    mine = fields(tender, "BT-13714-Tender")
    return not mine or bool(set(mine) & set(lots))


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
