"""The tree that is shipped: clean, large enough, and right where the trade is sure."""

import re
from pathlib import Path

import pytest

from graph.taxonomy import default_taxonomy, normalise_alias
from graph.taxonomy.foreign import missing_codes, read_cpv, read_hs

TREE = default_taxonomy()
OWN = [each for each in TREE if {"rail", "process"} & {each.id, *TREE.ancestors(each.id)}]
SHARED = Path(__file__).parents[4] / "shared" / "data"


def test_it_is_loaded_once() -> None:
    assert default_taxonomy() is TREE


def test_there_are_classes_enough() -> None:
    assert sum("rail" in TREE.ancestors(each.id) for each in OWN) >= 300
    assert sum("process" in TREE.ancestors(each.id) for each in OWN) >= 90


def test_every_root_is_known() -> None:
    things = "agriculture building chemical electrical it-telecom machinery marine medical metals mining oil-gas"
    assert set(TREE.roots) == {
        *things.split(),
        *["power", "process", "rail", "road-vehicles", "safety", "services", "water"],
    }


@pytest.mark.parametrize("language", ["en", "fa"])
def test_own_classes_have_words_enough(language: str) -> None:
    poor = [each.id for each in OWN if sum(name == language for name, _ in each.names()) < 3]
    assert not poor


def test_own_names_are_in_their_script() -> None:
    persian = re.compile(r"[\u0600-\u06ff]")
    for each in OWN:
        assert persian.search(each.fa), each.id
        assert not any(persian.search(name) for language, name in each.names() if language == "en"), each.id


def test_own_classes_belong_to_the_root_that_they_name() -> None:
    for each in OWN:
        assert each.domain in {"general", each.id, *TREE.ancestors(each.id)}, each.id


def test_processes_are_processes_or_services() -> None:
    for each in OWN:
        if "process" in TREE.ancestors(each.id):
            assert each.form in {"process", "service"}, each.id


@pytest.mark.parametrize(
    ("words", "class_id"),
    [
        ("کفشک چدنی", "cast-iron-brake-block"),
        ("لنت كامپوزيتي", "composite-brake-block"),
        ("تیرفون", "screw-spike"),
        ("پابند", "rail-fastening"),
        ("بوجی", "bogie"),
        ("رولپلاک تراورس", "sleeper-dowel"),
        ("ترکشن موتور", "traction-motor"),
        ("Monobloc Wheel", "solid-wheel"),
        ("سخت و برگشت", "quenching-tempering"),
        ("وایرکات", "electrical-discharge-machining"),
    ],
)
def test_words_of_the_trade(words: str, class_id: str) -> None:
    assert TREE.aliases.get(normalise_alias(words)) == class_id


@pytest.mark.parametrize(
    ("narrow", "broad"),
    [
        ("k-brake-block", "brake-block"),
        ("manganese-crossing", "track-material"),
        ("sa3-coupler", "automatic-coupler"),
        ("traction-motor-overhaul", "motor-rewinding"),
        ("manganese-steel-casting", "steel-casting"),
        ("tapered-axle-bearing", "taper-roller-bearing"),  # general things of other files
        ("rail-disc-brake-pad", "brake-pad"),
        ("tank-wagon-safety-valve", "safety-valve"),
    ],
)
def test_narrower_things_stand_below_broader(narrow: str, broad: str) -> None:
    assert broad in TREE.ancestors(narrow)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("composite-brake-block", "cast-iron-brake-block"),
        ("distributor-valve", "brake-spare-kit"),
        ("railway-axle", "axle-blank"),
        ("wheelset", "wheelset-overhaul"),
        ("solid-wheel", "wheel-lathe"),
        ("loco-turbocharger", "loco-turbocharger-part"),
    ],
)
def test_look_alikes_do_not_stand_above_each_other(one: str, other: str) -> None:
    assert one not in TREE.ancestors(other)
    assert other not in TREE.ancestors(one)


@pytest.mark.parametrize(
    ("scheme", "code", "class_id"),
    [
        ("CPV", "34631100-0", "solid-wheel"),
        ("CPV", "34946222-2", "crossing-frog"),
        ("HS", "8607.30", "screw-coupling"),
        ("HS", "7302.30.00", "turnout"),
        ("ISIC", "2431", "steel-casting"),
    ],
)
def test_foreign_codes_lead_to_the_right_class(scheme: str, code: str, class_id: str) -> None:
    assert (class_id, 1.0) in TREE.by_code(scheme, code)


# Other people's classifications are no part of the project: where a copy lies beside it, it is compared.
if SHARED.is_dir():

    def test_every_cross_reference_is_a_code_of_its_classification() -> None:
        codes = [*read_cpv(SHARED / "cpv" / "cpv_en.json"), *read_hs(SHARED / "hs" / "harmonized-system.csv")]
        assert list(missing_codes(TREE, codes)) == []
