from graph.advice.candidates import judge
from graph.advice.causes import NO_PRODUCER, NOT_UNDERSTOOD, Cause, causes
from graph.advice.equivalents import why_unmet
from graph.knowledge import default_knowledge
from tests.unit.advice.worlds import TODAY, candidate, item

OTHER = [{"standard": "UIC 541-4", "valid_until": "2026-01-01"}]


def why(wanted, *offers):
    knowledge = default_knowledge()
    return why_unmet(wanted, list(judge(wanted, offers, knowledge, TODAY)), knowledge, TODAY)


def test_who_cannot_is_told_apart_from_who_does_not_say():
    wanted = item(standards=[["UIC 541-4"]])
    found = why(
        wanted, candidate("a"), candidate("b"), candidate("c", standards=OTHER),
        candidate("d", standards=[{"standard": "UIC 541-4"}], supplier={"unit_state": "idle"}),
    )  # fmt: skip
    assert found == (
        Cause("standard", "silent", 2), Cause("standard", "expired", 1), Cause("unit_state", "not_met", 1),
    )  # fmt: skip


def test_a_supplier_counts_once_whatever_number_of_offers_it_has():
    wanted = item(standards=[["UIC 541-4"]])
    assert why(wanted, candidate("a"), candidate("a", id="off-2")) == (Cause("standard", "silent", 1),)


def test_those_that_come_nearest_tell_and_where_none_is_near_all_makers():
    far = {"capacity": None, "supplier": {"unit_state": "idle"}}
    wanted = item(standards=[["UIC 541-4"]])
    assert why(wanted, candidate("near"), candidate("far", **far)) == (Cause("standard", "silent", 1),)
    assert {each.kind for each in why(wanted, candidate("far", **far))} == {"standard", "capacity", "unit_state"}


def test_another_thing_is_no_producer():
    assert why(item(), candidate("chairs", title="Office chairs")) == (Cause(NO_PRODUCER, None, 0),)
    assert causes(()) == (Cause(NO_PRODUCER, None, 0),)


def test_nobody_of_a_thing_that_was_not_understood_is_no_proof():
    assert why(item(title="Zubehör Quorl"), candidate("a")) == (Cause(NOT_UNDERSTOOD, None, 0),)
