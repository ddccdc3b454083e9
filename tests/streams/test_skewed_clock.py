"""A worker whose clock is an hour wrong: nothing waits for that hour, neither with it nor after its end."""

import asyncio
import os
import subprocess
import sys
import time

import pytest

from graph.delivery.endpoints import add_endpoint
from schemas.delivery import Endpoint
from services.chaos.receiver import Receiver
from streams.publish import KafkaPublisher, publish
from tests.assertions import assert_told_once
from tests.oracle import expected
from tests.service import caught_up, environment
from tests.streams.feeding import KNOWLEDGE
from tests.worlds import TODAY, World

HOUR = 3600.0
QUICK = {
    "PEYVAND_WEBHOOK_SCHEDULE": " ".join(["0", "0.2s"] + ["0.5s"] * 100),
    "PEYVAND_WEBHOOK_ALLOW_PRIVATE": "true",
    "PEYVAND_WEBHOOK_TIMEOUT_SECONDS": "2",
}
WAITING = "MATCH (d:Delivery {state: 'pending'}) RETURN count(d) AS n"
LEASE_ENDS = "MATCH (e:Endpoint) WHERE e.lease IS NOT NULL SET e.lease_until = e.lease_until - 40"  # as if 40 s went by


@pytest.fixture
async def receiver():
    made = await Receiver(fail=0.5).start()
    yield made
    await made.stop()


@pytest.fixture
def start_skewed(settings, tmp_path):
    started = []

    def start(seconds: float, **extra: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.chaos.skewed", str(seconds), "worker", "--slot", "2"],
            env={**os.environ, **environment(settings), **QUICK, **extra}, cwd=tmp_path,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


async def all_told(graph, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while (await graph.read(WAITING))[0]["n"]:
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.25)
    return True


@pytest.mark.parametrize(
    ("seconds", "dies_at"),
    [(HOUR, ("outbox.sent-before-mark", "deliver.sent-before-mark")), (-HOUR, ())],
)
async def test_nothing_waits_for_the_hour(seconds, dies_at, settings, graph, start_worker, start_skewed, receiver):
    world = World(seed=94, suppliers=4, offers=40, demands=15, classes=4)
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    first = start_worker(1, **QUICK)
    await publish(publisher, events[:4])
    assert await caught_up(settings, graph) == 0
    first.terminate()
    first.wait()
    for n in range(4):
        address = receiver.address(f"w94-s{n}")
        made = await add_endpoint(graph, f"w94-s{n}", Endpoint(kind="webhook", address=address))
        receiver.secrets[f"w94-s{n}"] = made["secret"]
    await publish(publisher, events[4:])
    await publisher.stop()
    for point in dies_at:
        assert await asyncio.to_thread(start_skewed(seconds, PEYVAND_KILL_AT=point).wait, 60) == -9
    if dies_at:
        await graph.run(LEASE_ENDS)
        start_worker(1, **QUICK)
    else:
        start_skewed(seconds)
    assert await caught_up(settings, graph, 40) == 0
    assert await all_told(graph, 40)
    await assert_told_once(graph, expected(events, KNOWLEDGE, TODAY))
    assert len(receiver.effects) > 20
    assert receiver.forged == 0, "signed with a time that receivers take"
