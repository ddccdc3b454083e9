"""Where the faults happen: the embedded stack behind two proxies, workers, load and a receiver."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from graph.cursors import ALL_CURSORS
from graph.delivery.endpoints import add_endpoint
from graph.driver import Graph
from schemas.delivery import Endpoint
from schemas.errors import PeyvandError
from schemas.settings import Settings
from schemas.topics import CONSUMED
from services.chaos.load import Load
from services.chaos.proxy import Proxy
from services.chaos.receiver import Receiver
from services.chaos.workers import Workers
from services.chaos.world import TODAY, World
from services.local.endpoints import Endpoints
from services.local.ports import free_ports
from services.local.stack import LocalStack
from services.up.prepare import prepare
from streams.admin import end_offsets

PARTITIONS: Final = 4
SCHEDULE: Final = "0 0.2s 0.4s 0.8s " + " ".join(["1s"] * 400)
POLL_SECONDS: Final = 0.25
START_SECONDS: Final = 180.0


@dataclass(slots=True)
class Site:
    """Everything a fault may lay hands on. `graph` and `settings` go past the proxy of Neo4j, `workers` do not."""

    stack: LocalStack
    settings: Settings
    graph: Graph
    kafka: Proxy
    neo4j: Proxy
    workers: Workers
    load: Load
    receiver: Receiver
    rng: random.Random
    poison: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """Bytes of damaged records by `topic:partition:offset`."""

    async def lag(self) -> int:
        """Events that are not matched yet; raises PeyvandError while a server is away."""
        ends = await asyncio.to_thread(end_offsets, self.settings)
        return await self.behind(ends)

    async def behind(self, ends: dict[str, int]) -> int:
        """Events below these offsets that are not matched yet."""
        found = {row["tp"]: row["matched"] for row in await self.graph.read(ALL_CURSORS)}
        wanted = {tp: end for tp, end in ends.items() if tp.rpartition(":")[0] in CONSUMED}
        return sum(max(0, end - found.get(tp, 0)) for tp, end in wanted.items())

    async def recovered(self, seconds: float) -> float | None:
        """Seconds until what is in the log now is matched; None when that takes longer than `seconds`."""
        started = time.monotonic()
        ends: dict[str, int] | None = None
        while time.monotonic() - started < seconds:
            try:
                ends = ends or await asyncio.to_thread(end_offsets, self.settings)
                if await self.behind(ends) == 0:
                    return time.monotonic() - started
            except PeyvandError:
                pass  # a server is still on its way back
            await asyncio.sleep(POLL_SECONDS)
        return None


@contextlib.asynccontextmanager
async def open_site(
    base: Settings, folder: Path, seed: int, *, workers: int, rate: float, world: World, cache_dir: Path | None = None
) -> AsyncGenerator[Site]:
    """Start everything, publish the world once, let every supplier have a webhook; stop everything at the end."""
    rng = random.Random(seed)
    kafka_port, kafka_proxy_port = free_ports(2)
    stack = LocalStack(
        folder / "stack", kafka_port=kafka_port, kafka_advertised_port=kafka_proxy_port, cache_dir=cache_dir
    )
    async with contextlib.AsyncExitStack() as cleanup:
        endpoints = await asyncio.to_thread(stack.start)
        cleanup.callback(stack.stop)
        kafka, neo4j = Proxy(kafka_port, kafka_proxy_port), Proxy(int(endpoints.neo4j_uri.rpartition(":")[2]))
        for proxy in (kafka, neo4j):
            await proxy.start()
            cleanup.push_async_callback(proxy.stop)
        settings = _settings(base, endpoints, kafka.port, f"chaos-{seed}")
        through = settings.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{neo4j.port}"})
        graph = Graph(settings)
        cleanup.push_async_callback(graph.close)
        await prepare(settings, graph)
        receiver = await Receiver(fail=0.5, seed=seed).start()
        cleanup.push_async_callback(receiver.stop)
        load = Load(world, settings, rate, rng)
        cleanup.push_async_callback(load.stop)
        crew = Workers(through, folder)
        site = Site(stack, settings, graph, kafka, neo4j, crew, load, receiver, rng)
        for slot in range(1, workers + 1):
            crew.start(slot)
        cleanup.push_async_callback(crew.stop)
        tending = asyncio.create_task(crew.tend())
        cleanup.push_async_callback(_cancel, tending)
        await _subscribe(site, world)
        await load.start()
        await site.recovered(START_SECONDS)  # so that the first fault is not charged with the first load
        yield site


def _settings(base: Settings, endpoints: Endpoints, kafka_port: int, group: str) -> Settings:
    """The service's settings, for the stack of this run."""
    return base.model_copy(
        update={
            "kafka_bootstrap_servers": f"127.0.0.1:{kafka_port}",
            "kafka_security_protocol": "PLAINTEXT",
            "kafka_replication": 1,
            "kafka_partitions": PARTITIONS,
            "neo4j_uri": endpoints.neo4j_uri,
            "neo4j_user": endpoints.neo4j_user,
            "neo4j_password": SecretStr(endpoints.neo4j_password),
            "neo4j_database": "neo4j",
            "group_id": group,
            "today": TODAY,
            "webhook_allow_private": True,
            "webhook_timeout_seconds": 2.0,
            "webhook_schedule": SCHEDULE,
            "gap_settle_seconds": 5.0,
            "log_level": "info",
        }
    )


async def _subscribe(site: Site, world: World) -> None:
    """Publish suppliers first, so that endpoints may be added, and every telling reaches a receiver."""
    await site.load.begin(world.suppliers)
    while (await site.recovered(90)) is None:
        pass
    for n in range(world.suppliers):
        supplier = f"w{world.seed}-s{n}"
        address = site.receiver.address(supplier)
        made = await add_endpoint(
            site.graph, supplier, Endpoint.model_validate({"kind": "webhook", "address": address})
        )
        if made is not None:
            site.receiver.secrets[supplier] = made["secret"]


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
