"""A pair that fits is a match; each hard point that is taken away makes it a near miss that names the point."""

from typing import Any

import pytest

from schemas.matches import Finding, Outcome
from tests.unit.matching.pairs import OFFER, demand, missing, offer, supplier, verdict


def attributes(name: str, **changes: Any) -> list[dict[str, Any]]:
    """Return the offer's attributes with one of them changed, or without it."""
    kept = [each for each in OFFER["attributes"] if each["name"] != name]
    return [*kept, {"name": name, **changes}] if changes else kept


def test_everything_fits() -> None:
    told = verdict()
    assert told.outcome is Outcome.MATCH, told.summary
    assert not told.missing
    assert all(each.finding is Finding.MET for each in told.criteria)
    assert {each.kind for each in told.criteria} == {
        "thing", "part_number", "standard", "attribute", "local_content", "unit_state", "lead_time", "capacity", "min_order",
    }  # fmt: skip
    assert 0 < told.score <= 1


MUTATIONS: list[tuple[dict[str, Any], dict[str, Any], tuple[str, str | None], Finding]] = [
    ({"part_numbers": ["BH-9999"], "description": ""}, {}, ("part_number", None), Finding.SILENT),
    ({"standards": []}, {}, ("standard", "EN 15807"), Finding.SILENT),
    (
        {"standards": [{"standard": "UIC 830-1", "valid_until": "2026-11-23"}]},
        {},
        ("standard", "EN 15807"),
        Finding.EXPIRED,
    ),
    ({}, {"certificates": []}, ("standard", "ISO 9001"), Finding.SILENT),
    ({"attributes": attributes("طول", value=70, unit="cm")}, {}, ("attribute", "length"), Finding.NOT_MET),
    (
        {"attributes": attributes("فشار ترکیدن", value=6.9, unit="MPa")},
        {},
        ("attribute", "burst pressure"),
        Finding.NOT_MET,
    ),
    ({"attributes": attributes("فشار ترکیدن")}, {}, ("attribute", "burst pressure"), Finding.SILENT),
    (
        {"attributes": attributes("حداقل دمای کارکرد", value=-39, unit="C")},
        {},
        ("attribute", "lowest service temperature"),
        Finding.NOT_MET,
    ),
    ({"attributes": attributes("جنس روکش", value="NBR")}, {}, ("attribute", "cover material"), Finding.NOT_MET),
    ({"local_content_percent": 49}, {}, ("local_content", None), Finding.NOT_MET),
    ({"local_content_percent": None}, {}, ("local_content", None), Finding.SILENT),
    ({"capacity": {"quantity": 400, "unit": "pcs", "per": "month"}}, {}, ("capacity", None), Finding.NOT_MET),
    ({"capacity": None}, {}, ("capacity", None), Finding.SILENT),
    ({"lead_time_days": 400}, {}, ("lead_time", None), Finding.NOT_MET),
    ({"min_order": {"quantity": 5, "unit": "هزار عدد"}}, {}, ("min_order", None), Finding.NOT_MET),
    ({}, {"unit_state": "idle"}, ("unit_state", None), Finding.NOT_MET),
    ({}, {"unit_state": "closed"}, ("unit_state", None), Finding.NOT_MET),
]


@pytest.mark.parametrize(("changed", "maker", "point", "finding"), MUTATIONS)
def test_one_point_taken_away_is_named(
    changed: dict[str, Any], maker: dict[str, Any], point: tuple[str, str | None], finding: Finding
) -> None:
    told = verdict(offered=offer(**changed), maker=supplier(**maker))
    assert told.outcome is Outcome.NEAR_MISS, told.summary
    assert missing(told) == {point}
    assert [each.finding for each in told.criteria if each.kind == point[0] and each.name == point[1]] == [finding]


def test_two_points_are_a_near_miss_and_three_only_related() -> None:
    two = verdict(offered=offer(standards=[], local_content_percent=10))
    three = verdict(offered=offer(standards=[], local_content_percent=10), maker=supplier(unit_state="idle"))
    assert two.outcome is Outcome.NEAR_MISS
    assert three.outcome is Outcome.RELATED


def test_lead_time_too_long_is_told_without_capacity() -> None:
    assert missing(verdict(offered=offer(lead_time_days=3000))) == {("lead_time", None)}


def test_awarded_quantity_is_taken_from_capacity() -> None:
    assert verdict(committed=4500).outcome is Outcome.MATCH
    assert missing(verdict(committed=6000)) == {("capacity", None)}


def test_a_range_holds_an_equal_value() -> None:
    told = verdict(offered=offer(attributes=attributes("طول", min=0.5, max=1.2, unit="m")))
    assert told.outcome is Outcome.MATCH


def test_an_attribute_twice_gives_alternatives() -> None:
    both = [
        *attributes("طول"),
        {"name": "طول", "value": 550, "unit": "mm"},
        {"name": "طول", "value": 620, "unit": "mm"},
    ]
    assert verdict(offered=offer(attributes=both)).outcome is Outcome.MATCH


def test_a_value_in_the_text_counts_when_no_field_has_it() -> None:
    told = verdict(offered=offer(attributes=attributes("فشار ترکیدن"), description="فشار ترکیدن ۸۰ بار، کد BH 7720 3"))
    assert told.outcome is Outcome.MATCH
    assert [each.layer for each in told.criteria if each.name == "burst pressure"] == ["text"]


def test_a_field_is_believed_before_the_text() -> None:
    told = verdict(
        offered=offer(attributes=attributes("فشار ترکیدن", value=50, unit="bar"), description="فشار ترکیدن ۸۰ بار")
    )
    assert ("attribute", "burst pressure") in missing(told)


def test_a_suspended_supplier_never_matches() -> None:
    told = verdict(suspended=True)
    assert told.outcome is Outcome.RELATED
    assert told.criteria[-1].kind == "state"


def test_an_offer_that_ended_never_matches() -> None:
    assert verdict(offered=offer(valid_until="2026-11-23")).outcome is Outcome.RELATED
    assert verdict(offered=offer(valid_until="2026-11-24")).outcome is Outcome.MATCH
    assert verdict(offered=offer(valid_from="2026-12-01")).outcome is Outcome.RELATED


def test_the_newest_unit_state_counts() -> None:
    assert missing(verdict(unit_states={"main": "idle"})) == {("unit_state", None)}
    assert verdict(maker=supplier(unit_state="idle"), unit_states={"main": "active"}).outcome is Outcome.MATCH


def test_another_thing_is_no_match_whatever_its_fields_say() -> None:
    told = verdict(offered=offer(title="Brake discs for passenger coaches", description=""))
    assert told.outcome in (Outcome.RELATED, Outcome.UNLIKE)


def test_without_a_date_capacity_is_not_asked() -> None:
    asked = demand()
    asked["needed_by"] = None
    assert verdict(asked=asked, offered=offer(capacity={"quantity": 1, "per": "year"})).outcome is Outcome.MATCH


def test_verdicts_are_deterministic() -> None:
    assert verdict() == verdict()
