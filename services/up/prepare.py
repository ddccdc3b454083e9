"""What must be there before a worker starts: topics, constraints and indexes, and the product-class tree."""

import asyncio

from graph.driver import Graph
from graph.due import claim_rules
from graph.knowledge import Knowledge
from graph.matching.knowledge import default_knowledge
from graph.model import ensure_schema
from graph.taxonomy_store import read_taxonomy, store_taxonomy, stored_is_packaged, stored_version
from schemas.settings import Settings
from streams.admin import create_topics


async def prepare(settings: Settings, graph: Graph) -> Knowledge:
    """Make everything that is missing; returns the knowledge by the tree that the graph holds."""
    topics = asyncio.to_thread(create_topics, settings)
    await asyncio.gather(topics, ensure_schema(graph))
    return await present_knowledge(graph)


async def present_knowledge(graph: Graph) -> Knowledge:
    """Knowledge by the graph's tree, which is the packaged one unless the user loaded another."""
    packaged = default_knowledge()
    version = await stored_version(graph)
    knowledge = packaged
    if version is None or (version != packaged.taxonomy.version and await stored_is_packaged(graph)):
        await store_taxonomy(graph, packaged.taxonomy, packaged=True)
    elif version != packaged.taxonomy.version:
        tree = await read_taxonomy(graph)
        knowledge = packaged if tree is None else Knowledge(tree)
    await claim_rules(graph, knowledge.version)
    return knowledge
