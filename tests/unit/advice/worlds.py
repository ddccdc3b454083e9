"""Small worlds for advice: suppliers and offers made of plain words."""

from datetime import date
from typing import Any

from graph.advice.candidates import Candidate
from graph.knowledge import default_knowledge, item_facts, offer_facts, supplier_facts
from schemas.demands import Demand
from schemas.offers import Offer
from schemas.suppliers import Supplier

TODAY = date(2026, 11, 24)
BLOCK = "Composite brake blocks for freight wagons"


def candidate(name: str, **fields: Any) -> Candidate:
    """An offer `off-NAME` of a supplier `sup-NAME`; `supplier` gives fields of the supplier."""
    supplier = Supplier.model_validate({"id": f"sup-{name}", "name_en": name, **fields.pop("supplier", {})})
    offer = Offer.model_validate(
        {
            "id": f"off-{name}", "supplier_id": supplier.id, "title": BLOCK, "lead_time_days": 30,
            "capacity": {"quantity": 10_000, "unit": "pcs", "per": "month"}, **fields,
        }
    )  # fmt: skip
    knowledge = default_knowledge()
    facts = supplier_facts(supplier, suspended=False, unit_states={}, knowledge=knowledge)
    return Candidate(f"{supplier.id}~{offer.id}", offer_facts(offer, knowledge), facts)


def demand(**fields: Any) -> Demand:
    """A demand of one item, brake blocks unless `title` says otherwise."""
    item = {"id": "1", "title": BLOCK, "quantity": 5_000, "unit": "pcs", **fields}
    return Demand.model_validate(
        {"id": "d", "buyer": "Buyer", "title": item["title"], "needed_by": "2027-11-24", "items": [item]}
    )


def item(**fields: Any):
    """The facts of such a demand's item."""
    made = demand(**fields)
    return item_facts(made, made.items[0], default_knowledge())
