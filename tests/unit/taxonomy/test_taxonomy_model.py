"""The tree itself: closures, paths, aliases, version."""

import json
from dataclasses import asdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.taxonomy import ProductClass, Taxonomy, normalise_alias


def _class(class_id: str, *broader: str, **fields: object) -> ProductClass:
    names = {"en": f"{class_id} en", "fa": f"{class_id} fa", "domain": "root", "form": "thing"} | fields
    return ProductClass(id=class_id, broader=broader, **names)  # type: ignore[arg-type]


@st.composite
def trees(draw: st.DrawFn) -> Taxonomy:
    """Any directed acyclic graph: each class takes its parents among those drawn before it."""
    classes: list[ProductClass] = []
    for number in range(draw(st.integers(min_value=1, max_value=12))):
        before = [each.id for each in classes]
        parents = draw(st.lists(st.sampled_from(before), unique=True, max_size=3)) if before else []
        classes.append(_class(f"c{number}", *parents))
    return Taxonomy(draw(st.permutations(classes)))


@given(trees())
def test_ancestors_and_descendants_are_inverse(tree: Taxonomy) -> None:
    for one in tree.classes:
        for other in tree.classes:
            assert (one in tree.ancestors(other)) == (other in tree.descendants(one))


@given(trees())
def test_ancestors_are_the_parents_and_their_ancestors(tree: Taxonomy) -> None:
    for each in tree:
        expected = set(each.broader).union(*(tree.ancestors(parent) for parent in each.broader))
        assert tree.ancestors(each.id) == expected
        assert each.id not in expected


@given(trees())
def test_children_are_those_who_name_the_class_and_a_path_goes_from_a_root(tree: Taxonomy) -> None:
    for each in tree:
        assert set(tree.children(each.id)) == {other.id for other in tree if each.id in other.broader}
        path = tree.path(each.id)
        assert path[0].id in tree.roots
        assert path[-1] is each
        assert all(above.id in below.broader for above, below in pairwise(path))


@given(trees(), st.randoms())
def test_the_version_is_that_of_the_content_not_of_the_order(tree: Taxonomy, random: object) -> None:
    shuffled = list(tree)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Taxonomy(shuffled).version == tree.version


def test_the_version_changes_with_any_word_or_code() -> None:
    alternatives = [
        _class("a"),
        _class("a", fa="other"),
        _class("a", aliases={"en": ("x",)}),
        _class("a", codes={"HS": ("8607",)}),
        _class("a", made_by=("a",)),
    ]
    assert len({Taxonomy([each]).version for each in alternatives}) == len(alternatives)


def test_a_class_survives_json() -> None:
    one = _class("a", aliases={"en": ("x", "y")}, codes={"HS": ("8607",)})
    raw = json.loads(json.dumps(asdict(one)))
    texts = {name: {key: tuple(value) for key, value in raw[name].items()} for name in ("aliases", "codes")}
    assert ProductClass(**(raw | texts | {"broader": (), "made_by": ()})) == one


def test_unknown_ids() -> None:
    tree = Taxonomy([_class("a")])
    assert tree.get("b") is None
    assert "b" not in tree
    with pytest.raises(KeyError):
        tree.ancestors("b")


def test_names_and_aliases_lead_to_their_class() -> None:
    tree = Taxonomy([_class("a", en="Brake Block", fa="كفشك‌ترمز", aliases={"en": ("Shoe-Insert ۱۰",)})])
    assert dict(tree.aliases) == {"brake block": "a", "کفشک ترمز": "a", "shoe insert 10": "a"}


def test_a_stronger_normaliser_may_bring_classes_together() -> None:
    tree = Taxonomy([_class("a", en="wheel"), _class("b", en="wheels")])
    assert tree.index_aliases(lambda text: text.rstrip("s"))["wheel"] == ("a", "b")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Brake\u00a0 BLOCK ", "brake block"),
        ("راه‌آهن", "راه آهن"),
        ("لنـت", "لنت"),
        ("پیچِ تیرفُن", "پیچ تیرفن"),
        ("بوژي", "بوژی"),
        ("GSM\u2011R", "gsm r"),
        ("UIC ٦٠", "uic 60"),
        ("ﻻستیک", "لاستیک"),
    ],
)
def test_normalise_alias(text: str, key: str) -> None:
    assert normalise_alias(text) == key
    assert normalise_alias(key) == key
