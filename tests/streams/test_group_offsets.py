"""Kafka's memory of a group is a hint: it can be deleted or set back once nobody is in the group, and not before."""

import asyncio
import time

import pytest

from schemas.errors import ConflictError
from streams.admin import committed_offsets, delete_group, group_members, rewind_group
from streams.publish import KafkaPublisher, publish
from tests.assertions import assert_told_once
from tests.oracle import expected
from tests.service import caught_up
from tests.streams.feeding import KNOWLEDGE
from tests.worlds import TODAY, World


async def test_a_group_is_changed_only_when_nobody_is_in_it_and_nothing_happens_then(settings, graph, start_worker):
    world = World(seed=96, suppliers=6, offers=40, demands=15, classes=3)
    events = list(world.registrations())
    group = settings.group_id
    publisher = KafkaPublisher(settings)
    process = start_worker(1)
    await publish(publisher, events)
    assert await caught_up(settings, graph) == 0
    assert group_members(settings, group) == {f"{group}-1": 20}
    process.terminate()
    process.wait(15)
    for change in (rewind_group, delete_group):
        with pytest.raises(ConflictError):  # a static member is in it until its session has run out
            change(settings, group)
    deadline = time.monotonic() + 25
    while group_members(settings, group):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.5)
    assert any(committed_offsets(settings, group).values())
    rewind_group(settings, group)
    assert not any(committed_offsets(settings, group).values())
    start_worker(1)
    later = list(world.later(50))
    await publish(publisher, later)
    await publisher.stop()
    assert await caught_up(settings, graph) == 0
    await assert_told_once(graph, expected([*events, *later], KNOWLEDGE, TODAY))
