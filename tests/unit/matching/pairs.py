"""One demand and one offer that fit each other in every point, to be changed one point at a time."""

from copy import deepcopy
from datetime import date
from typing import Any

from graph.matching.decide import decide
from graph.matching.knowledge import default_knowledge
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.demands import Demand
from schemas.matches import Verdict
from schemas.offers import Offer
from schemas.suppliers import Supplier

TODAY = date(2026, 11, 24)
KNOWLEDGE = default_knowledge()

DEMAND: dict[str, Any] = {
    "id": "d-1",
    "buyer": "Northern Lines",
    "title": "Brake hoses for freight wagons",
    "needed_by": "2027-09-30",
    "items": [
        {
            "id": "1",
            "title": "Brake hoses for freight wagons",
            "description": "Complete hoses with coupling heads for the main brake pipe.",
            "part_numbers": ["BH-7720/3"],
            "quantity": 4000,
            "unit": "pcs",
            "requirements": [
                {"name": "length", "equals": 620, "unit": "mm"},
                {"name": "burst pressure", "min": 70, "unit": "bar"},
                {"name": "lowest service temperature", "max": -40, "unit": "°C"},
                {"name": "cover material", "one_of": ["EPDM", "CR"]},
            ],
            "standards": [["EN 15807", "UIC 830-1"], ["ISO 9001"]],
            "min_local_content_percent": 50,
        }
    ],
}

OFFER: dict[str, Any] = {
    "id": "o-1",
    "supplier_id": "s-1",
    "title": "شیلنگ ترمز واگن باری",
    "description": "شیلنگ هوای ترمز کامل با سرکوپلینگ، کد BH 7720 3",
    "part_numbers": ["BH7720-3"],
    "attributes": [
        {"name": "طول", "value": 62, "unit": "سانتیمتر"},
        {"name": "فشار ترکیدن", "value": 8, "unit": "MPa"},
        {"name": "حداقل دمای کارکرد", "value": -45, "unit": "درجه سانتیگراد"},
        {"name": "جنس روکش", "value": "EPDM"},
    ],
    "standards": [{"standard": "یو آی سی ۸۳۰-۱", "valid_until": "2028-01-01"}],
    "capacity": {"quantity": 1000, "unit": "عدد", "per": "month"},
    "lead_time_days": 45,
    "min_order": {"quantity": 200, "unit": "عدد"},
    "local_content_percent": 80,
}

SUPPLIER: dict[str, Any] = {
    "id": "s-1",
    "name_fa": "شیلنگ‌سازان",
    "unit_state": "active",
    "certificates": [{"standard": "ایزو ۹۰۰۱", "valid_until": "2027-12-31"}],
}


def demand(**changes: Any) -> dict[str, Any]:
    """Return the demand with fields of its item changed."""
    made = deepcopy(DEMAND)
    made["items"][0].update(changes)
    return made


def offer(**changes: Any) -> dict[str, Any]:
    """Return the offer with fields changed."""
    return {**deepcopy(OFFER), **changes}


def supplier(**changes: Any) -> dict[str, Any]:
    """Return the supplier with fields changed."""
    return {**deepcopy(SUPPLIER), **changes}


def verdict(
    asked: dict[str, Any] = DEMAND,
    offered: dict[str, Any] = OFFER,
    maker: dict[str, Any] = SUPPLIER,
    *,
    suspended: bool = False,
    committed: float = 0.0,
    unit_states: dict[str, str] | None = None,
) -> Verdict:
    """Understand the three records and decide."""
    wanted = Demand.model_validate(asked)
    return decide(
        understand_item(wanted, wanted.items[0], KNOWLEDGE),
        understand_offer(Offer.model_validate(offered), KNOWLEDGE),
        understand_supplier(
            Supplier.model_validate(maker), suspended=suspended, unit_states=unit_states or {}, knowledge=KNOWLEDGE
        ),
        today=TODAY,
        committed=committed,
        knowledge=KNOWLEDGE,
    )


def missing(told: Verdict) -> set[tuple[str, str | None]]:
    """Return the missing points as pairs of kind and name."""
    return {(each.kind, each.name) for each in told.missing}
