"""British and American spellings meet; Persian nouns of work keep the letter that tells them from the worker."""

import pytest

from graph.matching.text import stem


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("galvanised", "galvanized"),
        ("pressurised", "pressurized"),
        ("fibre", "fiber"),
        ("metre", "meter"),
        ("centre", "center"),
        ("sulphur", "sulfur"),
        ("desulphurisation", "desulfurization"),
        ("mouldings", "moldings"),
        ("plough", "plow"),
        ("tyres", "tires"),
        ("gauge", "gage"),
        ("kerb", "curb"),
        ("aluminium", "aluminum"),
        ("labelling", "labeling"),
        ("vapour", "vapor"),
        ("colour", "color"),
        ("haemodialysis", "hemodialysis"),
        ("anaesthesia", "anesthesia"),
        ("paediatric", "pediatric"),
        ("orthopaedic", "orthopedic"),
        ("oedema", "edema"),
        ("catalogue", "catalog"),
        ("draught", "draft"),
    ],
)
def test_both_spellings_have_one_stem(british: str, american: str) -> None:
    assert stem(british) == stem(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hour", "hor"), ("four", "for"), ("aisle", "aizle"), ("wire", "wier"), ("phoenix", "phenyl"), ("acre", "acid")],
)
def test_other_words_stay_themselves(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("worker", "work"), [("سمپاش", "سمپاشی"), ("ظرفشو", "ظرفشویی"), ("خرمنکوب", "خرمنکوبی"), ("گردروب", "گردروبی")]
)
def test_a_persian_work_is_not_the_machine_that_does_it(worker: str, work: str) -> None:
    assert stem(worker) != stem(work)
