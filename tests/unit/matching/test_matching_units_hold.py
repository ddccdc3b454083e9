"""Whatever units two sides use, a minimum, maximum or equality is judged as if they used one."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.matching.criteria.attributes import satisfies
from graph.matching.knowledge import default_knowledge
from schemas.common import Attribute, Requirement

READER = default_knowledge().attributes
LENGTHS = {"mm": 0.001, "سانتیمتر": 0.01, "m": 1.0, "اینچ": 0.0254, "ft": 0.3048}
PRESSURES = {"bar": 1e5, "MPa": 1e6, "بار": 1e5, "kPa": 1e3, "psi": 6894.757293168361}
UNITS = st.sampled_from([LENGTHS, PRESSURES])
VALUES = st.floats(min_value=0.01, max_value=10_000)


@settings(max_examples=300, deadline=None)
@given(units=UNITS, asked=VALUES, ratio=st.floats(min_value=0.1, max_value=10), data=st.data())
def test_bounds_hold_across_units(units: dict[str, float], asked: float, ratio: float, data: st.DataObject) -> None:
    assume(abs(ratio - 1) > 0.01)
    here, there = data.draw(st.sampled_from(sorted(units))), data.draw(st.sampled_from(sorted(units)))
    name = "length" if units is LENGTHS else "pressure"
    offered = READER.attribute(Attribute(name=name, value=asked * ratio * units[here] / units[there], unit=there))
    least = READER.requirement(Requirement(name=name, min=asked, unit=here))
    most = READER.requirement(Requirement(name=name, max=asked, unit=here))
    same = READER.requirement(Requirement(name=name, equals=asked, unit=here))
    assert satisfies(least, offered) == (ratio > 1)
    assert satisfies(most, offered) == (ratio < 1)
    assert not satisfies(same, offered)


@settings(max_examples=200, deadline=None)
@given(units=UNITS, low=VALUES, span=VALUES, part=st.floats(min_value=0, max_value=1), data=st.data())
def test_a_range_holds_what_lies_in_it(
    units: dict[str, float], low: float, span: float, part: float, data: st.DataObject
) -> None:
    here, there = data.draw(st.sampled_from(sorted(units))), data.draw(st.sampled_from(sorted(units)))
    factor = units[here] / units[there]
    name = "length" if units is LENGTHS else "pressure"
    offered = READER.attribute(Attribute(name=name, min=low * factor, max=(low + span) * factor, unit=there))
    inside = READER.requirement(Requirement(name=name, equals=low + span * part, unit=here))
    above = READER.requirement(Requirement(name=name, min=(low + span) * 1.02, unit=here))
    assert satisfies(inside, offered)
    assert not satisfies(above, offered)


def test_sizes_of_tyres_are_not_cut_at_the_slash() -> None:
    asked = READER.requirement(Requirement(name="size", equals="315/80R22.5"))
    assert satisfies(asked, READER.attribute(Attribute(name="size", value="315/80 R 22.5")))
    assert not satisfies(asked, READER.attribute(Attribute(name="size", value="315/60R22.5")))


def test_nominal_sizes_say_inches_and_millimetres() -> None:
    asked = READER.requirement(Requirement(name="nominal size", equals=6, unit="in"))
    assert satisfies(asked, READER.attribute(Attribute(name="DN", value=150, unit="mm")))
    assert satisfies(asked, READER.attribute(Attribute(name="DN", min=50, max=150, unit="mm")))
    assert not satisfies(asked, READER.attribute(Attribute(name="DN", value=125, unit="mm")))


def test_a_value_offered_as_narrower_kind_is_the_broader_one_but_not_the_other_way() -> None:
    steel = READER.requirement(Requirement(name="material", equals="steel"))
    grade = READER.requirement(Requirement(name="material", equals="42CrMo4"))
    assert satisfies(steel, READER.attribute(Attribute(name="material", value="42CrMo4")))
    assert not satisfies(grade, READER.attribute(Attribute(name="material", value="steel")))
    assert not satisfies(grade, READER.attribute(Attribute(name="material", value="51CrV4")))
