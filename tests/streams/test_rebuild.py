"""Dropping the graph and replaying the log gives the same graph, and tells nobody twice."""

import asyncio
import random

import pytest

import streams.rebuild
from graph.checksum import checksum
from graph.driver import Graph
from graph.matching.knowledge import default_knowledge
from graph.rebuild import delete_all, mark, marker
from streams.admin import end_offsets
from streams.publish import KafkaPublisher, publish
from streams.rebuild import rebuild
from tests.assertions import assert_graph_is, assert_told_once
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World, shaken


def silent(*_: object) -> None:
    pass


async def lived(settings, graph: Graph, start_worker, seed: int):
    """A service that has lived: events came in three waves, so that matches were told, changed and withdrawn."""
    world = World(seed=seed, suppliers=20, offers=120, demands=40, classes=10)
    events = list(world.registrations())
    events += shaken(list(world.later(500)), random.Random(seed))
    process = start_worker(1)
    publisher = KafkaPublisher(settings)
    for wave in (events[:200], events[200:450], events[450:]):
        await publish(publisher, wave)
        assert await caught_up(settings, graph) == 0
    return events, publisher, process


async def test_rebuild_gives_an_equal_graph_and_no_news(settings, graph, start_worker):
    events, publisher, process = await lived(settings, graph, start_worker, 41)
    process.terminate()
    process.wait(15)
    told = (await asyncio.to_thread(end_offsets, settings)).items()
    news = sum(end for tp, end in told if tp.startswith("match-events:"))
    result = await rebuild(settings, graph, publisher, silent)
    assert result.differing == []
    assert result.told == 0
    after = (await asyncio.to_thread(end_offsets, settings)).items()
    assert sum(end for tp, end in after if tp.startswith("match-events:")) == news
    await publisher.stop()
    wanted = expected(events, default_knowledge(), TODAY)
    await assert_graph_is(graph, wanted)
    await assert_told_once(graph, wanted)


async def test_rebuild_beside_running_workers_and_new_events(settings, graph, start_worker):
    events, publisher, process = await lived(settings, graph, start_worker, 43)
    before = await checksum(graph)
    result = await rebuild(settings, graph, publisher, silent)
    assert result.after == before
    if process.poll() is not None:  # it had work, was fenced and ended: its supervisor starts it again
        start_worker(1)
    more = list(World(seed=44, suppliers=5, offers=30, demands=10, classes=10).registrations())
    await publish(publisher, more)
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    wanted = expected([*events, *more], default_knowledge(), TODAY)
    await assert_graph_is(graph, wanted)


async def test_an_interrupted_rebuild_is_finished_by_the_next(settings, graph, start_worker):
    _, publisher, process = await lived(settings, graph, start_worker, 45)
    process.terminate()
    process.wait(15)
    before = await checksum(graph)
    await mark(graph, "rebuild:elsewhere:0", "seeding")
    await delete_all(graph)
    found = await marker(graph)
    assert found is not None
    await graph.run("MATCH (m:Meta {id: 'rebuild'}) SET m.at = 0.0")  # it gave no sign of life for long
    result = await rebuild(settings, graph, publisher, silent)
    await publisher.stop()
    assert result.before == {}
    assert result.after == before
    assert await marker(graph) is None


async def test_workers_finish_a_rebuild_that_died_while_it_replayed(settings, graph, start_worker, monkeypatch):
    _, publisher, process = await lived(settings, graph, start_worker, 46)
    process.terminate()
    process.wait(15)
    before = await checksum(graph)

    class DiedError(Exception):
        pass

    async def died(*_: object) -> list[str]:
        raise DiedError

    monkeypatch.setattr(streams.rebuild.graph_rebuild, "open_items", died)
    with pytest.raises(DiedError):
        await rebuild(settings, graph, publisher, silent)
    await publisher.stop()
    await graph.run("MATCH (m:Meta {id: 'rebuild'}) SET m.at = 0.0")
    start_worker(1)
    async with asyncio.timeout(90):
        while (await checksum(graph))["all"] != before["all"]:
            await asyncio.sleep(0.5)
    assert await marker(graph) is None
