import pytest

from graph.advice.candidates import judge
from graph.advice.consortium import MOST_MEMBERS, consortium
from graph.knowledge import default_knowledge
from tests.unit.advice.worlds import TODAY, candidate, item


def monthly(quantity):
    return {"quantity": quantity, "unit": "pcs", "per": "month"}


def together(wanted, *offers):
    knowledge = default_knowledge()
    return consortium(wanted, judge(wanted, offers, knowledge, TODAY), knowledge, TODAY)


def test_the_fewest_offers_cover_the_quantity_and_no_more():
    found = together(
        item(quantity=20_000), candidate("a", capacity=monthly(1_200)), candidate("b", capacity=monthly(900)),
        candidate("c", capacity=monthly(300)),
    )  # fmt: skip
    assert [each.supplier for each in found.members] == ["a", "b"]
    assert sum(each.quantity for each in found.members) == pytest.approx(20_000)
    assert found.covered == 1.0


def test_a_single_capable_offer_needs_none():
    found = together(item(quantity=100), candidate("a"), candidate("b"))
    assert not found.members
    assert "single offer" in found.why


def test_what_misses_more_than_the_quantity_is_left_out():
    wanted = item(quantity=20_000, standards=[["UIC 541-4"]])
    held = [{"standard": "UIC 541-4"}]
    found = together(
        wanted, candidate("a", capacity=monthly(1_200), standards=held), candidate("b", capacity=monthly(1_500)),
        candidate("c", capacity=monthly(900), standards=held),
    )  # fmt: skip
    assert [each.supplier for each in found.members] == ["a", "c"]


def test_one_offer_a_supplier_and_at_most_four():
    twice = [candidate("a", id=f"off-{n}", capacity=monthly(900)) for n in range(3)]
    assert not together(item(quantity=20_000), *twice).members
    many = [candidate(name, capacity=monthly(500)) for name in "abcdef"]
    found = together(item(quantity=30_000), *many)
    assert not found.members
    assert f"the {MOST_MEMBERS} largest" in found.why
    assert 0 < found.covered < 1


def test_a_members_share_is_at_least_its_minimum_order():
    found = together(
        item(quantity=14_000), candidate("a", capacity=monthly(1_200)),
        candidate("b", capacity=monthly(1_000), min_order={"quantity": 5_000, "unit": "pcs"}),
    )  # fmt: skip
    shares = {each.supplier: each.quantity for each in found.members}
    assert shares["b"] >= 5_000
    assert sum(shares.values()) == pytest.approx(14_000)
