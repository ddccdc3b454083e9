"""kill -9 at each point of the loop where a crash could lose or double something."""

import pytest

from graph.matching.knowledge import default_knowledge
from streams.publish import KafkaPublisher, publish
from tests.assertions import assert_graph_is, assert_told_once
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World

POINTS = [
    "apply.before-commit",
    "apply.after-commit",
    "match.before-commit",
    "match.after-commit",
    "outbox.sent-before-mark",
]


@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_point_nothing_is_lost_or_doubled(point, settings, graph, start_worker):
    world = World(seed=POINTS.index(point), suppliers=10, offers=60, demands=20, classes=6)
    events = list(world.registrations())
    publisher = KafkaPublisher(settings)
    await publish(publisher, events)
    await publisher.stop()
    victim = start_worker(1, PEYVAND_KILL_AT=point)
    assert victim.wait(60) == -9
    start_worker(1)
    assert await caught_up(settings, graph, 60) == 0
    wanted = expected(events, default_knowledge(), TODAY)
    assert wanted.matches
    await assert_graph_is(graph, wanted)
    await assert_told_once(graph, wanted)
