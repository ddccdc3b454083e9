"""Texts tell who trades, repairs, teaches or sells machines; names of things and denials do not."""

import pytest

from schemas.matches import Outcome
from tests.unit.matching.pairs import demand, offer, verdict

NUMBER = "BH 7720 3"


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Brake hoses for wagons", "Importer of European brands, delivery from stock."),
        ("شیلنگ ترمز واگن", "نماینده رسمی فروش برندهای اروپایی. کالا صد در صد وارداتی است."),
        ("Brake hose overhaul for wagons", "Pressure test and new couplings on your hoses."),
        ("تعمیر و بازسازی شیلنگ ترمز واگن", "صرفا خدمات تعمیراتی"),
        ("Brake hose training course", "Two days, with certificate, for depot staff."),
        ("Scale model brake hoses 1:87", "For hobby layouts."),
        ("Second hand brake hoses", "Used hoses from dismantled wagons."),
        ("خرید و فروش ضایعات شیلنگ ترمز", "قراضه و ضایعات"),
    ],
)
def test_who_does_not_make_it_is_never_a_match(title: str, description: str) -> None:
    told = verdict(offered=offer(title=title, description=f"{description} {NUMBER}"))
    assert told.outcome in (Outcome.UNLIKE, Outcome.RELATED), told.summary


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Brake hoses for wagons", "Made in our own plant; friction tested, rubber compound is imported."),
        ("Brake hoses for wagons", "No repair, no reconditioned parts: new production only."),
        ("شیلنگ ترمز واگن", "تولید در کارخانه قزوین؛ خدمات پس از فروش و تعمیر هم داریم."),
        ("Brake hoses for wagons", "Delivered to repair shops and depots of the whole network."),
        ("Brake hoses for wagons", "Hose press shop with two lines, training of your staff on request."),
    ],
)
def test_a_maker_with_telling_words_stays_one(title: str, description: str) -> None:
    told = verdict(offered=offer(title=title, description=f"{description} {NUMBER}"))
    assert told.outcome is Outcome.MATCH, told.summary


def test_who_asks_for_a_repair_gets_the_repair_shop() -> None:
    asked = demand(title="Overhaul of brake hoses", part_numbers=[], requirements=[], standards=[["ISO 9001"]])
    shop = offer(title="Brake hose overhaul", description="Repair only.", kind="capability")
    assert verdict(asked, shop).outcome is not Outcome.UNLIKE


def test_a_distributor_valve_is_no_distributor() -> None:
    asked = demand(title="Distributor valves for wagons", part_numbers=[], requirements=[], standards=[["ISO 9001"]])
    made = offer(title="Distributor valves", description="Cast and machined in our plant.")
    assert verdict(asked, made).outcome is Outcome.MATCH


@pytest.mark.parametrize("title", ["شیلنگ باد ترمز تریلی و کامیون", "Air brake hoses for trucks and trailers"])
def test_for_road_vehicles_is_not_for_the_railway(title: str) -> None:
    told = verdict(offered=offer(title=title, description=f"برای کامیون، تریلی و اتوبوس {NUMBER}"))
    assert told.outcome is Outcome.UNLIKE, told.summary


def test_what_the_demand_excludes_is_no_match() -> None:
    asked = demand(description="Reclaimed or spliced hoses are not acceptable.")
    spliced = verdict(asked, offer(title="Spliced brake hoses for wagons"))
    assert spliced.outcome is Outcome.RELATED
    assert verdict(asked).outcome is Outcome.MATCH
