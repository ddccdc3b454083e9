"""Whatever a record holds, it is understood and decided: nothing raises."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.matches import Outcome
from tests.unit.matching.pairs import demand, offer, supplier, verdict

WORDS = st.text(
    alphabet="abcXYZ ابپتشیکهو۰۱۲۳123456789/.,;:-–()[]«»×Ø½°%±≥≤\"'+ \u200c\u064b", min_size=1, max_size=80
).filter(lambda text: bool(text.strip()))
LONG = st.text(max_size=400).filter(lambda text: "\x00" not in text)
UNITS = st.one_of(st.none(), WORDS, st.sampled_from(["mm", "°C", "عدد", "t", "kN/mm", "هزار عدد", "HB"]))
NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
VALUES = st.one_of(NUMBERS, st.booleans(), WORDS, st.lists(st.one_of(NUMBERS, WORDS), min_size=1, max_size=3))
STANDARDS = st.one_of(WORDS, st.sampled_from(["EN 13262", "ایزو ۹۰۰۱", "AAR M-107/M-208", "EN 10204 / 3.1", "IRIS"]))


@st.composite
def offers(draw: st.DrawFn) -> dict[str, Any]:
    return offer(
        title=draw(WORDS),
        description=draw(LONG),
        kind=draw(st.sampled_from(["product", "capability"])),
        part_numbers=draw(st.lists(WORDS, max_size=2)),
        attributes=[
            {"name": draw(WORDS), "value": draw(VALUES), "unit": draw(UNITS)} for _ in range(draw(st.integers(0, 3)))
        ],
        standards=[{"standard": draw(STANDARDS), "valid_until": draw(st.sampled_from([None, "2020-01-01"]))}],
        capacity=draw(st.sampled_from([None, {"quantity": 0, "unit": "x" * 400, "per": "week"}])),
        min_order=draw(st.sampled_from([None, {"quantity": 3, "unit": "x" * 490}])),
        lead_time_days=draw(st.one_of(st.none(), st.integers(0, 36_500))),
        classifications=[{"scheme": draw(st.sampled_from(["CPV", "HS", "PEYVAND", "?"])), "id": draw(WORDS)}],
    )


@st.composite
def demands(draw: st.DrawFn) -> dict[str, Any]:
    return demand(
        title=draw(WORDS),
        description=draw(LONG),
        quantity=draw(st.floats(min_value=1e-6, max_value=1e15)),
        unit=draw(UNITS),
        part_numbers=draw(st.lists(WORDS, max_size=2)),
        requirements=[
            {"name": draw(WORDS), "equals": draw(st.one_of(NUMBERS, WORDS, st.booleans())), "unit": draw(UNITS)},
            {"name": draw(WORDS), "one_of": draw(st.lists(st.one_of(NUMBERS, WORDS), min_size=1, max_size=3))},
            {"name": draw(WORDS), "min": draw(NUMBERS), "unit": draw(UNITS)},
        ],
        standards=draw(st.lists(st.lists(STANDARDS, max_size=2), max_size=2)),
    )


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=demands(), offered=offers())
def test_any_pair_is_decided(asked: dict[str, Any], offered: dict[str, Any]) -> None:
    told = verdict(asked, offered)
    assert told.outcome in set(Outcome)
    assert (told.outcome is Outcome.MATCH) <= (not told.missing)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(offered=offers(), names=st.lists(STANDARDS, max_size=3), until=st.dates(min_value=date(1900, 1, 1)))
def test_any_supplier_is_understood(offered: dict[str, Any], names: list[str], until: date) -> None:
    held = [{"standard": name, "valid_until": until.isoformat()} for name in names]
    assert verdict(offered=offered, maker=supplier(certificates=held, description=offered["description"]))
