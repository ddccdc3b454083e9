"""Foreign codes: spellings, significant digits, and the classes that they lead to."""

import pytest

from graph.taxonomy import ProductClass, Taxonomy
from graph.taxonomy.codes import broader_digits, scheme_name, significant_digits


@pytest.mark.parametrize(
    ("scheme", "code", "digits"),
    [
        ("CPV", "34631400-3", "346314"),
        ("CPV", "34631400", "346314"),
        ("CPV", "346314003", "346314"),
        ("CPV", "34600000", "346"),
        ("CPV", "30000000-9", "30"),
        ("CPV", "۳۴۶۳۱۴۰۰-۳", "346314"),
        ("HS", "8607.21", "860721"),
        ("HS", "8607.21.00", "860721"),
        ("HS", "86072190", "860721"),
        ("HS", "860800", "8608"),
        ("HS", "86.07", "8607"),
        ("HS", "86072", "8607"),
        ("ISIC", "C3020", "302"),
        ("ISIC", "2431", "2431"),
        ("ISIC", "2431112345", "2431"),
        ("UNSPSC", "25121700", "251217"),
        ("UNSPSC", "25120000", "2512"),
    ],
)
def test_significant_digits(scheme: str, code: str, digits: str) -> None:
    assert significant_digits(scheme, code) == digits


@pytest.mark.parametrize("code", ["", " ", "x", "brake", "3", "-", "34A31400"])
def test_text_that_is_no_code_has_no_digits(code: str) -> None:
    assert not significant_digits("CPV", code)


def test_broader_digits_go_up_level_by_level() -> None:
    assert broader_digits("CPV", "34631") == ["34631", "3463", "346", "34"]
    assert broader_digits("HS", "860721") == ["860721", "8607", "86"]


@pytest.mark.parametrize(
    ("written", "scheme"),
    [
        ("cpv", "CPV"),
        ("HS 2022", "HS"),
        ("ISIC Rev.4", "ISIC"),
        ("unspsc", "UNSPSC"),
        ("GTIN", None),
        ("", None),
    ],
)
def test_scheme_names(written: str, scheme: str | None) -> None:
    assert scheme_name(written) == scheme


def _class(class_id: str, **codes: tuple[str, ...]) -> ProductClass:
    return ProductClass(id=class_id, en=class_id, fa=f"{class_id} fa", domain=class_id, form="thing", codes=codes)


TREE = Taxonomy(
    [
        _class("parts", CPV=("34630000",), HS=("8607",)),
        _class("wheels", CPV=("34631100",), HS=("860719",)),
        _class("axles", CPV=("34631400",), HS=("860719", "8607")),
        _class("division", CPV=("34000000",)),
    ]
)


def test_the_exact_code_comes_first_then_its_own_prefixes() -> None:
    assert TREE.by_code("CPV", "34631100-0") == [("wheels", 1.0), ("parts", 4 / 6), ("division", 2 / 6)]


def test_a_code_that_the_tree_lacks_leads_to_its_broader_codes() -> None:
    assert TREE.by_code("cpv", "34631999") == [("parts", 4 / 8), ("division", 2 / 8)]


def test_one_code_may_lead_to_many_classes_and_each_comes_once_at_its_best() -> None:
    assert TREE.by_code("HS", "8607.19") == [("axles", 1.0), ("wheels", 1.0), ("parts", 4 / 6)]


def test_a_broad_code_does_not_lead_down() -> None:
    assert TREE.by_code("HS", "8607") == [("axles", 1.0), ("parts", 1.0)]


@pytest.mark.parametrize(("scheme", "code"), [("GTIN", "34631100"), ("CPV", "none"), ("HS", ""), ("CPV", "99999999")])
def test_what_is_not_understood_leads_nowhere(scheme: str, code: str) -> None:
    assert TREE.by_code(scheme, code) == []
