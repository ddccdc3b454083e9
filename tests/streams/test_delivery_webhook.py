"""Webhooks on real servers: a receiver that fails half of the time gets every notification, each once by id."""

import asyncio
import random
import signal
import time

import pytest

from graph.delivery.endpoints import add_endpoint, rotate_secret
from graph.delivery.log import deliveries, ping, send_again
from schemas.delivery import Endpoint
from services.chaos.receiver import Receiver
from streams.publish import KafkaPublisher, publish
from streams.rebuild import rebuild
from tests.service import caught_up
from tests.worlds import World, shaken

QUICK = {
    "PEYVAND_WEBHOOK_SCHEDULE": " ".join(["0", "0.1s", "0.2s", "0.4s"] + ["0.5s"] * 40),
    "PEYVAND_WEBHOOK_ALLOW_PRIVATE": "true",
    "PEYVAND_WEBHOOK_TIMEOUT_SECONDS": "2",
}
WAITING = "MATCH (d:Delivery {state: 'pending'}) RETURN count(d) AS n"


@pytest.fixture
async def receiver():
    made = await Receiver().start()
    yield made
    await made.stop()


async def subscribe(graph, receiver, suppliers, **more):
    """One webhook for each supplier, at a path of its own; endpoint ids by supplier."""
    found = {}
    for supplier in suppliers:
        path = f"hook-{supplier}"
        made = await add_endpoint(graph, supplier, Endpoint(kind="webhook", address=receiver.address(path), **more))
        assert made is not None
        receiver.secrets[path] = made["secret"]
        found[supplier] = made["id"]
    return found


async def delivered(graph, seconds=90.0):
    """Wait until nothing is pending; returns how much is."""
    deadline = time.monotonic() + seconds
    left = -1
    while time.monotonic() < deadline and (left := (await graph.read(WAITING))[0]["n"]):
        await asyncio.sleep(0.25)
    return left


async def test_a_receiver_that_fails_half_of_the_time_gets_everything_once(settings, graph, start_worker, receiver):
    receiver.fail = 0.5
    world = World(seed=71, suppliers=8, offers=80, demands=30, classes=8)
    events = list(world.registrations())
    later = shaken(list(world.later(200)), random.Random(3))
    publisher = KafkaPublisher(settings)
    process = start_worker(1, **QUICK)
    await publish(publisher, events[:88])
    assert await caught_up(settings, graph) == 0
    await subscribe(graph, receiver, [f"w71-s{n}" for n in range(8)])
    await publish(publisher, events[88:])
    await publish(publisher, later)
    assert await caught_up(settings, graph) == 0
    process.send_signal(signal.SIGKILL)
    process.wait()
    start_worker(1, **QUICK)
    assert await delivered(graph) == 0
    rows = await graph.read("MATCH (n:Notice) RETURN n.id AS id, n.kind AS kind, n.match AS match, n.revision AS rev")
    planned = await graph.read("MATCH (d:Delivery)-[:OF]->(n:Notice) RETURN d.id AS id, d.state AS state")
    assert len(rows) == len(planned) > 50
    assert {row["state"] for row in planned} == {"sent"}
    assert set(receiver.effects) == {row["id"] for row in planned}
    told = {(body["data"].get("match_id"), body["data"].get("revision")) for body in receiver.effects.values()}
    assert told == {(row["match"], row["rev"]) for row in rows}
    assert receiver.failures > 20
    assert receiver.forged == 0
    await publisher.stop()


async def test_rebuild_tells_nobody_again_and_a_new_endpoint_hears_only_what_is_new(
    settings, graph, start_worker, receiver
):
    world = World(seed=72, suppliers=4, offers=40, demands=15, classes=4)
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    process = start_worker(1, **QUICK)
    await publish(publisher, events)
    assert await caught_up(settings, graph) == 0
    await subscribe(graph, receiver, [f"w72-s{n}" for n in range(4)])
    await publish(publisher, list(world.later(60)))
    assert await caught_up(settings, graph) == 0
    assert await delivered(graph) == 0
    before = dict(receiver.seen)
    assert before
    process.terminate()
    process.wait(15)
    assert (await rebuild(settings, graph, publisher, lambda *_: None)).differing == []
    start_worker(1, **QUICK)
    assert await caught_up(settings, graph) == 0
    await asyncio.sleep(1.5)
    assert await delivered(graph) == 0
    assert dict(receiver.seen) == before
    links = await graph.read("MATCH (d:Delivery)-[:OF]->(:Notice) RETURN count(DISTINCT d) AS n")
    assert links[0]["n"] == len(before)
    await publisher.stop()


async def test_one_slow_endpoint_delays_no_other(settings, graph, start_worker, receiver):
    slow = await Receiver(slow_seconds=30).start()
    world = World(seed=73, suppliers=6, offers=60, demands=20, classes=4)
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    start_worker(1, **QUICK, PEYVAND_DELIVER_AT_ONCE="4")
    await publish(publisher, events[:6])
    assert await caught_up(settings, graph) == 0
    await subscribe(graph, slow, ["w73-s0", "w73-s1"])
    quick = await subscribe(graph, receiver, [f"w73-s{n}" for n in range(2, 6)])
    await publish(publisher, events[6:])
    assert await caught_up(settings, graph) == 0
    deadline = time.monotonic() + 15
    query = "MATCH (d:Delivery {state: 'pending'}) WHERE d.endpoint IN $ids RETURN count(d) AS n"
    while (await graph.read(query, ids=list(quick.values())))[0]["n"] and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    assert (await graph.read(query, ids=list(quick.values())))[0]["n"] == 0
    assert len(receiver.effects) > 20
    assert (await graph.read(WAITING))[0]["n"] > 0, "the slow ones wait"
    await slow.stop()
    await publisher.stop()


async def test_gone_disables_and_the_owner_is_told(settings, graph, start_worker, receiver):
    world = World(seed=74, suppliers=1, offers=20, demands=10, classes=2)
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    start_worker(1, **QUICK)
    await publish(publisher, events[:1])
    assert await caught_up(settings, graph) == 0
    gone = Receiver()
    await gone.start()
    gone.secrets["gone"] = "whsec_" + "A" * 44  # every signature is wrong, and answered by 401
    made = await add_endpoint(graph, "w74-s0", Endpoint(kind="webhook", address=gone.address("gone")))
    other = await subscribe(graph, receiver, ["w74-s0"])
    await publish(publisher, events[1:])
    assert await caught_up(settings, graph) == 0
    await graph.run("MATCH (e:Endpoint {id: $id}) SET e.failing_since = 1.0", id=made["id"])
    deadline = time.monotonic() + 20
    while "EndpointDisabled" not in {row["kind"] for row in await graph.read("MATCH (n:Notice) RETURN n.kind AS kind")}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    assert await caught_up(settings, graph) == 0
    row = (
        await graph.read("MATCH (e:Endpoint {id: $id}) RETURN e.enabled AS on, e.disabled_why AS why", id=made["id"])
    )[0]
    assert row["on"] is False
    assert "401" in row["why"]
    deadline = time.monotonic() + 20
    while not any(body["type"] == "endpoint.disabled" for body in receiver.effects.values()):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    # a ping, a turned-over secret and a delivery sent again by hand
    old = receiver.secrets["hook-w74-s0"]
    assert await rotate_secret(graph, "w74-s0", other["w74-s0"]) is not None
    pinged = await ping(graph, "w74-s0", other["w74-s0"], "2026-11-24T08:00:00Z")
    rows = await deliveries(graph, "w74-s0", other["w74-s0"], (1e12, ""), 50, None)
    first = next(row["id"] for row in rows if row["state"] == "sent")
    assert await send_again(graph, "w74-s0", other["w74-s0"], first)
    deadline = time.monotonic() + 20
    while pinged not in receiver.effects or receiver.seen[first] < 2:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    assert receiver.secrets["hook-w74-s0"] == old
    assert receiver.forged == 0, "signed with the old secret too"
    await gone.stop()
    await publisher.stop()
