"""A TED notice becomes a demand with lots and awards; what no field holds stands in the note of its source."""

import json
from datetime import date
from typing import Any

import pytest

from schemas.demands import Demand, DemandAwarded, DemandPublished
from services.imports.records import Imported, NotImported
from services.imports.ted import notice, read_ted

CALL: dict[str, Any] = {
    "id": "2021/S 012-000345", "form": "F02_2014", "lang": "EN", "date": "20210119", "country": "IE", "buyer": "Example Rail",
    "cpv_main": "34631000", "cpv_all": ["34631000", "50220000"], "title": "Brake parts", "desc": "Parts for coaches.",
    "value": ["1200.50", "EUR"], "lots": [], "awards": [],
}  # fmt: skip
LOTS = [{"lot": "1", "title": "Pads", "cpv": ["34631200"]}, {"lot": "Lot 2", "title": "", "cpv": []}]


def demand_of(found: Imported) -> Demand:
    data = found.events[0].data
    assert isinstance(data, DemandPublished)
    return data.demand


def awards_of(found: Imported) -> list[DemandAwarded]:
    return [event.data for event in found.events[1:]]  # type: ignore[misc]


def test_a_call_is_open_for_some_days():
    demand = demand_of(notice(CALL, open_days=40))
    assert demand.id == "ted-345-2021"
    assert (demand.published, demand.closes) == (date(2021, 1, 19), date(2021, 2, 28))
    assert demand.stage == "tender"
    (item,) = demand.items
    assert item.quantity == 1
    assert [each.id for each in item.classifications] == ["34631000", "50220000"]
    assert item.estimated_value is not None
    assert (item.estimated_value.amount, item.estimated_value.currency) == (1200.5, "EUR")
    assert demand.documents[0].url.endswith("/345-2021")


def test_lots_are_items_and_awards_find_theirs():
    awards = [
        {"lot": "lot 2", "supplier": "Acme S.A.", "town": "Cork", "country": "IE"},
        {"lot": "7", "supplier": "Beta", "town": None, "country": "IE"},
        {"lot": None, "supplier": "Gamma", "town": None, "country": "IE"},
    ]
    found = notice({**CALL, "form": "F03_2014", "lots": LOTS, "awards": awards})
    demand = demand_of(found)
    assert [(item.id, item.title, item.lot_id) for item in demand.items] == [("1", "Pads", "1"), ("lot-2", "Brake parts (lot-2)", "lot-2")]  # fmt: skip
    assert demand.closes == demand.published
    (award,) = awards_of(found)
    assert (award.item_id, award.supplier_id, award.award_id) == ("lot-2", "acme-s.a", "1")
    note = demand.documents[0].note or ""
    assert "Beta" in note
    assert "Gamma" in note
    assert "1200.50 EUR" in note
    assert "50220000" in note
    assert len(found.notes) == 3


def test_awards_without_lots_are_of_the_one_item():
    found = notice(
        {**CALL, "form": "F06_2014", "awards": [{"lot": "3", "supplier": "Acme", "town": "", "country": "IE"}]}
    )
    assert [award.item_id for award in awards_of(found)] == ["1"]


@pytest.mark.parametrize(
    ("form", "stage", "closed"),
    [("F01_2014", "plan", False), ("F04_2014", "plan", False), ("F07_2014", "framework", False), ("MOVE", "plan", False),
     ("F05_2014", "tender", False), ("F15_2014", "tender", True), ("F20_2014", "tender", True), ("F99_2030", "tender", False)],
)  # fmt: skip
def test_forms_tell_the_stage_and_whether_it_is_over(form, stage, closed):
    demand = demand_of(notice({**CALL, "form": form}))
    assert demand.stage == stage
    assert (demand.closes == demand.published) is closed


def test_lots_of_one_name_stay_apart_and_many_codes_are_kept():
    twice = notice({**CALL, "lots": [LOTS[0], LOTS[0]]})
    assert [item.id for item in demand_of(twice).items] == ["1", "1-2"]
    codes = [f"{number:08d}" for number in range(120)]
    many = notice({**CALL, "cpv_all": codes})
    (item,) = demand_of(many).items
    assert len(item.classifications) == 50
    assert codes[-1] in (demand_of(many).documents[0].note or "")
    assert many.notes


def test_what_is_no_notice_is_named_and_its_neighbours_go_on():
    lines = [b"nonsense", json.dumps(CALL).encode(), json.dumps({**CALL, "date": "soon"}).encode()]
    lines += [json.dumps({**CALL, "title": ""}).encode(), json.dumps({"id": "x"}).encode(), b'{"form": 3, "lots": 4}']
    found = list(read_ted(lines, "notices"))
    assert [isinstance(each, Imported) for each in found] == [False, True, False, False, False, False]
    assert all(each.reason for each in found if isinstance(each, NotImported))
    assert found[4].record == "notices, line 5"


def test_a_second_import_is_the_same_and_a_version_counts():
    one, same, next_one = notice(CALL), notice(CALL), notice(CALL, version=2)
    assert one.events[0].id == same.events[0].id != next_one.events[0].id
