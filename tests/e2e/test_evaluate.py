"""`peyvand evaluate` as its user runs it: a directory in, its own servers, figures out, nothing left."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

GOLD = Path(__file__).parents[1] / "goldsets" / "industries"
KEYS = (
    "recall", "precision", "near_miss_recall", "near_miss_missing_exact", "matched_grade0", "matched_grade1", "demands",
    "by_language", "errors",
)  # fmt: skip


def evaluate(*arguments, cwd):
    command = [sys.executable, "-m", "services.cli", "evaluate", str(GOLD), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.timeout(300)
def test_the_real_pipeline_reaches_its_figures_and_agrees_with_the_rules(tmp_path):
    before = set(Path(tempfile.gettempdir()).glob("peyvand-evaluate-*"))
    done = evaluate("--json", "--min-recall", "0.97", "--min-precision", "0.97", "--crowd", "300", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.keys() >= set(KEYS)
    assert found["mode"] == "pipeline"
    assert found["items_in_graph"] == found["demands"] == 36
    assert found["matched_grade0"] == 0
    assert found["near_miss_recall"] >= 0.9
    assert all(group["recall"] >= 0.93 for group in found["by_language"].values())
    assert found["candidates_most"] < 100
    assert found["standing_otherwise_decided"] == 0
    for width in found["width"].values():
        assert width["standing"]["mean"] <= width["candidates"]["mean"] <= width["found"]["mean"]
    assert found["width"]["the set's items"]["candidates"]["most"] == found["candidates_most"]
    offline = json.loads(evaluate("--offline", "--json", cwd=tmp_path).stdout)
    assert {key: found[key] for key in KEYS if key != "errors"} == {
        key: offline[key] for key in KEYS if key != "errors"
    }
    assert set(Path(tempfile.gettempdir()).glob("peyvand-evaluate-*")) <= before


def test_too_low_figures_end_with_one_and_no_set_with_two(tmp_path):
    assert evaluate("--offline", "--today", "2035-01-01", "--min-recall", "0.5", cwd=tmp_path).returncode == 1
    nothing = subprocess.run(
        [sys.executable, "-m", "services.cli", "evaluate", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert nothing.returncode == 2
    assert "suppliers.jsonl" in nothing.stderr
