"""Cursors, links, problems, words and search terms."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.reads.search import lucene_query
from schemas.errors import NotFoundError, UnavailableError
from schemas.matches import Criterion, Finding, Missing
from schemas.settings import Settings
from services.api.links import Links
from services.api.paging import cursor_of, keys_of
from services.api.problems import FieldsError, ProblemResponse, headers_of, problem_of
from services.api.words import criterion_of, missing_words
from streams.publish import Receipt


@given(st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**62), 2**62)), min_size=1))
def test_a_cursor_gives_its_keys_back(keys):
    first = tuple("" if isinstance(key, str) else 0 for key in keys)
    assert keys_of(cursor_of(*keys), first) == tuple(keys)


@given(st.text(max_size=60))
def test_what_is_no_cursor_is_refused_and_never_crashes(text):
    keys: tuple[object, ...] = ("refused",)
    with suppress(FieldsError):
        keys = keys_of(text, ("",))
    assert [type(key) for key in keys] == [str]


@pytest.mark.parametrize("cursor", [cursor_of(1), cursor_of("a", "b"), cursor_of(), "!!!", "YQ"])
def test_a_cursor_of_another_list_is_refused(cursor):
    with pytest.raises(FieldsError):
        keys_of(cursor, ("",))


def test_no_whole_number_that_the_graph_cannot_hold_passes():
    with pytest.raises(FieldsError):
        keys_of(cursor_of(2**63), (0,))


def test_links_escape_ids_and_stand_under_the_public_address():
    assert Links(Settings()).to("demands", "الف ب") == "/v1/demands/%D8%A7%D9%84%D9%81%20%D8%A8"
    links = Links(Settings(public_url="https://api.example/peyvand/"))
    assert links.to("offers", "o", supplier="s&t") == "https://api.example/peyvand/v1/offers/o?supplier=s%26t"
    assert links.to("offers", "o", supplier="") == "https://api.example/peyvand/v1/offers/o"
    receipt = Receipt("demand-events", 3, 17)
    assert links.event("e", receipt).endswith("/v1/events/e?at=demand-events:3:17")


def test_problems_carry_what_a_reader_needs():
    problem = problem_of(NotFoundError("There is no demand 'd'.", hint="Look elsewhere."), "/v1/demands/d")
    sent = json.loads(ProblemResponse(problem).body)
    assert sent == {
        "type": "urn:peyvand:problem:not-found", "title": "Not found", "status": 404, "detail": "There is no demand 'd'.",
        "hint": "Look elsewhere.", "instance": "/v1/demands/d", "errors": [],
    }  # fmt: skip
    assert headers_of(UnavailableError("x")) == {"Retry-After": "5"}
    assert headers_of(NotFoundError("x")) == {}


def test_a_lone_surrogate_in_an_error_does_no_harm():
    problem = problem_of(NotFoundError("There is no \ud800."), "/v1/\udfff")
    assert json.loads(ProblemResponse(problem).body)["detail"] == "There is no ?."


def test_persian_is_not_escaped():
    assert "تهران".encode() in ProblemResponse(problem_of(NotFoundError("تهران"), "/")).body


CRITERION = Criterion(kind="standard", name="EN 13262", asked="EN 13262", offered="expired", finding=Finding.EXPIRED)


def test_missing_points_are_said_in_both_languages():
    point = Missing(kind="standard", name="EN 13262")
    met = Criterion(kind="standard", name="EN 13262", asked="EN 13262", offered="yes", finding=Finding.MET)
    found = criterion_of(point, (met, CRITERION))
    assert found == CRITERION
    words = missing_words(point, found)
    assert words.en == "standard EN 13262: expired (asked EN 13262, offered expired)"
    assert "منقضی" in words.fa
    assert missing_words(point, None).en == "standard EN 13262: missing"
    assert criterion_of(Missing(kind="capacity"), (CRITERION,)) is None


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Brake", "(brake)^2 brake*"),
        ("كفش", "(کفش)^2 کفش*"),
        ('AND (OR) "NOT" +-!{}[]^~*?:\\/', "(and)^2 (or)^2 (not)^2 not*"),
        ("62", "(62 OR ۶۲)^2 62* ۶۲*"),
        ("  ", None),
        ("()", None),
    ],
)
def test_a_search_is_words_and_nothing_else(text, query):
    assert lucene_query(text) == query


@given(st.text(max_size=300))
def test_no_text_gives_lucene_an_operator(text):
    query = lucene_query(text)
    bare = (query or "").replace(" OR ", " ").replace("^2", "")
    assert not set(bare) & set('+-!&|{}[]"~?:\\/')
