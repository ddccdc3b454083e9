"""Signatures from end to end: registered, required, checked by a worker, decided alike by a rebuild."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from graph.checksum import checksum
from schemas.demands import DemandPublished
from schemas.envelope import wrap
from streams.admin import end_offsets
from streams.publish import KafkaPublisher, publish
from streams.rebuild import rebuild
from tests.api.records import demand
from tests.service import caught_up, environment
from tests.streams.test_operator_commands import in_json, peyvand

EXAMPLE = Path(__file__).parents[2] / "examples" / "signing_producer.py"


async def done(settings, folder, *arguments: str) -> str:
    code, out, err = await peyvand(settings, folder, *arguments)
    assert code == 0, err
    return out


def published(demand_id: str, buyer: str, source: str):
    record = demand(demand_id, buyer={"id": buyer, "name": buyer})
    return wrap(DemandPublished.model_validate({"demand": record}), source=source)


async def sent(settings, *events) -> None:
    publisher = KafkaPublisher(settings)
    await publish(publisher, events)
    await publisher.stop()


@pytest.fixture
async def producers(settings, tmp_path):
    """Settings of the house and of two agencies, each with its key; `require` is still to be said."""
    found = {}
    for name, more in (
        ("house", ["--role", "admin"]),
        ("rai", ["--role", "agency", "--subject", "rai", "--source", "urn:rai"]),
        ("oil", ["--role", "agency", "--subject", "oil", "--source", "urn:oil"]),
    ):
        key = tmp_path / f"{name}.pem"
        await done(settings, tmp_path, "producers", "make-key", str(key))
        add = ["producers", "add", name, "--public-key", f"{key}.pub", "--name", name, *more]
        await done(settings, tmp_path, *add)
        found[name] = settings.model_copy(update={"kafka_producer_id": name, "kafka_signing_key": key})
    return found


async def test_only_what_is_signed_and_ones_own_is_taken(settings, graph, start_worker, tmp_path, producers):
    house, rai, oil = (producers[name] for name in ("house", "rai", "oil"))
    process = start_worker(1)
    await sent(settings, published("before", "rai", "urn:x"))
    code, _, err = await peyvand(settings, tmp_path, "producers", "require", "--yes")
    assert (code, "does not sign yet" in err) == (5, True)
    await done(house, tmp_path, "producers", "require", "--yes")
    await sent(settings, published("unsigned", "rai", "urn:rai:x"))
    await sent(
        rai,
        published("rai-1", "rai", "urn:rai:x"),
        published("stolen", "oil", "urn:rai:x"),
        published("rai-2", "rai", "urn:oil"),
    )
    await sent(oil, published("oil-1", "oil", "urn:oil:x"), published("rai-1", "oil", "urn:oil:x"))
    await sent(house, published("house-1", "anyone", "urn:peyvand:api"))
    example = await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLE), settings.kafka_bootstrap_servers, "rai", str(rai.kafka_signing_key),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert await example.wait() == 0
    assert await caught_up(settings, graph) == 0
    there = {row["id"] for row in await graph.read("MATCH (d:Demand) WHERE d.body IS NOT NULL RETURN d.id AS id")}
    assert there == {"before", "rai-1", "oil-1", "house-1", "dem-rai-brake-hoses-2027"}
    letters = await in_json(settings, tmp_path, "list")
    assert sorted(one["code"] for one in letters) == ["foreign_source", "not_allowed", "not_allowed", "not_signed"]
    assert process.poll() is None

    await done(house, tmp_path, "producers", "end", "oil")
    await asyncio.sleep(1.5)
    await sent(oil, published("oil-2", "oil", "urn:oil:x"))
    assert await caught_up(settings, graph) == 0
    assert len(await in_json(settings, tmp_path, "list")) == 5
    listed = json.loads(await done(settings, tmp_path, "producers", "list", "--json"))
    assert {one["id"]: one["until"] is None for one in listed["producers"]} == {
        "house": True,
        "rai": True,
        "oil": False,
    }

    process.terminate()
    process.wait(15)
    before, dead = await checksum(graph), end_offsets(settings)["dead-letters:0"]
    publisher = KafkaPublisher(settings)
    result = await rebuild(settings, graph, publisher, lambda *_: None)
    await publisher.stop()
    assert result.after == before, "a rebuild decides of each record as the worker did"
    assert end_offsets(settings)["dead-letters:0"] == dead


async def test_the_command_line_signs_what_it_publishes(settings, graph, start_worker, tmp_path, producers):
    house = producers["house"]
    start_worker(1)
    await done(house, tmp_path, "producers", "require", "--yes")
    line = json.dumps({"type": "DemandPublished", "data": {"demand": demand("by-hand")}})
    for settings_ in (settings, house):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.cli", "publish", "-", env={**os.environ, **environment(settings_)}, cwd=tmp_path,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await process.communicate(line.encode())
        assert process.returncode == 0
    assert await caught_up(settings, graph) == 0
    assert [one["code"] for one in await in_json(settings, tmp_path, "list")] == ["not_signed"]
    assert await graph.read("MATCH (d:Demand {id: 'by-hand'}) RETURN d.version AS v") == [{"v": 1}]
