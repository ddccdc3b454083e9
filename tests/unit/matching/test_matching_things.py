"""What a title is about: heads before context, longest names first, wording of both languages, what is denied."""

import pytest

from graph.matching.knowledge import Knowledge
from graph.matching.reading import Beside, Reading, read_texts
from graph.taxonomy.model import ProductClass, Taxonomy
from schemas.common import Classification


def made(
    own: str, en: str, fa: str, *broader: str, domain: str = "general", form: str = "thing", ways: tuple[str, ...] = ()
) -> ProductClass:
    """Return a class with one name in each language."""
    return ProductClass(own, en, fa, domain, form, broader, {}, ways)


TREE = Taxonomy([
    made("goods", "Goods", "کالا"),
    made("valve", "Valve", "شیر", "goods"),
    made("gate-valve", "Gate valve", "شیر دروازه‌ای", "valve"),
    made("safety-valve", "Safety valve", "شیر اطمینان", "valve"),
    made("boiler", "Boiler", "دیگ بخار", "goods", domain="power"),
    made("wagon", "Wagon", "واگن", "goods", domain="rail"),
    made("brake-disc", "Brake disc", "دیسک ترمز", "goods"),
    made("brake-pad", "Brake pad", "لنت ترمز", "goods", ways=("pressing",)),
    made("bolt", "Bolt", "پیچ", "goods"),
    made("axle", "Axle", "محور", "goods"),
    made("train-door", "Electric train door", "درب برقی قطار", "goods", domain="rail"),
    made("process", "Process", "فرایند", domain="process", form="process"),
    made("casting", "Casting", "ریخته‌گری", "process", domain="process", form="process"),
    made("steel-casting", "Steel casting", "ریخته‌گری فولاد", "casting", domain="process", form="process"),
    made("pressing", "Pressing", "پرس‌کاری", "process", domain="process", form="process"),
    made("heat-treatment", "Heat treatment", "عملیات حرارتی", "process", domain="process", form="process"),
])  # fmt: skip
KNOWLEDGE = Knowledge(TREE)


def read(title: str, description: str = "", **kind: bool) -> Reading:
    return read_texts(title, description, [], KNOWLEDGE, **kind)


@pytest.mark.parametrize(
    ("title", "best"),
    [
        ("Brake disc bolts M12", "bolt"),
        ("پیچ دیسک ترمز", "bolt"),
        ("Safety valves for boilers", "safety-valve"),
        ("شیر اطمینان دیگ بخار", "safety-valve"),
        ("خرید شیر دروازه‌ای ۶ اینچ", "gate-valve"),
        ("شير دروازه اي", "gate-valve"),
        ("Supply of 40 gate valves DN 80 to API 600", "gate-valve"),
        ("لنت‌هاي ترمز واگن", "brake-pad"),
        ("Gate (wedge) valve", "gate-valve"),
        ("Gte-valves and gate valvs", "gate-valve"),
        ("Doors, electric, for trains", "train-door"),
    ],
)
def test_the_head_of_a_title_is_found(title: str, best: str) -> None:
    assert read(title).hits[0].id == best


def test_a_title_goes_before_its_description() -> None:
    told = read("Brake pads", "Fits the brake disc of all wagons. Axle and bolt on request.")
    assert told.hits[0].id == "brake-pad"
    assert told.classes == ("brake-pad",)


def test_what_it_is_for_gives_the_domain() -> None:
    assert read("Valves for wagons and locomotives").domains == ("rail",)
    assert read("Valves for boilers", "Used in every power plant.").domains == ("power",)
    assert read("Valves").domains == ()


def test_one_word_in_passing_gives_no_domain() -> None:
    assert read("Valves", "Our office is beside the railway.").domains == ()


def test_a_list_is_several_things() -> None:
    assert set(read("Brake discs and brake pads").classes) == {"brake-disc", "brake-pad"}


@pytest.mark.parametrize(
    ("description", "denied"),
    [
        ("شیر اطمینان ارائه نمی‌شود.", "safety-valve"),
        ("Safety valves are not in our programme.", "safety-valve"),
        ("Sold without safety valve.", "safety-valve"),
    ],
)
def test_what_is_denied_is_no_thing(description: str, denied: str) -> None:
    told = read("Gate valves", description)
    assert denied in told.denied
    assert denied not in {hit.id for hit in told.hits}


def test_a_capability_is_known_by_its_process() -> None:
    told = read("خدمات ریخته‌گری فولاد طبق نقشه", capability=True)
    assert told.classes == ("steel-casting",)


def test_a_part_to_drawing_keeps_its_thing_and_its_process() -> None:
    told = read("ریخته‌گری محور طبق نقشه کارفرما", wanted=True)
    assert told.to_drawing
    assert told.classes == ("axle",)
    assert told.processes == ("casting",)


def test_a_demand_for_a_process_is_one() -> None:
    told = read("خدمات عملیات حرارتی محور", wanted=True)
    assert told.classes == ("heat-treatment",)


def test_a_thing_may_be_made_by_its_processes() -> None:
    assert read("Brake pads", wanted=True).processes == ("pressing",)


def test_words_that_a_demand_rejects_are_kept() -> None:
    told = read("Gate valves", "Cast iron or reconditioned units are not acceptable.", wanted=True)
    assert {"iron", "reconditioned"} <= set(told.rejects)


def test_a_class_of_the_own_tree_is_believed() -> None:
    own = [Classification(scheme="PEYVAND", id="gate-valve"), Classification(scheme="PEYVAND", id="no-such-class")]
    told = read_texts("Type 12 body", "", own, KNOWLEDGE)
    assert told.classes == ("gate-valve",)


def test_a_foreign_code_speaks_only_where_the_text_is_silent() -> None:
    code = [Classification(scheme="CPV", id="44163000-0")]
    assert read_texts("Brake pads", "", code, KNOWLEDGE).classes == ("brake-pad",)


def test_the_title_of_the_demand_fills_in_what_an_item_leaves_out() -> None:
    alone = read_texts("Electric doors", "", [], KNOWLEDGE, wanted=True)
    under = read_texts("Electric doors", "", [], KNOWLEDGE, wanted=True, beside=Beside(context="Refit of ten trains"))
    assert "rail" in under.domains or under.hits[0].id == "train-door"
    assert under.hits[0].score > (alone.hits[0].score if alone.hits else 0)


def test_a_long_text_without_punctuation_is_read_quickly() -> None:
    import time

    started = time.perf_counter()
    read("Brake pads", "لنت ترمز واگن " * 1400)
    assert time.perf_counter() - started < 5
