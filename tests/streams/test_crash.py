"""kill -9 of workers while `peyvand publish` sends 20,000 mixed events: nothing is lost, nothing doubled."""

import asyncio
import json
import os
import random
import signal
import sys

from graph.matching.knowledge import default_knowledge
from schemas.codec import encode
from tests.assertions import assert_graph_is, assert_told_once
from tests.oracle import expected
from tests.service import caught_up, environment
from tests.worlds import TODAY, World, shaken

EVENTS = 20_000


async def test_workers_killed_during_publish_lose_and_double_nothing(settings, graph, start_worker, tmp_path):
    world = World(seed=23, suppliers=150, offers=900, demands=250, classes=60)
    events = list(world.registrations())
    events += list(world.later(int(EVENTS / 1.02) - len(events)))
    rng = random.Random(7)
    events = shaken(events, rng)
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"".join(encode(event)[1] + b"\n" for event in events))
    workers = {slot: start_worker(slot) for slot in (1, 2)}
    publishing = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.cli", "publish", str(file), "--json",
        env={**os.environ, **environment(settings)}, stdout=asyncio.subprocess.PIPE, cwd=tmp_path,
    )  # fmt: skip
    killed = 0

    async def kill_and_start_again() -> None:
        nonlocal killed
        while killed < 6:
            await asyncio.sleep(rng.uniform(1.5, 4.0))
            slot = rng.choice([1, 2])
            workers[slot].send_signal(signal.SIGKILL)
            workers[slot].wait()
            killed += 1
            workers[slot] = start_worker(slot)

    killing = asyncio.create_task(kill_and_start_again())
    out, _ = await publishing.communicate()
    assert publishing.returncode == 0
    acknowledged = [json.loads(line)["id"] for line in out.splitlines()]
    assert acknowledged == [event.id for event in events]
    await killing
    assert await caught_up(settings, graph, 240) == 0
    wanted = expected(events, default_knowledge(), TODAY)
    assert len(wanted.matches) > 100
    await assert_graph_is(graph, wanted)
    await assert_told_once(graph, wanted)
