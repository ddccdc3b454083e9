"""`peyvand up` as its user runs it: the demonstration is told, the commands answer, the example producer works, Ctrl-C ends all."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from schemas.settings import load_settings
from services.demo.load import demo_events, expectations
from services.local.ports import free_ports

ROOT = Path(__file__).parents[2]
OWN_OFFERS = {data.offer.id for name, data in demo_events() if name == "ProductRegistered"}


class Running:
    """A running `peyvand up` and the way to call other commands beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.api_port = free_ports(1)[0]
        self.environment = {**os.environ, "PEYVAND_API_PORT": str(self.api_port), "COLUMNS": "160"}
        self.output = folder / "up.log"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as stream:
            return subprocess.Popen(
                [*self.peyvand("up"), "--kafka-port", "0", "--neo4j-port", "0"],
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.folder,
            )

    def peyvand(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "services.cli", "--data-dir", str(self.data), *arguments]

    def call(self, *arguments: str, code: int = 0, stdin: bytes = b"") -> str:
        done = subprocess.run(
            self.peyvand(*arguments),
            input=stdin,
            capture_output=True,
            env=self.environment,
            cwd=self.folder,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode() + (done.stderr.decode() if code else "")

    def wait_for(self, text: str, seconds: float = 150) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            said = self.output.read_text(encoding="utf-8")
            if text in said:
                return said
            assert self.process.poll() is None, said
            time.sleep(0.2)
        raise AssertionError(self.output.read_text(encoding="utf-8"))

    def get(self, path: str) -> dict:
        answer = httpx.get(f"http://127.0.0.1:{self.api_port}{path}", timeout=30, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(60) == 0, self.output.read_text(encoding="utf-8")

    def settle(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not any(json.loads(self.call("status", "--json"))["lag"].values()):
                return
            time.sleep(0.3)
        raise AssertionError(self.call("status"))


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    up = Running(tmp_path_factory.mktemp("up"))
    up.wait_for("Ready after")
    yield up
    up.interrupt()


def test_the_headline_is_told(running):
    said = running.output.read_text(encoding="utf-8")
    assert "3 capable suppliers were told" in said
    assert "Toos" in said


def test_the_graph_says_what_the_demonstration_expects(running):
    running.settle()
    wanted = [row for row in expectations() if row["state"] in ("open", "plan")]
    answers = {
        demand: running.get(f"/v1/demands/{demand}/matches?limit=200") for demand in {demand_of(row) for row in wanted}
    }
    wrong = []
    for row in wanted:
        item = next(
            item for item in answers[demand_of(row)]["items"] if item["item"] == row["item_key"].partition("~")[2]
        )
        found = {pair["offer_id"] for pair in item["matches"]} & OWN_OFFERS
        near = {pair["offer_id"]: {point["kind"] for point in pair["missing"]} for pair in item["near_misses"]}
        near = {offer: kinds for offer, kinds in near.items() if offer in OWN_OFFERS}  # others are of the examples
        if found != set(row["capable"]) or near != {offer: set(kinds) for offer, kinds in row["near"].items()}:
            wrong.append((row["item_key"], found, row["capable"], near, row["near"]))
    assert wrong == []


def demand_of(row: dict) -> str:
    return row["item_key"].partition("~")[0]


def test_match_and_explain_give_every_criterion(running):
    row = next(row for row in expectations() if row["state"] == "open" and row["capable"])
    said = json.loads(running.call("explain", row["item_key"], row["capable"][0], "--json"))
    assert said["verdict"]["outcome"] == "match"
    assert all(c["asked"] and c["offered"] for c in said["verdict"]["criteria"])
    items = json.loads(running.call("match", demand_of(row), "--json"))
    assert row["capable"][0] in {pair["offer"] for item in items for pair in item["matches"]}


def test_what_is_not_there_is_said(running):
    said = running.call("demand", "show", "no-such", code=4)
    assert "there is no demand 'no-such' in the graph" in said


def test_doctor_masks_secrets(running):
    password = load_settings(running.data).neo4j_password.get_secret_value()
    said = running.call("doctor")
    assert password not in said
    assert "********" in said


def test_the_example_events_and_the_example_producer_are_taken(running):
    said = running.call("publish", str(ROOT / "examples" / "events.jsonl"))
    assert "acknowledged" in said
    broker = load_settings(running.data).kafka_bootstrap_servers
    subprocess.run(
        [sys.executable, str(ROOT / "examples" / "agency_producer.py"), broker],
        check=True,
        timeout=60,
        env=running.environment,
    )
    demand = json.loads((ROOT / "examples" / "demand.json").read_text(encoding="utf-8"))
    running.settle()
    assert json.loads(running.call("demand", "show", demand["id"], "--json"))["id"] == demand["id"]


def test_bad_lines_are_named_and_good_neighbours_go_on(running):
    lines = b'{"type": "DemandCanceled", "data": {}}\nnot json\n{"type": "DemandCancelled", "data": {"version": 9, "demand_id": "x1"}}\n'
    said = running.call("publish", "-", stdin=lines, code=2)
    assert "did you mean DemandCancelled?" in said
    assert "line 2" in said
    assert "1 events acknowledged, 2 lines refused" in said


def test_rebuild_beside_the_running_workers_is_equal(running):
    running.settle()
    said = json.loads(running.call("rebuild", "--json"))
    assert said["differing"] == []
    assert said["told"] == 0


def test_a_second_instance_is_refused(running):
    said = running.call("up", "--kafka-port", "0", "--neo4j-port", "0", code=69)
    assert re.search(r"(taken|in use|used)", said)


def test_ctrl_c_ends_everything_and_a_second_start_resumes(running):
    before = json.loads(running.call("status", "--json"))["counts"]
    running.interrupt()
    running.process = running._start()
    running.wait_for("Ready after")
    running.settle()
    after = json.loads(running.call("status", "--json"))["counts"]
    assert after == before
