"""The crowd that retrieval is measured in, and its figures."""

import io
from collections import Counter
from datetime import date

import pytest
from rich.console import Console
from typer.testing import CliRunner

from graph.taxonomy.load import default_taxonomy
from services.cli.evaluate import print_width
from services.cli.main import app
from services.evaluate.crowd import EACH, HELD, Crowd
from services.evaluate.width import Width, spread

TODAY = date(2026, 11, 24)
TREE = default_taxonomy()


def test_a_crowd_is_the_same_twice_and_of_the_size_asked():
    first, again = (list(Crowd(TREE, 100).registrations()) for _ in range(2))
    assert first == again
    assert sum(len(offers) for _, offers in first) == 100
    assert {len(offers) for _, offers in first[:-1]} == {EACH}
    assert all(len(offer.standards) == HELD for _, offers in first for offer in offers)
    assert list(Crowd(TREE, 100, seed=2).registrations()) != first
    assert list(Crowd(TREE, 100).demands(5, TODAY)) == list(Crowd(TREE, 7).demands(5, TODAY))


def test_skew_makes_some_classes_popular():
    def most(skew: float) -> int:
        crowd = Crowd(TREE, 2_000, skew=skew)
        held = (offer.standards[0].standard for _, offers in crowd.registrations() for offer in offers)
        return Counter(held).most_common(1)[0][1]

    assert most(0.0) < 8 < most(1.0)


def test_the_spread_of_counts():
    found = spread([*range(1, 101)])
    assert (found.mean, found.median, found.most) == (50.5, 50.5, 100)
    assert 95 <= found.p95 <= 96
    assert spread([7]).p95 == 7
    assert spread([]).most == 0


def test_the_width_is_printed():
    out = Console(file=io.StringIO(), width=120)
    one = spread([1, 2, 3])
    width = Width(3, one, one, one, one, 0.1, 0.2, 0.3)
    print_width(out, {"offers": 300, "skew": 0.5}, {"the set's items": width.to_dict()})
    said = out.file.getvalue()  # type: ignore[attr-defined]
    assert "among 300 more" in said
    assert "candidates" in said
    assert "seconds find most 0.2" in said


@pytest.mark.parametrize("other", ["--offline", "--use-running"])
def test_a_crowd_needs_a_fresh_graph(other):
    done = CliRunner().invoke(app, ["evaluate", "tests/goldsets/industries", "--crowd", "10", other])
    assert done.exit_code == 2
    assert "fresh graph" in done.output
