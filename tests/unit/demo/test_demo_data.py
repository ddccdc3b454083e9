"""The demonstration data are whole: valid, counted, unique, connected, in both languages."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from graph.taxonomy.load import default_taxonomy
from schemas.common import Classification
from schemas.demands import DemandItem
from schemas.offers import Offer
from schemas.suppliers import Supplier, SupplierRegistered, UnitState
from services.demo.load import WRITTEN_FOR, demo_events
from tests.unit.demo.folded import Folded

PERSIAN = re.compile(r"[\u0600-\u06ff]")
LATIN_WORD = re.compile(r"[A-Za-z]{4,}")


def test_there_is_as_much_as_promised(demo: Folded) -> None:
    kinds = Counter(offer.kind.value for offer in demo.offers.values())
    assert len(demo.suppliers) >= 64
    assert len(demo.offers) >= 210
    assert kinds["capability"] >= 35
    assert len(demo.demands) >= 26
    assert sum(len(demand.items) > 1 for demand in demo.demands.values()) >= 8
    assert sum(bool(demand.lots) for demand in demo.demands.values()) >= 3


def test_ids_are_unique() -> None:
    registered = [
        record.id
        for _, event in demo_events()
        for name in ("supplier", "offer", "demand")
        if (record := getattr(event, name, None)) is not None and type(event).__name__ != "DemandAmended"
    ]
    assert [each for each, times in Counter(registered).items() if times > 1] == []


def test_events_come_in_an_order_that_could_have_been() -> None:
    """Nothing is spoken of before it is known, and every subject's versions go up."""
    known: set[str] = set()
    versions: dict[tuple[str, ...], int] = {}
    for name, event in demo_events():
        record = getattr(event, "supplier", None) or getattr(event, "offer", None) or getattr(event, "demand", None)
        told = [getattr(event, field, None) for field in ("supplier_id", "offer_id", "demand_id")]
        told += [record.supplier_id] if isinstance(record, Offer) else []
        told += [record.id] if name == "DemandAmended" and record else []
        assert [each for each in told if each is not None and each not in known] == [], name
        if record is not None:
            known.add(record.id)
        # A unit, an offer and a demand count their own revisions; answers and awards have a count each.
        about = [str(getattr(event, field, "")) for field in ("supplier_id", "unit_id", "offer_id", "demand_id")]
        subject = (record.id,) if record else (name, *about)
        assert event.version > versions.get(subject, 0), f"{name} {subject}"  # type: ignore[attr-defined]
        versions[subject] = event.version  # type: ignore[attr-defined]


def test_story_names_what_exists(demo: Folded) -> None:
    for name, event in demo_events():
        if name in ("DemandAwarded", "SupplierResponded"):
            demand, item = demo.items()[f"{event.demand_id}~{event.item_id}"]  # type: ignore[attr-defined]
            offer = demo.offers[event.offer_id]  # type: ignore[attr-defined]
            assert offer.supplier_id == event.supplier_id, f"{name} on {demand.id} {item.id}"  # type: ignore[attr-defined]
        if name == "UnitStateChanged":
            units = {unit.id for unit in demo.suppliers[event.supplier_id].units}  # type: ignore[attr-defined]
            assert event.unit_id in (units or {"main"})  # type: ignore[attr-defined]


def test_every_offer_has_its_supplier_unit_and_inputs(demo: Folded) -> None:
    for offer in demo.offers.values():
        units = {unit.id for unit in demo.suppliers[offer.supplier_id].units}
        assert offer.unit_id in (units or {None}), f"{offer.id} names a unit that {offer.supplier_id} has not"
        for part in offer.inputs:
            assert part.offer_id is None or part.offer_id in demo.offers, f"{offer.id} is made from {part.offer_id}"
    assert {offer.supplier_id for offer in demo.offers.values()} == set(demo.suppliers)


def test_no_offer_is_made_of_itself(demo: Folded) -> None:
    def trail(offer_id: str, above: tuple[str, ...]) -> None:
        assert offer_id not in above, f"{offer_id} is an input of itself by {above}"
        for part in demo.offers[offer_id].inputs:
            if part.offer_id:
                trail(part.offer_id, (*above, offer_id))

    for offer_id in demo.offers:
        trail(offer_id, ())


def test_plans_exist(demo: Folded) -> None:
    plans = {demand.plan_id for demand in demo.demands.values() if demand.plan_id}
    assert plans
    assert all(demo.demands[plan].stage == "plan" for plan in plans)


def test_units_are_in_every_state(demo: Folded) -> None:
    first = {
        unit.state
        for _, event in demo_events()
        if isinstance(event, SupplierRegistered)
        for unit in event.supplier.units
    }
    assert first == set(UnitState)
    assert sum(len(supplier.units) >= 2 for supplier in demo.suppliers.values()) >= 3
    stopped = Counter(state for state in demo.states.values() if state is not UnitState.ACTIVE)
    assert stopped[UnitState.IDLE] >= 2
    assert stopped[UnitState.CLOSED] >= 2


def _texts(demo: Folded) -> Iterable[tuple[str, list[str]]]:
    yield "suppliers", [f"{each.name_en or ''} {each.name_fa or ''}" for each in demo.suppliers.values()]
    yield "offers", [each.title for each in demo.offers.values()]
    yield "demand items", [item.title for _, item in demo.items().values()]


def test_both_languages_are_there(demo: Folded) -> None:
    for what, texts in _texts(demo):
        persian = sum(bool(PERSIAN.search(text)) for text in texts)
        latin = sum(bool(LATIN_WORD.search(text)) for text in texts)
        assert persian >= len(texts) / 4, what
        assert latin >= len(texts) / 4, what
        assert any(PERSIAN.search(text) and LATIN_WORD.search(text) for text in texts), what


def test_suppliers_are_invented_and_placed(demo: Folded) -> None:
    for supplier in demo.suppliers.values():
        assert isinstance(supplier, Supplier)
        assert supplier.name_en or supplier.name_fa
        assert supplier.email is not None
        assert supplier.email.endswith(".example"), "an address of a demonstration can never be a real one"
        at = supplier.place.location
        assert at is not None
        assert 25 <= at.latitude <= 40
        assert 44 <= at.longitude <= 63.5


def _own(record: Offer | DemandItem) -> list[Classification]:
    return [each for each in record.classifications if each.scheme == "PEYVAND"]


def test_classes_are_of_the_tree(demo: Folded) -> None:
    tree = default_taxonomy()
    records = [*demo.offers.values(), *(item for _, item in demo.items().values())]
    unknown = {each.id for record in records for each in _own(record) if each.id not in tree}
    assert unknown == set()
    assert sum(bool(_own(record)) for record in records) > 0.9 * len(records)
    capabilities = [offer for offer in demo.offers.values() if offer.kind == "capability" and _own(offer)]
    wrong = [o.id for o in capabilities if all(tree.classes[each.id].form == "thing" for each in _own(o))]
    assert wrong == [], "a capability is a process or service"


@pytest.mark.parametrize("days", [1, 400])
def test_dates_can_be_moved(days: int) -> None:
    moved = dict(_dated(WRITTEN_FOR + timedelta(days)))
    for key, day in _dated(None):
        assert moved[key] == day + timedelta(days)


def _dated(today: date | None) -> Iterable[tuple[tuple[str, str], date]]:
    for name, event in demo_events(today):
        if name == "DemandPublished":
            demand = event.demand  # type: ignore[attr-defined]
            yield (demand.id, "published"), demand.published
            yield (demand.id, "needed_by"), demand.needed_by
        if name == "ProductRegistered":
            offer = event.offer  # type: ignore[attr-defined]
            yield from (((offer.id, s.standard), s.valid_until) for s in offer.standards if s.valid_until)
