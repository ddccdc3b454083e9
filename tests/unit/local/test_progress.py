import io

from rich.console import Console

from services.local.progress import PlainProgress, RichProgress


def test_plain_lines_come_once_a_tenth():
    out = io.StringIO()
    progress = PlainProgress(out)
    progress("start Kafka", 0, 0)
    progress("start Kafka", 1, 1)
    for done in range(101):
        progress("fetch", done, 100)
    lines = out.getvalue().splitlines()
    assert lines[:2] == ["start Kafka: ...", "start Kafka: done"]
    assert lines[2:5] == ["fetch: ...", "fetch: 10 %", "fetch: 20 %"]
    assert lines[-1] == "fetch: done"
    assert len(lines) == 2 + 11


def test_plain_lines_do_not_go_back():
    out = io.StringIO()
    progress = PlainProgress(out)
    for done in (0, 50, 20, 60):
        progress("fetch", done, 100)
    assert out.getvalue().splitlines() == ["fetch: ...", "fetch: 50 %", "fetch: 60 %"]


def test_rich_shows_every_stage_and_its_end():
    out = io.StringIO()
    with RichProgress(Console(file=out, width=80, force_terminal=True)) as progress:
        progress("start Neo4j", 0, 0)
        progress("start Neo4j", 1, 1)
        progress("fetch", 5, 10)
    assert "start Neo4j" in out.getvalue()
    assert "✓" in out.getvalue()
    assert "fetch" in out.getvalue()
