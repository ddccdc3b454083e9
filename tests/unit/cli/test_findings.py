"""What `peyvand status` says is wrong."""

from graph.reads.progress import ahead
from services.cli.findings import findings

WELL = {
    "workers": [{"slot": 1, "owner": "m:1", "silent_seconds": 2.0}],
    "lag": {"demand-events": 0},
    "ahead": {},
    "rebuild": None,
    "outbox": {"rows": 3, "oldest_seconds": 1.0},
}


def test_a_well_service_has_none():
    assert findings(WELL) == []


def test_nobody_works():
    silent = WELL | {"workers": [{"slot": 1, "owner": "m:1", "silent_seconds": 500.0}], "lag": {"demand-events": 7}}
    assert findings(silent) == ["No worker runs. 7 events wait. Start one: `peyvand worker --slot auto`."]


def test_a_graph_of_another_log():
    ends = {"demand-events:0": 5, "demand-events:1": 9}
    cursors = {"demand-events:0": {"applied": 8}, "demand-events:1": {"applied": 9}, "gone:0": {"applied": 3}}
    found = ahead(ends, cursors)
    assert found == {"demand-events:0": 3}
    (said,) = findings(WELL | {"ahead": found})
    assert "3 more events from demand-events:0" in said


def test_stopped_rebuild_and_old_news():
    said = findings(WELL | {"rebuild": {"phase": "replay"}, "outbox": {"rows": 2, "oldest_seconds": 90.0}})
    assert ["rebuild" in one for one in said] == [True, False]
    assert "2 news wait to be sent, the oldest for 90 s" in said[1]
