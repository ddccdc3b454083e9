"""However events are ordered, repeated and cut into slices, the same facets win."""

from hypothesis import given
from hypothesis import strategies as st

from graph.changes import DEMANDS, OFFERS, Change, Changes, offer_key
from schemas.responses import Answer, SupplierResponded

DATA = SupplierResponded(supplier_id="s", demand_id="d", item_id="1", offer_id="o", answer=Answer.INTEREST)
changes = st.builds(
    Change,
    kind=st.sampled_from([OFFERS, DEMANDS]),
    key=st.sampled_from("abc"),
    version=st.integers(1, 3),
    event=st.sampled_from(["e1", "e2", "e3"]),
    data=st.just(DATA),
)


def winners(found: Changes) -> dict:
    return {(c.kind, c.key): (c.version, c.event) for c in found}


@given(st.lists(changes, max_size=20), st.randoms(), st.integers(0, 20))
def test_order_repetition_and_slicing_do_not_matter(drawn, rng, cut):
    once = winners(Changes(drawn))
    shuffled = [*drawn, *drawn[:3]]
    rng.shuffle(shuffled)
    assert winners(Changes(shuffled)) == once
    first, second = Changes(drawn[:cut]), Changes(drawn[cut:])
    assert winners(Changes([*first, *second])) == once


def test_changes_of_a_kind_are_sorted_by_key():
    found = Changes(Change(OFFERS, key, 1, "e", DATA) for key in "cab")
    assert [c.key for c in found.of(OFFERS)] == ["a", "b", "c"]


def test_two_suppliers_may_use_one_offer_id():
    assert offer_key("s1", "o") != offer_key("s2", "o")
