"""Lanes: order within a partition, side by side between them, and nobody left waiting when one is given up."""

import asyncio

import pytest

from streams.lanes import DEPTH, Lanes


async def test_slices_of_a_partition_are_handled_in_order():
    done = []

    async def handle(tp, records):
        await asyncio.sleep(0)
        done.append((tp, *records))

    lanes = Lanes(handle, at_once=2)
    for n in range(20):
        await lanes.put(f"t:{n % 2}", [n])
    async with asyncio.timeout(5):
        while len(done) < 20:
            await asyncio.sleep(0)
    assert [n for tp, n in done if tp == "t:0"] == list(range(0, 20, 2))
    assert [n for tp, n in done if tp == "t:1"] == list(range(1, 20, 2))
    await lanes.stop()


async def test_who_waits_at_a_full_lane_goes_on_when_it_is_dropped():
    handled = []

    async def never(tp, records):
        handled.append(records)
        await asyncio.Event().wait()

    lanes = Lanes(never, at_once=1)
    for n in range(DEPTH + 1):
        await lanes.put("t:0", [n])
        await asyncio.sleep(0)
    waiting = asyncio.create_task(lanes.put("t:0", ["late"]))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    await lanes.drop(["t:0"])
    await asyncio.wait_for(waiting, 1)
    assert ["late"] not in handled
    await lanes.put("t:0", ["new"])
    await asyncio.sleep(0.01)
    assert handled[-1] == ["new"]
    await lanes.stop()


async def test_a_lane_without_room_slows_who_puts():
    async def never(tp, records):
        await asyncio.Event().wait()

    lanes = Lanes(never, at_once=1)
    with pytest.raises(TimeoutError):  # noqa: PT012 - the last of several puts waits
        async with asyncio.timeout(0.05):
            for n in range(DEPTH + 2):
                await lanes.put("t:0", [n])
                await asyncio.sleep(0)
    await lanes.stop()
