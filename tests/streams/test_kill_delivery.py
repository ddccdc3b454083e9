"""kill -9 between the answer 200 of a receiver and the mark of it: sent again under the same id, one effect."""

import asyncio

from graph.delivery.endpoints import add_endpoint
from schemas.delivery import Endpoint
from services.chaos.receiver import Receiver
from streams.publish import KafkaPublisher, publish
from tests.service import caught_up
from tests.streams.test_skewed_clock import LEASE_ENDS, QUICK, all_told
from tests.worlds import World

DELIVERIES = "MATCH (d:Delivery) RETURN d.id AS id, d.state AS state"


async def test_killed_after_the_answer_and_before_the_mark(settings, graph, start_worker):
    world = World(seed=95, suppliers=3, offers=30, demands=10, classes=3)
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    victim = start_worker(1, **QUICK, PEYVAND_KILL_AT="deliver.sent-before-mark")
    receiver = await Receiver().start()
    await publish(publisher, events[:3])
    assert await caught_up(settings, graph) == 0
    for n in range(3):
        address = receiver.address(f"w95-s{n}")
        made = await add_endpoint(graph, f"w95-s{n}", Endpoint(kind="webhook", address=address))
        receiver.secrets[f"w95-s{n}"] = made["secret"]
    await publish(publisher, events[3:])
    await publisher.stop()
    assert await asyncio.to_thread(victim.wait, 60) == -9  # in a thread: the receiver lives in this one
    before = set(receiver.effects)
    marked = {row["id"] for row in await graph.read(DELIVERIES) if row["state"] == "sent"}
    assert before - marked, "the receiver has it, and the graph does not know"
    await graph.run(LEASE_ENDS)
    start_worker(1, **QUICK)
    assert await caught_up(settings, graph) == 0
    assert await all_told(graph, 60)
    await receiver.stop()
    rows = {row["id"]: row["state"] for row in await graph.read(DELIVERIES)}
    assert set(rows.values()) == {"sent"}
    assert receiver.effects.keys() == rows.keys()
    assert {one for one, times in receiver.seen.items() if times > 1} <= before - marked
    assert any(times > 1 for times in receiver.seen.values()), "it was sent again, under its id"
    told = [(body["data"]["match_id"], body["data"]["revision"]) for body in receiver.effects.values()]
    assert len(told) == len(set(told))
