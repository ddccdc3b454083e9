"""What changes without an event: the day, and the rules."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import streams.upkeep
from graph.due import claim_rules
from graph.matching.knowledge import Knowledge, default_knowledge
from graph.taxonomy.model import Taxonomy
from graph.taxonomy_store import store_taxonomy
from streams.pipeline import Pipeline
from streams.publish import KafkaPublisher, MemoryPublisher, publish
from streams.upkeep import Upkeep
from tests.assertions import assert_graph_is, assert_told_once
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World

BEHIND = """
MATCH (i:DemandItem {open: true})
WHERE i.decided_on < $today
RETURN count(i) AS n
"""
STALE = """
MATCH (n:Offer|DemandItem|Supplier)
WHERE n.rules <> $rules
RETURN count(n) AS n
"""


async def published(settings, world: World):
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    await publish(publisher, events)
    await publisher.stop()
    return events


async def until_none(graph, query: str, **parameters: object) -> None:
    async with asyncio.timeout(60):
        while (await graph.read(query, **parameters))[0]["n"]:
            await asyncio.sleep(0.2)


async def test_a_new_day_withdraws_what_has_lapsed(settings, graph, start_worker):
    events = await published(settings, World(seed=81, suppliers=20, offers=150, demands=60, classes=8))
    first = start_worker(1)
    assert await caught_up(settings, graph) == 0
    before = expected(events, default_knowledge(), TODAY)
    await assert_graph_is(graph, before)
    first.terminate()
    first.wait(15)
    later = TODAY + timedelta(days=210)  # some needed dates and certificates have passed by then
    start_worker(1, PEYVAND_TODAY=later.isoformat())
    await until_none(graph, BEHIND, today=later.isoformat())
    assert await caught_up(settings, graph) == 0
    after = expected(events, default_knowledge(), later)
    assert len(after.matches) < len(before.matches)
    await assert_graph_is(graph, after)
    await assert_told_once(graph, after)


async def test_another_tree_is_taken_up_by_running_workers(settings, graph, start_worker):
    world = World(seed=82, suppliers=20, offers=150, demands=60, classes=8)
    events = await published(settings, world)
    start_worker(1)
    assert await caught_up(settings, graph) == 0
    tree = default_knowledge().taxonomy
    gone = world.chosen[0]  # the most popular class now makes something else under a new id
    assert not tree.children(gone)
    classes = [replace(c, id=f"{c.id}-renamed") if c.id == gone else c for c in tree]
    changed = Taxonomy(classes)
    rules = Knowledge(changed)
    await store_taxonomy(graph, changed)
    await claim_rules(graph, rules.version)
    await until_none(graph, STALE, rules=rules.version)
    await asyncio.sleep(1)
    assert await caught_up(settings, graph) == 0
    await assert_graph_is(graph, expected(events, rules, TODAY))
    await store_taxonomy(graph, tree, packaged=True)
    await claim_rules(graph, default_knowledge().version)


async def test_a_worker_of_another_release_gives_way(graph, monkeypatch):
    pipeline = Pipeline(graph, MemoryPublisher(), default_knowledge(), today=lambda: TODAY, owner="w")
    monkeypatch.setattr(streams.upkeep, "OTHER_RULES_SECONDS", 0.0)
    fenced = []
    upkeep = Upkeep(pipeline, fenced=fenced.append)
    await claim_rules(graph, default_knowledge().version)
    await upkeep.all_due()
    assert fenced == []
    await claim_rules(graph, "of-a-newer-release")
    await upkeep.all_due()
    assert fenced == ["of-a-newer-release"]
    await claim_rules(graph, default_knowledge().version)
