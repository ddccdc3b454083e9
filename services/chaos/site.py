"""Where the faults happen: the embedded stack behind two proxies, workers, load and a receiver."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from graph.cursors import ALL_CURSORS
from graph.delivery.endpoints import add_endpoint
from graph.delivery.queue import PENDING
from graph.driver import Graph
from graph.facets import PENDING_DELIVERIES
from graph.outbox import waiting
from schemas.delivery import Endpoint
from schemas.errors import PeyvandError, UnavailableError
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
CALM_LOOKS: Final = 4
CALM_SECONDS: Final = 0.5
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
    poison: dict[str, bytes | None] = field(default_factory=dict[str, bytes | None])
    """Bytes of damaged records by `topic:partition:offset`."""
    gone: dict[str, str] = field(default_factory=dict[str, str])
    """Suppliers by their endpoints that answer 410."""
    points_hit: Counter[str] = field(default_factory=Counter[str])
    """How often a worker died at each kill point."""
    still: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever disturbs, and by who wants it quiet."""

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

    async def delivered(self, seconds: float) -> float | None:
        """Seconds until everything that waits to be delivered now is; None when that takes longer than `seconds`."""
        started = time.monotonic()
        wanted: set[str] | None = None
        while time.monotonic() - started < seconds:
            with contextlib.suppress(PeyvandError):
                pending = {row["id"] for row in await self.graph.read(PENDING_DELIVERIES)}
                wanted = pending if wanted is None else wanted & pending
                if not wanted:
                    return time.monotonic() - started
            await asyncio.sleep(POLL_SECONDS)
        return None

    async def settled(self, seconds: float) -> bool:
        """Wait until the log is matched to its end, all news is sent and every delivery made."""
        until, calm = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            with contextlib.suppress(PeyvandError):
                pending = (await self.graph.read(PENDING))[0]["n"]
                left = await self.lag() + (await waiting(self.graph))["rows"] + pending
                calm = calm + 1 if left == 0 else 0
                if calm >= CALM_LOOKS:  # news that is told is consumed and delivered again
                    return True
            await asyncio.sleep(CALM_SECONDS)
        return False


Fault = Callable[[Site], Awaitable[None]]


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
    if await site.recovered(START_SECONDS) is None:
        ends = ", ".join(f"{n} times with code {code}" for code, n in site.workers.ends.items()) or "never"
        msg = f"the workers did nothing for {START_SECONDS:.0f} s; they ended: {ends}"
        raise UnavailableError(msg, hint="Give --logs FOLDER to see what they say.")
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
