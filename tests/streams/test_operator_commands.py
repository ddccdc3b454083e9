"""What operators use: `peyvand dead-letters` and `peyvand audit`, on real servers."""

import asyncio
import json
import os
import sys

import pytest

from graph.matching.knowledge import default_knowledge
from schemas.codec import encode
from streams.publish import KafkaPublisher, Outgoing, publish
from tests.oracle import expected
from tests.service import caught_up, environment
from tests.worlds import TODAY, World

NOT_JSON = b'{"specversion":"1.0", "type": '


async def peyvand(settings, folder, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.cli", *arguments, env={**os.environ, **environment(settings)}, cwd=folder,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def in_json(settings, folder, *arguments: str):
    """What a command prints with --json; it must succeed."""
    code, out, err = await peyvand(settings, folder, "dead-letters", *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


async def refused(settings, folder, *arguments: str) -> tuple[int, str]:
    code, _, err = await peyvand(settings, folder, "dead-letters", *arguments)
    return code, err


@pytest.fixture
async def letters(settings, graph, start_worker):
    """Names of three letters (not JSON, a wrong key, no UTF-8) and the events they were meant to be."""
    world = World(seed=81, suppliers=2, offers=2, demands=1, classes=1)
    events = list(world.registrations())
    start_worker(1)
    publisher = KafkaPublisher(settings)
    key, value, headers = encode(events[0])
    bad = [
        Outgoing("supplier-events", key, NOT_JSON, [("trace", b"\xff1")]),
        Outgoing("supplier-events", b"another", value, headers),
        Outgoing("demand-events", b"d", b"\xff"),
    ]
    receipts = await publisher.send(bad)
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    return [f"{r.topic}:{r.partition}:{r.offset}" for r in receipts], events


async def test_letters_are_listed_and_shown(settings, tmp_path, letters):
    names, _ = letters
    listed = {row["letter"]: row["code"] for row in await in_json(settings, tmp_path, "list")}
    assert listed == dict(zip(names, ["not_json", "wrong_key", "bad_encoding"], strict=True))
    assert [row["letter"] for row in await in_json(settings, tmp_path, "list", "--code", "wrong_key")] == [names[1]]
    shown = await in_json(settings, tmp_path, "show", names[0])
    assert (shown["value"], shown["headers"]) == (NOT_JSON.decode(), [["trace", "\\xff1"]])
    assert (await refused(settings, tmp_path, "show", "demand-events:0:999"))[0] == 4


async def test_letters_are_fixed_and_replayed_once(settings, graph, tmp_path, letters):
    names, events = letters
    file = tmp_path / "mended.json"
    for value, says in ((b'{"type": "nothing"}', "no event"), (encode(events[-1])[1], "belongs on demand-events")):
        file.write_bytes(value)
        code, err = await refused(settings, tmp_path, "fix", names[1], str(file))
        assert code == 2
        assert says in err
    file.write_bytes(encode(events[0])[1])
    assert (await refused(settings, tmp_path, "fix", names[1], str(file)))[0] == 0
    assert (await refused(settings, tmp_path, "replay", names[2]))[0] == 0
    code, err = await refused(settings, tmp_path, "replay", names[2])
    assert code == 5
    assert "already" in err
    assert await caught_up(settings, graph) == 0
    found = await graph.read("MATCH (s:Supplier {id: 'w81-s0'}) RETURN s.event AS event")
    assert found == [{"event": events[0].id}]
    left = {row["letter"] for row in await in_json(settings, tmp_path, "list")}
    assert names[0] in left
    assert not {names[1], names[2]} & left
    assert len(left) == 2, "the replayed bytes are still bad, at a new place"
    again = {row["letter"]: row["sent_again"] for row in await in_json(settings, tmp_path, "list", "--all")}
    assert again[names[1]]["fixed"] is True


async def test_the_audit_by_replay_finds_who_was_eligible_at_publication(settings, graph, start_worker, tmp_path):
    world = World(seed=82, suppliers=6, offers=60, demands=6, classes=2)
    events = list(world.registrations())
    start_worker(1)
    publisher = KafkaPublisher(settings)
    await publish(publisher, events[:60])
    await asyncio.sleep(0.05)
    await publish(publisher, events[66:])
    await asyncio.sleep(0.05)
    await publish(publisher, events[60:66])
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    rows = await graph.read(
        "MATCH (i:DemandItem)-[m:MATCHES]->(o:Offer) RETURN i.demand AS d, count(m) AS n ORDER BY n DESC"
    )
    demand = rows[0]["d"]
    code, out, err = await peyvand(settings, tmp_path, "audit", demand, "--replay", "--json")
    assert code == 0, err
    audit = json.loads(out)
    told = {
        (f"{demand}~{item['item']}", f"{one['supplier_id']}~{one['offer_id']}")
        for item in audit["items"]
        for one in item["told"]
    }
    eligible = {tuple(pair) for pair in audit["at_publication"]["eligible"]}
    wanted = expected([*events[:60], *events[66:]], default_knowledge(), TODAY).matches
    assert eligible == {pair for pair in wanted if pair[0].startswith(f"{demand}~")}
    assert eligible <= told
    assert {offer for _, offer in told - eligible} <= {
        f"{e.data.offer.supplier_id}~{e.data.offer.id}" for e in events[60:66]
    }
    assert all(one["rules"] == audit["rules_now"] for item in audit["items"] for one in item["told"])
