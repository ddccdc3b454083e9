from graph.advice.causes import NO_PRODUCER, Cause
from graph.advice.equivalents import equivalents
from graph.knowledge import default_knowledge, item_facts
from tests.unit.advice.worlds import TODAY, candidate, demand

IMPORTED = {"brand": "Knorrwerk", "part_numbers": ["II-23.451/7"], "hs": "8607.21"}


def answer(*offers, **fields):
    made = demand(**{"imported": IMPORTED, **fields})
    knowledge = default_knowledge()
    facts = item_facts(made, made.items[0], knowledge)
    return equivalents(made.items[0], facts, list(offers), knowledge, TODAY)


def test_the_foreign_number_is_evidence_and_no_requirement():
    found = answer(
        candidate("plain"),
        candidate("same", part_numbers=["ii 23451-7"]),
        candidate("told", description="Takes the place of Knorrwerk blocks."),
    )
    assert not found.unmet
    assert found.causes == ()
    evidence = {each.supplier: each.evidence for each in found.capable}
    assert evidence.keys() == {"plain", "same", "told"}
    assert "imported number II-23.451/7" in evidence["same"][0]
    assert "Knorrwerk" in evidence["told"][0]
    assert found.capable[-1].supplier == "plain"


def test_its_own_part_numbers_are_still_asked():
    found = answer(candidate("plain"), part_numbers=["RAI-77"])
    assert found.unmet
    assert [gap.kind for gap in found.near[0].gaps] == ["part_number"]
    assert found.near[0].gaps[0].data


def test_near_misses_come_by_the_cheapest_gap():
    found = answer(
        candidate("idle", supplier={"unit_state": "idle"}, standards=[{"standard": "UIC 541-4"}]),
        candidate("silent"),
        candidate("expired", standards=[{"standard": "UIC 541-4", "valid_until": "2026-01-01"}]),
        standards=[["UIC 541-4"]],
    )
    assert [each.supplier for each in found.near] == ["silent", "expired", "idle"]
    assert found.unmet
    assert Cause("standard", "silent", 1) in found.causes
    assert Cause("standard", "expired", 1) in found.causes
    assert Cause("unit_state", "not_met", 1) in found.causes


def test_nobody_is_an_unmet_need_without_producer():
    found = answer(candidate("chairs", title="Office chairs"))
    assert found.unmet
    assert found.causes == (Cause(NO_PRODUCER, None, 0),)


def test_an_offer_that_says_what_it_replaces_comes_first_by_the_number_as_it_was_written():
    found = answer(candidate("plain"), candidate("told", description="جایگزین Knorrwerk II-23.451/7، ساخت داخل"))
    assert [each.supplier for each in found.capable] == ["told", "plain"]
    assert found.capable[0].evidence == (
        "carries or replaces the imported number II-23.451/7", "its text names Knorrwerk",
    )  # fmt: skip


def test_a_brand_of_several_words_and_its_type_number_are_read():
    made = {"brand": "Knorr-Werk EP2002"}
    found = answer(candidate("told", description="Equivalent to the Knorr Werk EP 2002."), imported=made)
    assert found.capable[0].evidence == (
        "carries or replaces the imported number EP2002",
    )  # "EP 2002" is not the brand letter by letter


def test_who_says_that_it_replaces_the_import_is_named_whatever_is_missing():
    far = {"capacity": None, "standards": [], "supplier": {"unit_state": "idle"}}
    found = answer(
        candidate("far", **far), candidate("claims", description="Replaces II-23.451/7.", **far),
        standards=[["UIC 541-4"]],
    )  # fmt: skip
    assert [each.supplier for each in found.near] == ["claims"]
    assert len(found.near[0].gaps) == 3
    assert found.unmet


def test_a_maker_abroad_is_no_domestic_equivalent():
    abroad = {"place": {"country": "DE"}}
    found = answer(candidate("abroad", supplier=abroad), candidate("silent", supplier=abroad, capacity=None))
    assert found.unmet
    assert found.near == ()
    assert not answer(candidate("abroad", supplier=abroad), candidate("home")).unmet


def test_an_item_without_import_is_answered_too():
    found = answer(candidate("plain"), imported=None)
    assert [each.supplier for each in found.capable] == ["plain"]
    assert (found.brand, found.part_numbers, found.hs, found.origin) == (None, (), None, None)
