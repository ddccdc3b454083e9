"""The sieve before the verdict leaves out nothing that matches or nearly matches, and most of what does not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.matching.criteria import attributes
from graph.matching.criteria.base import Findings, Pair
from graph.matching.decide import decide
from graph.matching.evaluate import TODAY
from graph.matching.facts import ItemFacts, OfferFacts, SupplierFacts
from graph.matching.goldset import load_goldset
from graph.matching.keys import search_classes
from graph.matching.knowledge import default_knowledge
from graph.matching.shelf import Shelf, Stored, is_met, passes
from graph.matching.sieve import item_side, offer_side, supplier_side
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.common import Attribute, Requirement
from schemas.demands import Demand
from schemas.matches import Finding, Outcome
from schemas.offers import Offer
from schemas.suppliers import Supplier
from services.evaluate.crowd import Crowd
from tests.unit.matching.pairs import DEMAND, OFFER

KNOWLEDGE = default_knowledge()
SETS = Path(__file__).parents[2] / "goldsets"
STANDS = (Outcome.MATCH, Outcome.NEAR_MISS)
Held = tuple[OfferFacts, SupplierFacts]


def gold(folder: Path) -> tuple[list[ItemFacts], list[Held]]:
    found = load_goldset(folder)
    suppliers = {
        each.id: understand_supplier(each, suspended=False, unit_states={}, knowledge=KNOWLEDGE)
        for each in found.suppliers
    }
    items = [understand_item(each, item, KNOWLEDGE) for each in found.demands for item in each.items]
    return items, [(understand_offer(each, KNOWLEDGE), suppliers[each.supplier_id]) for each in found.offers]


def crowd(offers: int, demands: int) -> tuple[list[ItemFacts], list[Held]]:
    drawn = Crowd(KNOWLEDGE.taxonomy, offers, skew=1.6, seed=7)
    held = [
        (
            understand_offer(offer, KNOWLEDGE),
            understand_supplier(supplier, suspended=False, unit_states={}, knowledge=KNOWLEDGE),
        )
        for supplier, own in drawn.registrations()
        for offer in own
    ]
    items = [
        understand_item(demand, item, KNOWLEDGE) for demand in drawn.demands(demands, TODAY) for item in demand.items
    ]
    return items, held


def sifted(items: list[ItemFacts], held: list[Held]) -> tuple[int, int, int, list[tuple[str, str]]]:
    """Counts of what stands under the items' classes and keys, what passes, what is decided to stand, and what was lost."""
    shelf = Shelf(held, KNOWLEDGE)
    near = near_pass = stands = 0
    lost = []
    for item in items:
        places = {*search_classes(item, KNOWLEDGE), *item.keys}
        passed = set(shelf.candidates(item, TODAY))
        for offer, supplier in held:
            if places.isdisjoint((*offer.classes, *offer.keys)):
                assert offer.id not in passed
                continue
            near += 1
            near_pass += offer.id in passed
            if decide(item, offer, supplier, today=TODAY, knowledge=KNOWLEDGE).outcome in STANDS:
                stands += 1
                if offer.id not in passed:
                    lost.append((item.id, offer.id))
    return near, near_pass, stands, lost


@pytest.mark.parametrize("folder", sorted(each.name for each in SETS.iterdir() if (each / "demands.jsonl").exists()))
def test_of_gold_sets_nothing_is_lost(folder):
    near, passed, stands, lost = sifted(*gold(SETS / folder))
    assert lost == []
    assert stands > 50
    assert passed < 1.4 * stands
    assert passed < 0.85 * near


def test_of_a_crowd_nothing_is_lost():
    near, passed, stands, lost = sifted(*crowd(600, 40))
    assert lost == []
    assert stands > 500
    assert passed < 1.5 * stands
    assert passed < 0.65 * near


UNITS = ("mm", "cm", "m", "in", "°C", "K", "bar", "MPa", "kN", "t", "kg", "kW", "hp", "furlongs", None)
NUMBERS = st.one_of(st.sampled_from([0.0, 1.0, 100.0, -40.0, 25.4]), st.floats(-1e4, 1e4, allow_nan=False))
WORDS = st.sampled_from(["St37", "ER7", "cast iron", "چدن", "IP65", "110 V DC", "10-20 bar", "25", "M12", "EPDM"])
NAMES = st.sampled_from(["diameter", "قطر", "temperature", "load", "material", "جنس", "pressure", "grade", "size"])


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    data = {"name": draw(NAMES), "unit": draw(st.sampled_from(UNITS))}
    way = draw(st.sampled_from(["min", "max", "range", "equals", "one_of", "word"]))
    one, other = draw(NUMBERS), draw(NUMBERS)
    if way == "range":
        data |= {"min": min(one, other), "max": max(one, other)}
    elif way == "one_of":
        data |= {"one_of": [one, draw(WORDS)]}
    else:
        data |= {"equals": draw(WORDS)} if way == "word" else {way: one}
    return Requirement.model_validate(data)


@st.composite
def offered(draw: st.DrawFn) -> Attribute:
    data = {"name": draw(NAMES), "unit": draw(st.sampled_from(UNITS))}
    way = draw(st.sampled_from(["value", "min", "max", "range", "list", "word"]))
    one, other = draw(NUMBERS), draw(NUMBERS)
    if way == "range":
        data |= {"min": min(one, other), "max": max(one, other)}
    elif way == "list":
        data |= {"value": [one, draw(WORDS)]}
    else:
        data |= {"value": draw(WORDS)} if way == "word" else {way: one}
    return Attribute.model_validate(data)


SAID = st.sampled_from(
    ["", "made of cast iron EN-GJS, EPDM seals", "فشار 16 بار، قطر 25 میلیمتر، چدن", "IP65, 110 V DC"]
)


@given(wanted=requirements(), held=st.lists(offered(), max_size=4), said=SAID)
def test_what_a_requirement_is_met_by_passes(wanted: Requirement, held: list[Attribute], said: str):
    offer = understand_offer(Offer(id="o", supplier_id="s", title="part", description=said, attributes=held), KNOWLEDGE)
    mark = KNOWLEDGE.attributes.requirement(wanted)
    item = replace(ITEM, requirements=(mark,), to_drawing=True)
    out = Findings([], [])
    attributes.judge(Pair(item, offer, SUPPLIER, TODAY.toordinal(), 0.0, KNOWLEDGE), out)
    if out.criteria[0].finding is Finding.MET:
        side = offer_side(offer, KNOWLEDGE)
        assert all(is_met(asked, side) for asked in item_side(item, KNOWLEDGE, TODAY).asked)


SUPPLIER = understand_supplier(
    Supplier(id="s-1", name_en="Works"), suspended=False, unit_states={}, knowledge=KNOWLEDGE
)
_DEMAND = Demand.model_validate(DEMAND)
ITEM = understand_item(_DEMAND, _DEMAND.items[0], KNOWLEDGE)
FITS = understand_offer(Offer.model_validate(OFFER), KNOWLEDGE)
CERTIFIED = replace(SUPPLIER, certificates=KNOWLEDGE.standards.marks("ISO 9001", None, "supplier"))


def passed(
    item: ItemFacts = ITEM, offer: OfferFacts = FITS, supplier: SupplierFacts = CERTIFIED, day: date = TODAY
) -> bool:
    held = Stored(offer, supplier, offer_side(offer, KNOWLEDGE), supplier_side(supplier, KNOWLEDGE))
    return passes(item_side(item, KNOWLEDGE, day), held)


def test_what_fits_passes_and_what_lacks_two_points_too():
    assert passed()
    assert passed(offer=replace(FITS, capacity_per_day=None, local_content=None))
    assert passed(offer=replace(FITS, attributes=FITS.attributes[2:], lead_time=FITS.lead_time))


@pytest.mark.parametrize(
    "changes",
    [
        {"capacity_per_day": None, "local_content": None, "part_numbers": ()},
        {"capacity_per_day": 0.1, "local_content": 10.0, "standards": ()},
        {"lead_time": 900, "min_order": 1e9, "local_content": None},
        {"attributes": FITS.attributes[3:4]},
        {"valid_until": TODAY.toordinal() - 1},
        {"valid_from": TODAY.toordinal() + 1},
        {"domains": ("medical",)},
    ],
)
def test_what_surely_lacks_three_points_or_cannot_be_had_does_not(changes):
    offer = replace(FITS, text="", **changes)
    assert decide(ITEM, offer, CERTIFIED, today=TODAY, knowledge=KNOWLEDGE).outcome not in STANDS
    assert not passed(offer=offer)


def test_a_suspended_supplier_and_a_trader_do_not():
    assert not passed(supplier=replace(CERTIFIED, suspended=True))
    trader = understand_offer(Offer.model_validate({**OFFER, "description": "نمایندگی فروش، واردات و پخش"}), KNOWLEDGE)
    assert not passed(offer=trader)
