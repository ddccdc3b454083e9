from dataclasses import replace

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
    assert (found.outcome, found.covered, found.short) == ("together", 1.0, 3)


def test_a_single_capable_offer_needs_none():
    found = together(item(quantity=100), candidate("a"), candidate("b"))
    assert not found.members
    assert (found.outcome, found.short) == ("single", 0)
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


def test_where_a_minimum_order_forbids_the_largest_the_next_ones_are_tried():
    least = {"quantity": 11_000, "unit": "pcs"}
    found = together(
        item(quantity=15_000), candidate("a", capacity=monthly(1_200), min_order=least),
        candidate("b", capacity=monthly(1_100), min_order=least), candidate("c", capacity=monthly(400)),
    )  # fmt: skip
    assert [each.supplier for each in found.members] == ["a", "c"]
    alone = together(
        item(quantity=15_000), candidate("a", capacity=monthly(1_200), min_order=least),
        candidate("b", capacity=monthly(1_100), min_order=least),
    )  # fmt: skip
    assert (alone.outcome, alone.covered) == ("short", 1.0)
    assert "minimum orders" in alone.why


def test_what_is_awarded_is_not_promised_again():
    offers = [candidate("a", capacity=monthly(1_000)), candidate("b", capacity=monthly(900))]
    wanted = item(quantity=14_000)
    assert together(wanted, *offers).outcome == "together"
    taken = [replace(offers[0], committed=8_000.0), offers[1]]
    found = together(wanted, *taken)
    assert (found.outcome, found.members) == ("short", ())
    smaller = together(item(quantity=11_000), *taken)
    parts = {each.supplier: each.quantity for each in smaller.members}
    free = 1_000 / 30.4375 * 335 - 8_000
    assert parts["a"] <= free
    assert sum(parts.values()) == pytest.approx(11_000)


def test_pieces_are_whole_and_measures_are_not():
    found = together(
        item(quantity=15_001), candidate("a", capacity=monthly(1_000)), candidate("b", capacity=monthly(900))
    )
    assert all(float(each.quantity).is_integer() for each in found.members)
    assert sum(each.quantity for each in found.members) == 15_001
    tonnes = {"quantity": 1_000, "unit": "t", "per": "month"}
    found = together(item(quantity=15_000, unit="t"), candidate("a", capacity=tonnes), candidate("b", capacity=tonnes))
    assert sum(each.quantity for each in found.members) == pytest.approx(15_000)


def test_who_only_does_not_say_its_capacity_is_counted_but_never_relied_on():
    found = together(item(quantity=14_000), candidate("a", capacity=monthly(1_000)), candidate("b", capacity=None))
    assert (found.outcome, found.short, found.unstated) == ("short", 1, 1)
    assert "only one supplier" in found.why
    assert together(item(quantity=14_000), candidate("b", capacity=None)).outcome == "none"


def test_many_offers_are_decided_in_bounded_ways():
    found = together(item(quantity=400_000), *(candidate(f"s{n}", capacity=monthly(100 + n)) for n in range(200)))
    assert (found.outcome, found.short) == ("short", 200)
