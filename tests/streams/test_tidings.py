"""Gaps, deadlines and award results: told once, to the right suppliers, and not again by a replay."""

import asyncio
import json
import time
from datetime import timedelta

import pytest

from graph.tidings.gaps import tell_gaps
from schemas.demands import DemandAwarded, DemandPublished
from schemas.envelope import wrap
from schemas.offers import ProductRegistered
from schemas.responses import SupplierResponded
from schemas.suppliers import SupplierRegistered
from streams.publish import KafkaPublisher, publish
from streams.rebuild import rebuild
from tests.api.records import demand, offer, supplier
from tests.service import caught_up
from tests.worlds import TODAY


def event(data):
    return wrap(data, source="urn:test")


def published(demand_id, **more):
    return event(DemandPublished.model_validate({"demand": demand(demand_id, **more)}))


async def notices(graph, kind, wanted=None, seconds=30.0):
    """News of a kind by supplier; waits until there are `wanted`."""
    deadline = time.monotonic() + seconds
    while True:
        rows = await graph.read(
            "MATCH (n:Notice {kind: $kind}) RETURN n.supplier AS supplier, n.body AS body ORDER BY n.seq", kind=kind
        )
        if wanted is None or len(rows) >= wanted or time.monotonic() > deadline:
            return [(row["supplier"], json.loads(row["body"])) for row in rows]
        await asyncio.sleep(0.2)


@pytest.fixture
async def told(settings, graph, start_worker):
    """Two makers that fit and one without the standard, and demands that close soon and late."""
    process = start_worker(1, PEYVAND_GAP_SETTLE_SECONDS="1")
    publisher = KafkaPublisher(settings)
    events = [
        event(SupplierRegistered.model_validate({"supplier": supplier(s)})) for s in ("fits", "fits-too", "lacks")
    ]
    events += [event(ProductRegistered.model_validate({"offer": offer("o", s)})) for s in ("fits", "fits-too")]
    events.append(event(ProductRegistered.model_validate({"offer": offer("o", "lacks", standards=[])})))
    soon = (TODAY + timedelta(days=2)).isoformat()
    events += [published("soon", closes=soon), published("late", closes="2027-05-01")]
    await publish(publisher, events)
    assert await caught_up(settings, graph) == 0
    yield process, publisher
    await publisher.stop()


async def test_one_point_away_is_told_with_all_that_waits_on_it(settings, graph, told):
    process, publisher = told
    [(who, news)] = await notices(graph, "GapNoticed", 1)
    assert who == "lacks"
    assert news["missing"] == {"kind": "standard", "name": "UIC 541-4"}
    assert news["total"] == 2
    assert [row["demand_id"] for row in news["waiting"]] == ["soon", "late"]
    await publish(publisher, [published("third")])
    assert await caught_up(settings, graph) == 0
    await asyncio.sleep(4)
    assert len(await notices(graph, "GapNoticed")) == 1, "at most one a day"
    process.terminate()
    process.wait(15)
    await graph.run("MATCH (s:Supplier {id: 'lacks'}) SET s.gaps_at = 1.0")
    messages = await tell_gaps(graph, "lacks", TODAY + timedelta(days=1), 2e12)
    assert [json.loads(m.value)["data"]["total"] for m in messages] == [3], "the next day it is told of the new one too"
    await graph.run("MATCH (s:Supplier {id: 'lacks'}) SET s.gaps_at = 1.0")
    assert await tell_gaps(graph, "lacks", TODAY + timedelta(days=2), 2e12) == [], "nothing new, nothing told"


async def test_deadlines_remind_who_has_not_answered(settings, graph, start_worker, told):
    process, publisher = told
    assert await notices(graph, "DeadlineNear") == [], "who was told today knows the day"
    answer = {"supplier_id": "fits", "demand_id": "soon", "item_id": "1", "offer_id": "o", "answer": "interest"}
    await publish(publisher, [event(SupplierResponded.model_validate(answer))])
    assert await caught_up(settings, graph) == 0
    process.terminate()
    process.wait(15)
    start_worker(1, PEYVAND_TODAY=(TODAY + timedelta(days=1)).isoformat())
    [(who, news)] = await notices(graph, "DeadlineNear", 1, seconds=90)
    assert (who, news["demand_id"], news["closes"]) == ("fits-too", "soon", (TODAY + timedelta(days=2)).isoformat())
    await asyncio.sleep(2)
    assert len(await notices(graph, "DeadlineNear")) == 1


async def test_awards_are_told_to_all_that_were_told_and_a_replay_tells_nobody(settings, graph, start_worker, told):
    process, publisher = told
    award = {
        "award_id": "a1",
        "demand_id": "late",
        "item_id": "1",
        "supplier_id": "fits",
        "offer_id": "o",
        "quantity": 10,
    }
    await publish(publisher, [event(DemandAwarded.model_validate(award))])
    found = {who: news["result"] for who, news in await notices(graph, "AwardTold", 2)}
    assert found == {"fits": "won", "fits-too": "not_won"}
    cancelled = {**award, "version": 2, "cancelled": True}
    await publish(publisher, [event(DemandAwarded.model_validate(cancelled))])
    assert [(who, news["result"]) for who, news in await notices(graph, "AwardTold", 3)][2:] == [("fits", "cancelled")]
    assert await caught_up(settings, graph) == 0
    process.terminate()
    process.wait(15)
    result = await rebuild(settings, graph, publisher, lambda *_: None)
    assert result.differing == []
    start_worker(1, PEYVAND_GAP_SETTLE_SECONDS="0")
    assert await caught_up(settings, graph) == 0
    await asyncio.sleep(3)
    assert len(await notices(graph, "AwardTold")) == 3
    assert len(await notices(graph, "GapNoticed")) == 1
