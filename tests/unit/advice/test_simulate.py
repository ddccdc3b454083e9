from graph.advice.simulate import simulate
from graph.knowledge import default_knowledge
from tests.unit.advice.worlds import TODAY, candidate, item

UIC = [{"standard": "UIC 541-4"}]
LENGTH = [{"name": "length", "value": 320, "unit": "mm"}]


def run(wanted, *offers):
    found = simulate(wanted, list(offers), default_knowledge(), TODAY)
    return found, {effect.clause.id: effect for effect in found.effects}


def asked(**more):
    return item(standards=[["UIC 541-4"]], requirements=[{"name": "length", "equals": 320, "unit": "mm"}], **more)


def test_each_clause_tells_whom_it_removes_alone_and_given_the_others():
    found, effects = run(
        asked(),
        candidate("fit", standards=UIC, attributes=LENGTH),
        candidate("nostandard", attributes=LENGTH),
        candidate("short", standards=UIC, attributes=[{"name": "length", "value": 250, "unit": "mm"}]),
        candidate("neither", attributes=[{"name": "length", "value": 250, "unit": "mm"}]),
    )
    assert [each.supplier for each in found.capable] == ["fit"]
    assert found.makers == 4
    standard, length = effects["standard:0"], effects["attribute:0"]
    assert (standard.removes_alone, standard.removes_given_others, standard.silent) == (2, 1, 2)
    assert (length.removes_alone, length.removes_given_others, length.silent) == (2, 1, 0)
    assert standard.won == ("sup-nostandard",)
    assert {each.supplier for each in length.excluded} == {"short", "neither"}
    assert effects["unit_state"].removes_alone == 0


def test_dropping_a_clause_really_wins_what_is_told():
    offers = [candidate("fit", standards=UIC), candidate("bare"), candidate("other", standards=[{"standard": "EN 1"}])]
    with_it, effects = run(item(standards=[["UIC 541-4"]]), *offers)
    without_it, _ = run(item(), *offers)
    won = {each.supplier_id for each in without_it.capable} - {each.supplier_id for each in with_it.capable}
    assert won == set(effects["standard:0"].won) == {"sup-bare", "sup-other"}


def test_another_thing_and_a_trader_are_no_makers_whatever_is_dropped():
    found, _ = run(
        item(),
        candidate("chairs", title="Office chairs"),
        candidate(
            "trader",
            title="Import and sale of composite brake blocks, trading company",
            description="Trader; we import and resell.",
        ),
    )
    assert found.makers == 0
    assert found.candidates == 2


def test_an_idle_plant_and_a_small_capacity_are_clauses_too():
    found, effects = run(
        item(quantity=100_000),
        candidate("idle", supplier={"unit_state": "idle"}, capacity={"quantity": 1e6, "unit": "pcs", "per": "month"}),
        candidate("small", capacity={"quantity": 100, "unit": "pcs", "per": "month"}),
        candidate(
            "large",
            min_order={"quantity": 1e6, "unit": "pcs"},
            capacity={"quantity": 1e6, "unit": "pcs", "per": "month"},
        ),
    )
    assert not found.capable
    assert effects["unit_state"].won == ("sup-idle",)
    assert effects["capacity"].won == ("sup-small",)
    assert effects["min_order"].won == ("sup-large",)
    assert {each.clauses for each in found.relaxations} == {("unit_state",), ("capacity",), ("min_order",)}


def test_a_supplier_with_one_passing_offer_is_not_removed():
    two = [candidate("two", standards=UIC), candidate("two", id="off-two-b")]
    _, effects = run(item(standards=[["UIC 541-4"]]), *two)
    assert effects["standard:0"].removes_alone == 0


def test_a_late_date_wins_lead_time_and_no_clause_is_invented():
    found, effects = run(item(), candidate("slow", lead_time_days=900))
    assert not found.capable
    assert effects["lead_time"].won == ("sup-slow",)
    assert "part_number" not in effects
    assert "local_content" not in effects
