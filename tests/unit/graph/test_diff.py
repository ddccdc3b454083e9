"""What is written and told when a pair's verdict changes."""

import pytest

from graph.diff import MATCHES, NEARLY, OPEN, WITHDRAWN, Ledger, Pairing, points_of, step, what_changed
from schemas.ids import match_event_id
from schemas.matches import (
    Criterion,
    Finding,
    MatchChanged,
    MatchFound,
    MatchWithdrawn,
    Missing,
    Outcome,
    Verdict,
)

ROW = {
    "stage": "tender", "demand": "d", "offer_id": "o", "buyer": "b", "buyer_name": "B", "stood_for": "b", "missing": None,
    "demand_title": "D", "item_title": "I", "offer_title": "O", "quantity": 5.0, "unit": "pcs", "needed_by": None, "closes": None,
}  # fmt: skip


def criterion(offered="EN 1", finding=Finding.MET, kind="standard", name="EN 1"):
    return Criterion(kind=kind, name=name, asked="EN 1", offered=offered, finding=finding)


STANDARD = criterion()


def verdict(outcome=Outcome.MATCH, score=0.5, criteria=(STANDARD,), missing=()):
    return Verdict(outcome=outcome, score=score, criteria=criteria, missing=missing)


def pairing(found, *, stands=None, ledger=None, why=None, **row):
    return Pairing("m", "d~1", "s~o", "s", {**ROW, **row}, stands, ledger or Ledger(), found, why)


def told(score=0.5, criteria=(STANDARD,), revision=1):
    return Ledger(revision, OPEN, score, points_of(criteria))


def test_a_new_match_is_told_once():
    first = step(pairing(verdict()))
    assert isinstance(first.news, MatchFound)
    assert (first.becomes, first.ledger.revision, first.event_id) == (MATCHES, 1, match_event_id("m", 1))
    assert step(pairing(verdict(), stands=MATCHES, ledger=first.ledger)) is None


def test_the_same_match_after_a_rebuild_is_linked_but_not_told_again():
    again = step(pairing(verdict(), stands=None, ledger=told()))
    assert again.becomes == MATCHES
    assert again.news is None


@pytest.mark.parametrize(("score", "change"), [(0.7, "strengthened"), (0.3, "weakened"), (0.5, "changed")])
def test_a_changed_point_is_told_with_what_changed(score, change):
    found = step(pairing(verdict(score=score, criteria=(criterion("EN 1 until 2028"),)), stands=MATCHES, ledger=told()))
    assert isinstance(found.news, MatchChanged)
    assert (found.news.change, found.ledger.revision) == (change, 2)
    assert found.news.changed == ["EN 1: asked EN 1, offered EN 1 before; asked EN 1, offered EN 1 until 2028 now"]


def test_figures_that_move_with_the_calendar_are_no_news():
    before = (criterion("280 days: 1,000", kind="capacity", name=None),)
    after = (criterion("279 days: 990", kind="capacity", name=None),)
    assert step(pairing(verdict(criteria=after), stands=MATCHES, ledger=told(criteria=before))) is None


def test_a_match_that_becomes_a_near_miss_is_withdrawn_with_the_reason():
    near = verdict(Outcome.NEAR_MISS, missing=(Missing(kind="standard", name="EN 1"),))
    found = step(pairing(near, stands=MATCHES, ledger=told()))
    assert isinstance(found.news, MatchWithdrawn)
    assert "standard:EN 1" in found.news.reason
    assert (found.becomes, found.ledger.told, found.ledger.revision) == (NEARLY, WITHDRAWN, 2)


def test_a_closed_end_withdraws():
    found = step(pairing(None, stands=MATCHES, ledger=told(), why="the supplier withdrew the offer"))
    assert (found.becomes, found.news.reason) == (None, "the supplier withdrew the offer")


def test_a_withdrawn_match_that_fits_again_is_found_again():
    found = step(pairing(verdict(), ledger=Ledger(2, WITHDRAWN, 0.0, "[]")))
    assert isinstance(found.news, MatchFound)
    assert found.ledger.revision == 3


def test_near_misses_are_not_told_and_written_only_when_they_change():
    near = verdict(Outcome.NEAR_MISS, missing=(Missing(kind="capacity"),))
    assert step(pairing(near)).news is None
    assert step(pairing(near, stands=NEARLY, missing=["capacity"])) is None


def test_plans_match_without_telling():
    found = step(pairing(verdict(), stage="plan"))
    assert (found.becomes, found.news, found.ledger.told) == (MATCHES, None, None)


def test_a_new_buyer_moves_the_link_without_news():
    found = step(pairing(verdict(), stands=MATCHES, ledger=told(), stood_for="other"))
    assert (found.becomes, found.news) == (MATCHES, None)


def test_unlike_pairs_need_nothing():
    assert step(pairing(verdict(Outcome.UNLIKE))) is None


def test_what_changed_names_new_and_dropped_points():
    said = what_changed(points_of([criterion(name="A")]), points_of([criterion(name="B")]))
    assert said == ["A: no longer asked", "B: now asked EN 1, offered EN 1"]
