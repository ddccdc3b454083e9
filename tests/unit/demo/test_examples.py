"""The files of examples/ are what the service reads."""

import json
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from graph.taxonomy.load import default_taxonomy
from schemas.codec import decode
from schemas.demands import Demand, DemandPublished
from schemas.envelope import Envelope
from schemas.events import BY_NAME, DEMAND_EVENTS

EXAMPLES = Path(__file__).parents[3] / "examples"


class Sent(NamedTuple):
    """One record as kafka-python was asked to send it."""

    topic: str
    value: bytes
    key: bytes
    headers: list[tuple[str, bytes | None]]


class Recorder:
    """Takes the place of KafkaProducer; the real one is used by a test with a broker."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings
        self.sent: list[Sent] = []

    def send(self, topic: str, value: bytes, key: bytes, headers: list[tuple[str, bytes | None]]) -> "Recorder":
        self.sent.append(Sent(topic, value, key, headers))
        return self

    def get(self, timeout: float) -> str:
        return f"{self.sent[-1].topic} within {timeout} s"

    def close(self) -> None: ...


def test_agency_producer_sends_an_event_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Recorder] = []
    kafka = ModuleType("kafka")
    kafka.KafkaProducer = lambda **settings: made.append(Recorder(**settings)) or made[-1]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kafka", kafka)
    monkeypatch.setattr(sys, "argv", ["agency_producer.py", "127.0.0.1:19092"])
    runpy.run_path(str(EXAMPLES / "agency_producer.py"), run_name="__main__")
    (sent,) = made[0].sent
    event = decode(sent)
    assert isinstance(event, Envelope), event
    assert isinstance(event.data, DemandPublished)
    assert sent.topic == DEMAND_EVENTS
    assert sent.key.decode() == event.data.demand.id == event.key
    assert made[0].settings["bootstrap_servers"] == "127.0.0.1:19092"


def test_agency_producer_is_short() -> None:
    source = (EXAMPLES / "agency_producer.py").read_text(encoding="utf-8")
    code = [line for line in source.splitlines() if line and not line.startswith(('"""', "import", "from"))]
    assert len(code) <= 15


def test_demand_is_valid_and_of_the_tree() -> None:
    demand = Demand.model_validate_json((EXAMPLES / "demand.json").read_text(encoding="utf-8"))
    own = [each.id for item in demand.items for each in item.classifications if each.scheme == "PEYVAND"]
    assert own
    assert all(each in default_taxonomy() for each in own)


def test_events_are_valid() -> None:
    lines = (EXAMPLES / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5
    for line in lines:
        event = json.loads(line)
        BY_NAME[event["type"]].model.model_validate(event["data"])
