"""Numbers, ranges and units out of running text."""

import pytest

from graph.matching.knowledge import default_knowledge
from graph.matching.numbers import amounts
from graph.matching.text import normalise

UNITS = default_knowledge().units


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("طول ۲۳۰۰ تا ۲۵۰۰ میلیمتر", 2300, 2500),
        ("wheels 700-1250 mm", 700, 1250),
        ('24 5/8"', 24.625, 24.625),
        ("۹ و ۱/۱۶ اینچ", 9.0625, 9.0625),
        ("کارکرد تا ۲۵- درجه", None, -25),
        ("تا منفی ۴۰ درجه", None, -40),
        ("دمای ۳۰- تا ۷۰+", -30, 70),
        ("۱۱۰ هزار BTU", 110_000, 110_000),
        ("≥ 60 kJ", 60, None),
        ("حداقل ۵۵۰ مگاپاسکال", 550, None),
        ("at most 36 kg", None, 36),
        ("2,500,000 cycles", 2_500_000, 2_500_000),
        ("۱٫۵ میلیون سیکل", 1_500_000, 1_500_000),
        ("weighs 10 000 kg", 10_000, 10_000),
        ("ضریب ۲/۸", 2.8, 2.8),
        ("1350 kN min.", 1350, 1350),
    ],
)
def test_amounts(text: str, low: float | None, high: float | None) -> None:
    first = amounts(normalise(text))[0]
    assert (first.low, first.high) == (low, high)


def test_codes_are_no_numbers() -> None:
    assert not amounts(normalise("DN100, IP67 and SKL14"))


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("kN/mm", "MN/m", 1),
        ("سانتی‌متر", "mm", 10),
        ("تن‌نیرو", "kN", 9.80665),
        ("kgf/mm2", "MPa", 9.80665),
        ("psi", "bar", 0.0689476),
        ("اسب بخار", "kW", 0.7457),
        ("BTU/h", "W", 0.293071),
        ("اینچ", "mm", 25.4),
        ("هزار عدد", "pcs", 1000),
        ("MVA", "کیلوولت‌آمپر", 1000),
        ("لیتر در دقیقه", "m3/h", 0.06),
        ("lb", "kg", 0.453592),
    ],
)
def test_units_convert(one: str, other: str, factor: float) -> None:
    here, there = UNITS.read(one), UNITS.read(other)
    assert here is not None
    assert there is not None
    assert here.dimension == there.dimension
    assert here.factor / there.factor == pytest.approx(factor, rel=1e-4)


def test_celsius_has_an_offset() -> None:
    unit = UNITS.read("درجه سانتیگراد")
    assert unit is not None
    assert -40 * unit.factor + unit.offset == pytest.approx(233.15)


def test_torque_and_nanometre_differ_by_case() -> None:
    metre, torque = UNITS.read("nm"), UNITS.read("Nm")
    assert metre is not None
    assert torque is not None
    assert metre.dimension != torque.dimension
