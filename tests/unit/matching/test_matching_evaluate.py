"""The evaluator counts right, and the library holds its figures on the development set of other industries."""

from pathlib import Path

import pytest

from graph.matching.evaluate import compare, evaluate, language, report_lines
from graph.matching.goldset import GoldSet, Judgment, load_goldset
from graph.matching.knowledge import default_knowledge
from schemas.demands import Demand
from schemas.matches import Missing, Outcome, Verdict
from schemas.offers import Offer

INDUSTRIES = Path(__file__).parents[2] / "goldsets" / "industries"


def small() -> GoldSet:
    """Return one demand with a capable, a nearly capable, a related and a wrong offer."""
    demand = Demand.model_validate(
        {"id": "d", "buyer": "b", "title": "شیر", "items": [{"id": "1", "title": "شیر", "quantity": 1}]}
    )
    offers = tuple(Offer.model_validate({"id": each, "supplier_id": "s", "title": "valve"}) for each in "abcx")
    point = (Missing(kind="standard", name="EN 1"),)
    judged = (
        Judgment("d", "a", 3, (), ""),
        Judgment("d", "b", 2, point, ""),
        Judgment("d", "c", 1, (), ""),
        Judgment("d", "x", 0, (), ""),
    )
    return GoldSet((), offers, (demand,), judged)


def verdict(outcome: Outcome, *missing: Missing) -> Verdict:
    return Verdict(outcome=outcome, missing=missing)


def test_all_right_has_no_errors() -> None:
    told = {
        ("d", "a"): verdict(Outcome.MATCH),
        ("d", "b"): verdict(Outcome.NEAR_MISS, Missing(kind="standard", name="EN 1")),
        ("d", "c"): verdict(Outcome.RELATED),
    }
    report = compare(small(), told)
    assert (report.recall, report.precision, report.near_miss_recall, report.near_miss_missing_exact) == (1, 1, 1, 1)
    assert not report.errors
    assert report.by_language == {"fa-en": {"recall": 1.0, "precision": 1.0, "pairs": 1.0}}


def test_each_kind_of_error_is_counted_and_explained() -> None:
    told = {
        ("d", "b"): verdict(Outcome.NEAR_MISS, Missing(kind="capacity")),
        ("d", "c"): verdict(Outcome.MATCH),
        ("d", "x"): verdict(Outcome.MATCH),
    }
    report = compare(small(), told)
    assert (report.recall, report.precision) == (0, 0)
    assert (report.near_miss_recall, report.near_miss_missing_exact) == (1, 0)
    assert (report.matched_grade0, report.matched_grade1) == (1, 1)
    assert [each["error"] for each in report.errors] == [
        "capable pair not matched",
        "near miss with other points",
        "grade 1 matched",
        "grade 0 matched",
    ]
    assert any("grade 0 matched" in line for line in report_lines(report))


@pytest.mark.parametrize(("text", "told"), [("شیر کشویی", "fa"), ("Gate valve", "en"), ("شیر gate valve", "mixed")])
def test_language_is_told_by_letters(text: str, told: str) -> None:
    assert language(text) == told


def test_a_bad_line_is_told_with_its_place(tmp_path: Path) -> None:
    for name in ("suppliers", "offers", "demands", "judgments"):
        (tmp_path / f"{name}.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "offers.jsonl").write_text("{}\n{not json}\n", encoding="utf-8")
    with pytest.raises((ValueError, KeyError)):
        load_goldset(tmp_path)


def test_figures_on_other_industries() -> None:
    report = evaluate(load_goldset(INDUSTRIES), default_knowledge())
    assert report.recall >= 0.93
    assert report.precision >= 0.97
    assert report.near_miss_recall >= 0.88
    assert report.matched_grade0 == 0
