from pathlib import Path

import pytest

from graph.knowledge import default_knowledge
from graph.matching.evaluate import TODAY
from schemas.errors import InvalidInputError
from services.evaluate.ablation import STAGES, markdown, without
from services.evaluate.events import demand_events, read_goldset, supply_events
from services.evaluate.offline import measure_offline

GOLD = Path(__file__).parents[2] / "goldsets" / "industries"
KEYS = {
    "recall", "precision", "near_miss_recall", "near_miss_missing_exact", "matched_grade0", "matched_grade1", "demands",
    "by_language", "errors",
}  # fmt: skip


def test_the_rules_alone_reach_their_figures_on_the_industries_set():
    found = measure_offline(read_goldset(GOLD), default_knowledge(), TODAY)
    plain = found.to_dict()
    assert plain.keys() >= KEYS
    assert plain["recall"] >= 0.97
    assert plain["precision"] >= 0.97
    assert plain["matched_grade0"] == 0
    assert plain["candidates_most"] < 100
    assert sum(group["pairs"] for group in plain["by_family"].values()) == sum(
        group["pairs"] for group in plain["by_language"].values()
    )


def test_leaving_a_stage_out_is_measured_and_costs():
    gold = read_goldset(GOLD)
    full = without("all", gold, frozenset(), TODAY)
    units, roles = (without(stage, gold, frozenset({stage}), TODAY) for stage in ("units", "roles"))
    codes_only = without("codes only", gold, frozenset(STAGES) - {"codes"}, TODAY)
    assert units.f1 < full.f1
    assert roles.matched_grade0 > full.matched_grade0
    assert codes_only.f1 < 0.5
    assert markdown([full, units]).count("\n") == 3


def test_events_of_a_set_have_derived_ids():
    gold = read_goldset(GOLD)
    first, again = supply_events(gold) + demand_events(gold), supply_events(gold) + demand_events(gold)
    assert [each.id for each in first] == [each.id for each in again]
    assert len({each.id for each in first}) == len(gold.suppliers) + len(gold.offers) + len(gold.demands)


def test_a_set_that_cannot_be_read_is_said_so(tmp_path):
    with pytest.raises(InvalidInputError, match=r"suppliers\.jsonl"):
        read_goldset(tmp_path)
    for name in ("suppliers", "offers", "demands", "judgments"):
        (tmp_path / f"{name}.jsonl").write_text("")
    with pytest.raises(InvalidInputError, match="no demands"):
        read_goldset(tmp_path)
    (tmp_path / "suppliers.jsonl").write_text("{")
    with pytest.raises(InvalidInputError, match="line 1"):
        read_goldset(tmp_path)
    (tmp_path / "suppliers.jsonl").write_text('{"name_en": 3}')
    with pytest.raises(InvalidInputError, match="id"):
        read_goldset(tmp_path)
