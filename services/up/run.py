"""The order of things in `peyvand up`: servers, preparation, workers and API, demonstration, story, watch, stop."""

import asyncio
import contextlib
import threading
import time
from dataclasses import dataclass

import httpx
from rich.console import Console

from graph.demonstration import seeded
from graph.driver import Graph
from graph.knowledge import default_knowledge
from schemas.errors import UnavailableError
from schemas.settings import ENV_FILE, Settings, write_env_file
from services.access.openness import require_safe
from services.local.ports import require_free
from services.local.progress import PlainProgress, Progress, RichProgress
from services.local.stack import LocalStack
from services.up.children import Children
from services.up.prepare import prepare
from services.up.seed import seed
from services.up.signals import sigterm_as_interrupt
from services.up.story import settled, tell
from services.up.watch import watch
from streams.publish import KafkaPublisher

API_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    workers: int = 2
    demonstration: bool = True
    kafka_port: int | None = 9092
    neo4j_port: int | None = 7687
    until_settled: bool = False


def up(settings: Settings, options: Options, console: Console) -> int:
    """Run everything in the foreground; returns the exit code. LocalStackError or PeyvandError when it cannot start."""
    started = time.monotonic()
    require_safe(settings)
    require_free(settings.api_port, "the API")
    stack = LocalStack(
        settings.data_dir / "stack", kafka_port=options.kafka_port or None, neo4j_port=options.neo4j_port or None
    )
    with sigterm_as_interrupt(), contextlib.ExitStack() as cleanup:
        cleanup.callback(stack.stop)
        children: Children | None = None
        try:
            bars = RichProgress(console) if console.is_terminal else None
            progress: Progress = cleanup.enter_context(bars) if bars else PlainProgress()
            threading.Thread(target=default_knowledge, daemon=True).start()  # read while the servers start
            endpoints = stack.start(progress)
            settings = settings.model_copy(
                update={
                    "kafka_bootstrap_servers": endpoints.bootstrap_servers,
                    "neo4j_uri": endpoints.neo4j_uri,
                    "neo4j_user": endpoints.neo4j_user,
                    "neo4j_password": type(settings.neo4j_password)(endpoints.neo4j_password),
                    "data_dir": settings.data_dir.absolute(),
                }
            )
            env_file = settings.data_dir / ENV_FILE
            write_env_file(settings, env_file)
            cleanup.callback(lambda: env_file.unlink(missing_ok=True))
            children = Children(settings.data_dir)
            return asyncio.run(_run(settings, options, console, children, stack, progress, bars, started))
        except KeyboardInterrupt:
            return 0
        finally:
            console.print("Stopping ...")
            if children is not None:
                children.stop()


async def _run(
    settings: Settings,
    options: Options,
    console: Console,
    children: Children,
    stack: LocalStack,
    progress: Progress,
    bars: RichProgress | None,
    started: float,
) -> int:
    graph, publisher = Graph(settings), KafkaPublisher(settings)
    try:
        progress("prepare topics, indexes and classes", 0, 1)
        workers = [
            children.add(f"worker-{slot}", "worker", "--slot", str(slot)) for slot in range(1, options.workers + 1)
        ]
        await prepare(settings, graph)
        api = children.add("api", "api")
        progress("prepare topics, indexes and classes", 1, 1)
        if options.demonstration and not await seeded(graph):
            progress("publish the demonstration", 0, 1)
            receipts = await seed(graph, publisher, settings.today)
            progress("publish the demonstration", 1, 1)
            progress("match", 0, 1)
            if not await settled(graph, receipts):
                console.print("[yellow]The workers take long; what follows may be incomplete. See `peyvand status`.[/]")
            progress("match", 1, 1)
        await _api_ready(settings)
        if bars is not None:
            bars.__exit__(None, None, None)
        await tell(console, graph, settings)
        console.print(f"Ready after {time.monotonic() - started:.1f} s.")
        if options.until_settled:
            return 0
        return await watch(console, settings, graph, children, [*workers, api], stack)
    finally:
        await publisher.stop()
        await graph.close()


async def _api_ready(settings: Settings) -> None:
    url = f"http://{settings.api_host}:{settings.api_port}/readyz"
    deadline = time.monotonic() + API_SECONDS
    async with httpx.AsyncClient(trust_env=False) as client:
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(url, timeout=2)).is_success:
                    return
            await asyncio.sleep(0.2)
    msg = f"the API does not answer at {url}"
    raise UnavailableError(msg, hint=f"See {settings.data_dir}/logs/api.log.")
