"""Loading: every kind of fault is found, told with file and class, and all of them at once."""

from pathlib import Path

import pytest

from graph.taxonomy import TaxonomyError, load_taxonomy

ROOT = """
- {id: rail, en: Rail, fa: ریلی, domain: rail, form: thing}
"""
GOOD = (
    ROOT
    + """
- id: casting
  en: Casting
  fa: ریخته‌گری
  broader: [rail]
  domain: rail
  form: process
- id: brake-block
  en: Brake block
  fa: کفشک ترمز
  broader: [rail]
  domain: general
  form: thing
  aliases: {en: [brake shoe], fa: [لنت]}
  made_by: [casting]
  codes: {CPV: ["34631400"], HS: ["8607", "860729"], ISIC: ["3020"], UNSPSC: ["25121700"]}
"""
)


def _child(class_id: str, extra: str = "", broader: str = "rail") -> str:
    head = f"id: {class_id}, en: {class_id} en, fa: {class_id} fa, broader: [{broader}], domain: rail, form: thing"
    return f"- {{{head}{', ' + extra if extra else ''}}}\n"


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _faults(source: Path | list[Path]) -> list[str]:
    with pytest.raises(TaxonomyError) as caught:
        load_taxonomy(source)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_tree_loads(tmp_path: Path) -> None:
    tree = load_taxonomy(_write(tmp_path, good=GOOD))
    block = tree.classes["brake-block"]
    assert block.en == "Brake block"
    assert block.broader == ("rail",)
    assert block.aliases == {"en": ("brake shoe",), "fa": ("لنت",)}
    assert block.made_by == ("casting",)
    assert block.codes["HS"] == ("8607", "860729")
    assert tree.roots == ("rail",)


def test_a_folder_and_a_list_and_a_single_file_give_the_same_tree(tmp_path: Path) -> None:
    folder = _write(tmp_path, good=GOOD)
    versions = {load_taxonomy(source).version for source in (folder, folder / "good.yaml", [folder / "good.yaml"])}
    assert len(versions) == 1


def test_parents_may_stand_in_another_file(tmp_path: Path) -> None:
    assert "wheel" in load_taxonomy(_write(tmp_path, a=_child("wheel"), z=ROOT))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_child("wheel", broader="missing"), "wheel: broader names 'missing', which no file defines."),
        (_child("wheel", "made_by: [missing]"), "wheel: made_by names 'missing', which no file defines."),
        (_child("wheel", "made_by: [rail]"), "wheel: made_by names 'rail', a thing and no process."),
        (_child("a", broader="b") + _child("b", broader="a"), "a: broader goes in a circle: a -> b -> a;"),
        (_child("a", broader="a"), "a: broader goes in a circle: a -> a;"),
        (_child("wheel") + _child("wheel"), "wheel: this id stands already in t.yaml;"),
        (_child("Wheel_1"), "Wheel_1: id 'Wheel_1' is not kebab-case;"),
        (_child("wheel", "colour: red"), "wheel: field 'colour' is unknown;"),
        (_child("wheel", 'codes: {CPV: ["34631400-3"]}'), "wheel: CPV code '34631400-3' is badly written;"),
        (_child("wheel", 'codes: {HS: ["86071"]}'), "wheel: HS code '86071' is badly written;"),
        (_child("wheel", 'codes: {ISIC: ["C30"]}'), "wheel: ISIC code 'C30' is badly written;"),
        (_child("wheel", 'codes: {UNSPSC: ["2512"]}'), "wheel: UNSPSC code '2512' is badly written;"),
        (_child("wheel", "codes: {HS: [8607]}"), "wheel: codes.HS holds 8607, which is no text;"),
        (_child("wheel", 'codes: {GTIN: ["1"]}'), "wheel: codes has the unknown key 'GTIN';"),
        (_child("wheel", "aliases: {de: [Rad]}"), "wheel: aliases has the unknown key 'de';"),
        (_child("wheel", "aliases: [disc]"), "wheel: aliases must be a mapping"),
        (_child("wheel", "aliases: {en: disc}"), "wheel: aliases.en must be a list, as in [disc]."),
        (_child("wheel", "aliases: {en: [60]}"), "wheel: aliases.en holds 60, which is no text;"),
        (_child("wheel", broader="rail, rail"), "wheel: broader holds 'rail' twice;"),
        ("- {id: w, fa: چرخ, broader: [rail], domain: rail, form: thing}", "w: en is missing;"),
        ("- {id: w, en: Wheel, fa: '', broader: [rail], domain: rail, form: thing}", "w: fa is missing;"),
        (
            "- {id: w, en: 60, fa: چرخ, broader: [rail], domain: rail, form: thing}",
            "w: en is 60 and no text;",
        ),
        ("- {id: w, en: W, fa: چرخ, broader: [rail], domain: rail, form: gas}", "w: form 'gas' is unknown;"),
        (
            "- {id: w, en: W, fa: چرخ, broader: [rail], domain: road, form: thing}",
            "w: domain 'road' is no root;",
        ),
        ("- {id: w, en: W, fa: چرخ, domain: rail, form: thing}", "w: broader is empty; only a root"),
        ("- {en: W, fa: چرخ, broader: [rail], domain: rail, form: thing}", "entry 2: id is missing;"),
        ("- wheel", "entry 2: must be a mapping"),
        (
            "- {id: w, en: W, en: X, fa: چرخ, broader: [rail], domain: rail, form: thing}",
            "a key is written twice",
        ),
        ("- {id: [}", "is no valid YAML"),
        ("- " + "[" * 5000, "is no valid YAML"),
        ("- {? [a] : b}", "is no valid YAML"),
        (
            "- {id: w, en: W, fa: چرخ, broader: [rail], aliases: {fa: [[a]]}, domain: rail, form: thing}",
            "aliases.fa holds ['a'], which",
        ),
    ],
)
def test_a_fault_is_told_with_file_and_class(tmp_path: Path, text: str, told: str) -> None:
    faults = _faults(_write(tmp_path, t=ROOT + text))
    assert len(faults) == 1, faults
    assert faults[0].startswith("t.yaml: ")
    assert told in faults[0]


@pytest.mark.parametrize("again", ["Brake-Shoe", "BRAKE  SHOE", "brake\u200cshoe"])
def test_an_alias_stands_on_one_class_only_whatever_its_case_and_joiners(tmp_path: Path, again: str) -> None:
    text = GOOD + _child("wheel", f"aliases: {{en: ['{again}']}}")
    told = f"t.yaml: wheel: alias '{again}' stands already on 'brake-block' (as 'brake shoe')"
    assert _faults(_write(tmp_path, t=text))[0].startswith(told.replace("\u200c", r"\u200c"))


def test_arabic_and_persian_letters_are_one_alias(tmp_path: Path) -> None:
    text = GOOD + _child("wheel", "aliases: {fa: [كفشك ترمز]}")
    assert "stands already on 'brake-block'" in _faults(_write(tmp_path, t=text))[0]


def test_an_alias_twice_on_one_class_is_told(tmp_path: Path) -> None:
    text = ROOT + _child("wheel", "aliases: {en: [Disc, disc]}")
    assert "wheel: alias 'disc' is written twice" in _faults(_write(tmp_path, t=text))[0]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    one = ROOT + _child("a", broader="nowhere") + _child("b", "colour: red")
    two = _child("c", 'codes: {CPV: ["1"]}') + _child("a")
    faults = _faults(_write(tmp_path, one=one, two=two, three="{}"))
    told = [
        "no file defines",
        "'colour' is unknown",
        "badly written",
        "stands already in one.yaml",
        "must hold a list",
    ]
    assert all(any(words in fault for fault in faults) for words in told)
    assert {fault.split(":")[0] for fault in faults} == {"one.yaml", "two.yaml", "three.yaml"}


def test_a_faulty_parent_does_not_make_its_children_seem_orphans(tmp_path: Path) -> None:
    text = ROOT + _child("a", "colour: red") + _child("b", broader="a")
    assert len(_faults(_write(tmp_path, t=text))) == 1


def test_nothing_to_load_is_an_error(tmp_path: Path) -> None:
    assert "holds no .yaml file" in _faults(tmp_path)[0]
    assert "cannot be read" in _faults(tmp_path / "absent")[0]
    assert "cannot be read" in _faults([tmp_path / "absent.yaml"])[0]
