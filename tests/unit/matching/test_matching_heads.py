"""What heads a title is what is sold: the covers of valves are no valves, a camera of a CCTV is one."""

import pytest

from schemas.matches import Outcome
from tests.unit.matching.test_probes import outcome

PARTS_EN = ("bodies", "covers", "brackets", "seals", "castings", "labels", "lubricants", "coatings", "foundations")
PARTS_FA = ("بدنه", "درپوش", "براکت", "واشر", "روکش", "برچسب", "روانکار", "فونداسیون", "پایه")

MET = [
    ("CCTV camera", "دوربین مداربسته"),
    ("یدک‌کش بندری", "۲ فروند یدک‌کش"),
    ("Gate valves", "Gate valve sets, complete"),
    ("Hospital bed", "Hospital bed electric"),
    ("Fenders", "Marine fender rubber"),
    ("Surgical gloves", "Surgical gloves latex sterile"),
    ("شیر کشویی", "تولید شیر کشویی چدنی"),
    ("Ball valves", "Ball valves PN16 stainless steel"),
]


@pytest.mark.parametrize("part", PARTS_EN)
@pytest.mark.parametrize("thing", ["gate valve", "power transformer", "hospital bed", "conveyor belt"])
def test_what_belongs_to_a_thing_is_not_the_thing(thing: str, part: str) -> None:
    assert outcome(f"{thing}s", f"{thing} {part}") is not Outcome.MATCH


@pytest.mark.parametrize("part", PARTS_FA)
@pytest.mark.parametrize("thing", ["شیر کشویی", "ترانسفورماتور قدرت", "تخت بیمارستانی", "نوار نقاله"])
def test_in_persian_the_first_noun_is_the_thing(thing: str, part: str) -> None:
    assert outcome(thing, f"{part} {thing}") is not Outcome.MATCH


@pytest.mark.parametrize(("asked", "offered"), MET)
def test_what_only_describes_the_thing_takes_nothing_from_it(asked: str, offered: str) -> None:
    assert outcome(asked, offered) is Outcome.MATCH
