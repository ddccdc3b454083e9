"""`peyvand chaos`, briefly: faults under load, and nothing lost, doubled, missed or wrong."""

import json
import subprocess
import sys

import pytest

SHORT = ["worker-killed", "killed-at-match.after-commit", "neo4j-answers-lost", "kafka-cut", "worker-sigterm",
         "receiver-redirects"]  # fmt: skip


@pytest.mark.timeout(900)
def test_a_short_chaos_run_loses_and_doubles_nothing(tmp_path):
    arguments = [part for kind in SHORT for part in ("--fault", kind)]
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "chaos", "--minutes", "0.7", "--seed", "5", "--rate", "15", "--json", *arguments],
        capture_output=True, text=True, cwd=tmp_path, timeout=880, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    wrong = {what: (n, report["named"].get(what)) for what, n in report["wrong"].items() if n}
    assert wrong == {}, done.stderr
    assert report["replay_differs"] == []
    assert report["settled"]
    assert report["clean"], [fault for fault in report["happened"] if fault["error"] or fault["recovery"] is None]
    assert report["kinds"] >= 6
    assert {"log-cut-below-cursor", "log-cut-above-cursor"} <= set(report["by_kind"])
    assert {"1", "2"} == set(report["idle_cpu_percent"])
    assert report["seen"]["received"] > 100
    assert report["seen"]["webhook_failures"] > 50
    assert done.returncode == 0
