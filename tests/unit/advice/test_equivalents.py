from graph.advice.equivalents import equivalents, import_facts
from graph.knowledge import default_knowledge
from tests.unit.advice.worlds import TODAY, candidate, demand

IMPORTED = {"brand": "Knorrwerk", "part_numbers": ["II-23.451/7"], "hs": "8607.21"}


def answer(*offers, **fields):
    made = demand(imported=IMPORTED, **fields)
    knowledge = default_knowledge()
    facts = import_facts(made, made.items[0], knowledge)
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
    assert "part number" in evidence["same"][0]
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
    assert ("standard (not stated)", 1) in found.causes
    assert ("unit_state", 1) in found.causes


def test_nobody_is_an_unmet_need_without_producer():
    found = answer(candidate("chairs", title="Office chairs"))
    assert found.unmet
    assert found.causes == (("no producer", 1),)
