"""Running one worker: waits until topics and tree are there, then works until it is told to stop."""

import asyncio

import structlog

from graph.driver import Graph
from graph.due import stored_rules
from graph.knowledge import Knowledge, default_knowledge
from graph.model import schema_ready
from graph.slots import free_slot
from graph.taxonomy_store import stored_version
from schemas.errors import UnavailableError
from schemas.settings import Settings
from schemas.topics import TOPICS
from streams.admin import admin, known_topics
from streams.app import Worker, owner_name

log = structlog.get_logger()


def run_worker(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    knowledge = await _ready(settings)
    if not settings.worker_slot:
        graph = Graph(settings)
        try:
            slot = await free_slot(graph, settings.group_id, owner_name())
        finally:
            await graph.close()
        settings = settings.model_copy(update={"worker_slot": slot})
    await Worker(settings, knowledge).run()


async def _ready(settings: Settings) -> Knowledge:
    knowledge = default_knowledge()
    graph = Graph(settings)
    try:
        said = ""
        while True:
            try:
                missing = await _missing(settings, graph)
                if missing is None:
                    return await stored_rules(graph, knowledge) or knowledge
            except UnavailableError as error:
                missing = error.detail
            if missing != said:
                log.info("worker.waits", what=missing)
                said = missing
            await asyncio.sleep(0.3)
    finally:
        await graph.close()


async def _missing(settings: Settings, graph: Graph) -> str | None:
    if not await schema_ready(graph):
        return "constraints and indexes (made by `peyvand up` or `peyvand prepare`)"
    if await stored_version(graph) is None:
        return "the product-class tree (made by `peyvand up` or `peyvand prepare`)"
    there = await asyncio.to_thread(_topics, settings)
    lacking = [topic.name for topic in TOPICS if topic.name not in there]
    return f"topics {', '.join(lacking)} (made by `peyvand topics create`)" if lacking else None


def _topics(settings: Settings) -> set[str]:
    with admin(settings) as client:
        return set(known_topics(client))
