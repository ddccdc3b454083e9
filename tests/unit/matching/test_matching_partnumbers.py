"""Part numbers that offers carry or replace, and those that an item is imported under."""

from dataclasses import replace
from datetime import date

import pytest

from graph.matching.decide import decide
from graph.matching.knowledge import default_knowledge
from graph.matching.partnumbers import replaced_in
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.demands import Demand
from schemas.matches import Finding, Outcome
from schemas.offers import Offer
from schemas.suppliers import Supplier

KNOWLEDGE = default_knowledge()
TODAY = date(2026, 11, 24)
IMPORTED = {"brand": "Quorl TL-65", "part_numbers": ["QX 4711-9"], "hs": "8607.21", "origin": "DE"}


def offer(**fields):
    capacity = {"quantity": 1000, "unit": "pcs", "per": "month"}
    made = {"id": "o", "supplier_id": "s", "title": "x", "capacity": capacity, "lead_time_days": 10, **fields}
    return understand_offer(Offer.model_validate(made), KNOWLEDGE)


def item(**fields):
    made = {"id": "1", "title": "x", "quantity": 10, "unit": "pcs", **fields}
    demand = Demand.model_validate(
        {"id": "d", "buyer": "B", "title": made["title"], "needed_by": "2027-06-30", "items": [made]}
    )
    return understand_item(demand, demand.items[0], KNOWLEDGE)


def verdict(asked, offered):
    maker = understand_supplier(
        Supplier.model_validate({"id": "s", "name_en": "S"}), suspended=False, unit_states={}, knowledge=KNOWLEDGE
    )
    return decide(asked, offered, maker, today=TODAY, knowledge=KNOWLEDGE)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Equivalent to Quorl QX-47.11/9 and Zorn 77-B1. Length 320 mm.", {"qx47119", "qx4711", "77b1"}),
        ("replaces LN 645 E3 230", {"ln645e3230"}),
        ("جایگزین قطعه Quorl با شماره فنی QX-۴۷۱۱", {"qx4711"}),
        ("معادل 6205-2RS و NU 2208", {"62052rs", "nu2208"}),
        ("OEM 0 986 478 853, 1J0 615 301", {"0986478853", "1j0615301"}),
        ("Quorl EP2002 valve (equivalent)", {"ep2002"}),
        ("شیر EP2002 (معادل داخلی)", {"ep2002"}),
        ("In place of: TL-65", {"tl65"}),
    ],
)
def test_numbers_that_a_text_says_are_replaced(text, keys):
    assert keys <= set(replaced_in(text, KNOWLEDGE.grammar).keys)


@pytest.mark.parametrize(
    "text",
    ["Spare kit for EP2002", "length 320 mm, 120 km/h", "direct replacement, 320 mm long", "بلبرینگ 6205-2RS", ""],
)
def test_a_number_that_only_stands_there_is_not_replaced(text):
    assert replaced_in(text, KNOWLEDGE.grammar).keys == ()


@pytest.mark.parametrize(
    "text", ["It does not replace QX-4711.", "Not interchangeable with QX 4711", "این قطعه معادل QX-4711 نیست"]
)
def test_what_is_denied_is_neither_found_nor_met(text):
    made = offer(title="Composite brake blocks", description=text)
    assert "pn:qx4711" not in made.keys
    assert "qx4711" not in made.part_numbers


def test_a_long_text_stays_bounded():
    found = replaced_in("replaces " + "ab 12 " * 3000, KNOWLEDGE.grammar)
    assert 0 < len(found.keys) <= 24


def test_the_numbers_of_an_import_find_and_are_not_asked():
    asked = item(title="Composite brake blocks for wagons", imported=IMPORTED)
    assert asked.part_numbers == ()
    assert {"qx47119", "tl65"} <= set(asked.imports)
    assert {"pn:qx47119", "pn:tl65"} <= set(asked.keys)
    silent = verdict(asked, offer(title="Composite brake blocks for wagons"))
    assert silent.outcome is Outcome.MATCH
    assert all(each.kind != "part_number" for each in silent.criteria)
    same = verdict(asked, offer(title="Composite brake blocks for wagons", description="Replaces TL-65."))
    [told] = [each for each in same.criteria if each.kind == "part_number"]
    assert (told.asked, told.finding) == ("in place of tl65", Finding.MET)


def test_its_own_part_numbers_stay_a_requirement():
    asked = item(title="Composite brake blocks for wagons", part_numbers=["RAI-77"], imported=IMPORTED)
    found = verdict(asked, offer(title="Composite brake blocks for wagons", part_numbers=["QX 4711-9"]))
    assert [each.kind for each in found.missing] == ["part_number"]
    shared = item(title="x", part_numbers=["QX-47119"], imported=IMPORTED)
    assert "qx47119" not in shared.imports


def test_what_no_class_knows_is_known_by_the_number_that_it_replaces():
    asked = item(title="Zubehör Quorl", imported=IMPORTED)
    fits = offer(title="آبسازه ویژه", description="معادل Quorl QX-4711/9")
    assert set(asked.keys) & set(fits.keys)
    assert verdict(asked, fits).outcome is Outcome.MATCH
    mentions = offer(title="آبسازه ویژه", description="کار شده روی Quorl QX-4711/9")
    assert verdict(asked, mentions).outcome is not Outcome.MATCH
    assert verdict(replace(asked, imports=()), fits).outcome is not Outcome.MATCH


def test_the_tariff_code_of_an_import_speaks_where_the_text_is_silent():
    bearings = {"brand": "Quorl", "hs": "8482.20"}
    plain, coded = item(title="Zubehör Quorl"), item(title="Zubehör Quorl", imported=bearings)
    assert not plain.classes
    assert "tapered-axle-bearing" in coded.classes
    own = item(title="Zubehör Quorl", classifications=[{"scheme": "HS", "id": "8535.29"}], imported=bearings)
    assert own.classes
    assert set(own.classes).isdisjoint(coded.classes)
    spoken = item(title="Composite brake blocks for wagons", imported=bearings)
    assert set(spoken.classes).isdisjoint(coded.classes)
