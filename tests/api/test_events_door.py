"""Events in bulk, and how far each has come."""

import uuid

import pytest

from graph.cursors import Cursor, lock_cursor, move_cursor
from graph.driver import Graph
from tests.api.records import demand, offer, supplier


async def test_an_event_is_queued_applied_matched(calls, graph):
    accepted = await calls.write("POST", "/v1/demands", demand("api-far-d"))
    tp, _, offset = accepted["at"].rpartition(":")
    at = int(offset)
    assert (await calls.get(accepted["status"]))["status"] == "queued"
    await moved(graph, tp, Cursor(at + 1, at))
    assert (await calls.get(accepted["status"]))["status"] == "applied"
    await moved(graph, tp, Cursor(at + 1, at + 1))
    status = await calls.get(accepted["status"])
    assert (status["status"], status["applied"], status["event_id"]) == ("matched", at + 1, accepted["event_id"])


async def moved(graph: Graph, tp: str, to: Cursor) -> None:
    """Put the partition's cursor where a worker would."""
    rows = await graph.read("MATCH (c:Cursor {tp: $tp}) RETURN c.applied AS a, c.matched AS m", tp=tp)
    before = Cursor(rows[0]["a"], rows[0]["m"]) if rows else Cursor()

    async def work(tx):
        await lock_cursor(tx, tp, "test", before)
        await move_cursor(tx, tp, to)

    await graph.write(work)


async def test_many_events_are_numbered_and_answered_in_order(calls):
    name = f"api-{uuid.uuid4().hex[:6]}"
    events = [
        {"type": "SupplierRegistered", "data": {"supplier": supplier(name)}},
        {"type": "SupplierChanged", "data": {"supplier": supplier(name, owner="x")}},
        {"type": "ir.peyvand.product.registered.v1", "data": {"offer": offer(f"{name}-o", name)}},
        {"type": "CapacityReported", "data": {"supplier_id": name, "offer_id": f"{name}-o", "capacity": None}, "id": "mine"},
        {
            "specversion": "1.0", "id": f"{name}-e", "source": "urn:agency", "type": "ir.peyvand.demand.published.v1",
            "time": "2026-11-24T10:00:00+03:30", "data": {"version": 5, "demand": demand(name)},
        },
    ]  # fmt: skip
    accepted = await calls.write("POST", "/v1/events", events)
    assert [one["version"] for one in accepted] == [1, 2, 1, 2, 5]
    assert [one["event_id"] for one in accepted[3:]] == ["mine", f"{name}-e"]
    assert accepted[2]["location"] == f"/v1/offers/{name}-o?supplier={name}"
    assert accepted[4]["location"] == f"/v1/demands/{name}"


async def test_one_bad_event_refuses_them_all(calls, settings):
    from streams.admin import end_offsets

    before = end_offsets(settings)
    bad = [{"type": "SupplierRegistered", "data": {"supplier": supplier("api-bad")}}, {"type": "Nonsense", "data": {}}]
    problem = await calls.problem("POST", "/v1/events", json=bad)
    assert [one["pointer"] for one in problem["errors"]] == ["#/1/type"]
    assert problem["hint"] == "None of the events was taken."
    assert end_offsets(settings) == before


@pytest.mark.parametrize("count", [1000])
async def test_a_full_batch_is_taken(calls, count):
    events = [
        {"type": "UnitStateChanged", "data": {"supplier_id": f"api-b{n % 7}", "state": "idle"}} for n in range(count)
    ]
    accepted = await calls.write("POST", "/v1/events", events)
    assert len(accepted) == count
    assert max(one["version"] for one in accepted) == -(-count // 7)
