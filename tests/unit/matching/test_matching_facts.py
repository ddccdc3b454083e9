"""Facts survive their JSON unchanged, and old layouts are told."""

import json

import pytest

from graph.matching.facts import ItemFacts, OfferFacts, SupplierFacts
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.demands import Demand
from schemas.offers import Offer
from schemas.suppliers import Supplier
from tests.unit.matching.pairs import DEMAND, KNOWLEDGE, OFFER, SUPPLIER


def item_facts() -> ItemFacts:
    demand = Demand.model_validate(DEMAND)
    return understand_item(demand, demand.items[0], KNOWLEDGE)


def test_item_facts_round_trip() -> None:
    facts = item_facts()
    assert ItemFacts.from_json(facts.to_json()) == facts
    assert facts.id == "d-1~1"
    assert facts.classes


def test_offer_facts_round_trip() -> None:
    facts = understand_offer(Offer.model_validate(OFFER), KNOWLEDGE)
    assert OfferFacts.from_json(facts.to_json()) == facts
    assert "pn:bh77203" in facts.keys


def test_supplier_facts_round_trip() -> None:
    maker = Supplier.model_validate({**SUPPLIER, "units": [{"id": "u-2", "state": "idle"}]})
    facts = understand_supplier(maker, suspended=False, unit_states={"main": "active"}, knowledge=KNOWLEDGE)
    assert SupplierFacts.from_json(facts.to_json()) == facts
    assert (facts.state_of("main"), facts.state_of("u-2"), facts.state_of("u-9")) == ("active", "idle", "active")


def test_another_layout_is_refused_with_a_sentence() -> None:
    row = json.loads(item_facts().to_json())
    row[0] = 0
    with pytest.raises(ValueError, match="understand the record again"):
        ItemFacts.from_json(json.dumps(row))


def test_an_empty_offer_is_understood() -> None:
    facts = understand_offer(Offer.model_validate({"id": "o", "supplier_id": "s", "title": "؟!"}), KNOWLEDGE)
    assert facts.classes == ()
    assert facts.capacity_per_day is None
