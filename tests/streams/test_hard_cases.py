"""Cases in which the pipeline once lost, kept or repeated something; each stays as a test."""

import asyncio
import json
from types import SimpleNamespace

import pytest

import streams.pipeline
from graph.changes import Touched
from graph.driver import Graph, RefusedError
from graph.due import refresh_stale
from schemas.envelope import wrap
from schemas.errors import HoleError, UnavailableError
from schemas.suppliers import SupplierSuspended
from streams.upkeep import Upkeep
from tests.streams.feeding import KNOWLEDGE, Feeder, award, demand, offer, supplier

LINKS = "MATCH (b:Buyer)-[:CAN_BUY_FROM]->(s:Supplier) RETURN b.id AS b, s.id AS s"


class CrashError(BaseException):
    """The process ends here."""


@pytest.fixture
def feed(graph) -> Feeder:
    return Feeder(graph)


def codes(feed: Feeder) -> list[bytes]:
    return [dict(sent.headers)["dl-code"] for sent in feed.publisher.sent if sent.topic == "dead-letters"]


async def test_a_long_reason_of_a_suspension_is_told_cut(feed):
    await feed(supplier("s1"), offer("s1", "o1"), demand("d1"))
    await feed(wrap(SupplierSuspended(version=1, supplier_id="s1", reason="x" * 500), source="test"))
    assert await feed.matches() == []
    await feed.pipeline.outbox.drain()
    told = [json.loads(sent.value)["type"] for sent in feed.publisher.sent]
    assert told == ["ir.peyvand.match.found.v1", "ir.peyvand.match.withdrawn.v1"]


async def test_a_terminated_transaction_is_no_fault_of_the_record(feed, settings, monkeypatch):
    real, other, ended = streams.pipeline.apply, Graph(settings), []

    async def interrupted(tx, prepared, knowledge):
        touched = await real(tx, prepared, knowledge)
        if not ended:
            rows = await other.run("SHOW TRANSACTIONS YIELD transactionId AS id, metaData AS meta RETURN id, meta")
            ours = [row["id"] for row in rows if row["meta"].get("app") == "peyvand"]
            ended.extend(await other.run("TERMINATE TRANSACTIONS $ids", ids=ours))
        return touched

    monkeypatch.setattr(streams.pipeline, "apply", interrupted)
    await feed(supplier("s1"))
    await other.close()
    assert ended
    assert codes(feed) == []
    assert (await feed.graph.read("MATCH (s:Supplier) WHERE s.body IS NOT NULL RETURN count(s) AS n"))[0]["n"] == 1


async def test_a_graph_that_refuses_everything_is_loud(feed, monkeypatch):
    async def refusing(_work):
        msg = "nothing goes"
        raise RefusedError(msg)

    monkeypatch.setattr(feed.graph, "write", refusing)
    with pytest.raises(RefusedError):
        await feed(supplier("s1"))
    assert len(codes(feed)) <= 1


async def test_a_demand_of_many_items_and_many_offers_goes_through(feed):
    for n in range(6):
        await feed.pipeline.handle(
            "product-events:0", feed.records(*(offer(f"s{n}", f"o{i}", capacity=1e9) for i in range(30)))
        )
        await feed(supplier(f"s{n}"))
    longest = 0.0

    async def heartbeat():
        nonlocal longest
        while True:
            before = asyncio.get_running_loop().time()
            await asyncio.sleep(0.05)
            longest = max(longest, asyncio.get_running_loop().time() - before)

    beating = asyncio.create_task(heartbeat())
    await feed(demand("big", items=80))
    beating.cancel()
    assert feed.pipeline.progress.retries == 0
    assert len(await feed.matches()) == 80 * 180
    assert longest < 5, "heartbeats to Kafka would have been late"


async def test_dead_letters_are_sent_and_counted_once_over_an_outage(feed, monkeypatch):
    records = feed.records(supplier("s1"), supplier("s2"))
    records[0].value = b"garbage"
    real, tries = feed.graph.write, 0

    async def out(work):
        nonlocal tries
        tries += 1
        if tries < 6:
            msg = "down"
            raise UnavailableError(msg)
        return await real(work)

    monkeypatch.setattr(feed.graph, "write", out)
    await feed.pipeline.handle("supplier-events:0", records)
    assert codes(feed) == [b"not_json"]
    assert feed.pipeline.progress.dead == 1


@pytest.mark.parametrize("slices", [1, 2])
async def test_an_award_moved_to_another_item_opens_the_first_again(feed, slices):
    await feed(supplier("s1"), offer("s1", "o1"), demand("d1", items=2))
    moves = [award("d1", "1", "s1", "o1", 1, quantity=1), award("d1", "2", "s1", "o1", 2, quantity=1)]
    if slices == 2:
        await feed(*moves)
    else:
        await feed.pipeline.handle("demand-events:0", feed.records(*moves))
    assert await feed.matches() == [("d1~1", "s1~o1")]


@pytest.mark.parametrize("crash", [False, True])
async def test_an_offer_that_an_award_frees_is_decided_again(feed, crash):
    await feed(supplier("s1"), supplier("s2"), offer("s1", "o1", capacity=15), offer("s2", "o2", capacity=15))
    await feed(demand("d1"), demand("d2"), award("d1", "1", "s1", "o1", quantity=10))
    assert await feed.matches() == [("d2~1", "s2~o2")]

    def at(point: str) -> None:
        if crash and point == "apply.after-commit":
            raise CrashError

    pipeline = feed.next_life(at)
    records = feed.records(award("d1", "1", "s2", "o2", 2, quantity=10))
    try:
        await pipeline.handle("demand-events:0", records)
    except CrashError:
        await feed.next_life().handle("demand-events:0", records)
    assert await feed.matches() == [("d2~1", "s1~o1")]


async def test_an_amended_quantity_of_an_awarded_item_frees_or_takes_capacity(feed):
    await feed(supplier("s1"), offer("s1", "o1", capacity=15), demand("d1"), award("d1", "1", "s1", "o1"), demand("d2"))
    assert await feed.matches() == []
    await feed(demand("d1", 2, quantity=1))
    assert await feed.matches() == [("d2~1", "s1~o1")]
    await feed(demand("d1", 3, quantity=10))
    assert await feed.matches() == []


async def test_an_award_before_its_demand_takes_capacity_when_the_demand_comes(feed):
    await feed(supplier("s1"), offer("s1", "o1", capacity=15), demand("d2"), award("d1", "1", "s1", "o1"))
    await feed(demand("d1"))
    assert await feed.matches() == []


async def test_renewed_facts_are_matched_though_the_process_ended_in_between(feed):
    await feed(supplier("s1"), offer("s1", "o1"), demand("d1"))
    await feed.graph.run("MATCH (o:Offer) SET o.rules = 'older'")
    await feed.graph.run("MATCH (:DemandItem)-[m:MATCHES]->() DELETE m")
    assert await refresh_stale(feed.graph, KNOWLEDGE, 200)
    await Upkeep(feed.next_life()).all_due()
    assert await feed.matches() == [("d1~1", "s1~o1")]


async def test_a_plan_that_changes_its_buyer_moves_the_link(feed):
    await feed(supplier("s1"), offer("s1", "o1"), demand("d1", stage="plan"))
    await feed(demand("d1", 2, stage="plan", buyer="B2"))
    assert await feed.graph.read(LINKS) == [{"b": "b2", "s": "s1"}]


async def test_a_tender_that_becomes_a_plan_is_withdrawn(feed):
    await feed(supplier("s1"), offer("s1", "o1"), demand("d1"), demand("d1", 2, stage="plan"))
    await feed.pipeline.outbox.drain()
    told = [json.loads(sent.value)["type"] for sent in feed.publisher.sent]
    assert told == ["ir.peyvand.match.found.v1", "ir.peyvand.match.withdrawn.v1"]
    assert await feed.matches() == [("d1~1", "s1~o1")]


async def test_a_gap_of_control_records_is_no_hole_but_a_truncated_log_is(feed):
    first, second = feed.records(supplier("s1"), supplier("s2"))
    second.offset = 2  # a transaction's marker took offset 1

    async def begins(_tp: str) -> int:
        return 0

    feed.pipeline.earliest = begins
    await feed.pipeline.handle("supplier-events:0", [first])
    assert await feed.pipeline.handle("supplier-events:0", [second]) == 3

    async def truncated(_tp: str) -> int:
        return 7

    feed.pipeline.earliest = truncated
    second.offset = 7
    with pytest.raises(HoleError):
        await feed.pipeline.handle("supplier-events:0", [second])


async def test_rematching_waits_while_the_graph_is_rebuilt(feed):
    await feed(supplier("s1"), offer("s1", "o1"), demand("d1"))
    await feed.graph.run("MERGE (m:Meta {id: 'rebuild'}) SET m.owner = 'rebuild:elsewhere:1', m.phase = 'seeding'")
    with pytest.raises(streams.pipeline.FencedError):
        await feed.pipeline.rematch(Touched(items={"d1~1"}))


async def test_a_graph_set_back_under_a_running_worker_is_no_mere_gap(feed):
    async def begins(_tp: str) -> int:
        return 0

    feed.pipeline.earliest = begins
    await feed(supplier("s1"), supplier("s2"))
    await feed.graph.run("MATCH (c:Cursor) DETACH DELETE c")  # restored, or a rebuild that was given up
    with pytest.raises(streams.pipeline.FencedError, match="was read to 2, but the graph stands at 0"):
        await feed(supplier("s3"))
    assert (await feed.graph.read("MATCH (s:Supplier {id: 's3'}) RETURN count(s) AS n"))[0]["n"] == 0


async def test_news_does_not_overtake_what_was_left_to_the_sweep(feed, monkeypatch):
    real, failing = feed.publisher.send, [True]

    async def once_down(records):
        if failing and any(b"match.found" in record.value for record in records):
            failing.clear()
            msg = "the broker is away"
            raise UnavailableError(msg)
        return await real(records)

    monkeypatch.setattr(feed.pipeline.outbox, "_publisher", SimpleNamespace(send=once_down))
    await feed(supplier("s1"), offer("s1", "o1"), demand("d1"))
    await feed.pipeline.outbox.drain()
    await feed(wrap(SupplierSuspended(version=1, supplier_id="s1", reason="x"), source="test"))
    await feed.pipeline.outbox.drain()
    await feed.pipeline.outbox.sweep(settle=0)
    told = [json.loads(sent.value)["type"] for sent in feed.publisher.sent]
    assert told == ["ir.peyvand.match.found.v1", "ir.peyvand.match.withdrawn.v1"]
