"""The sieve in Cypher passes what the sieve in Python passes, offer by offer, and leaves out no pair that stands."""

from datetime import date

from graph import retrieve
from graph.apply import apply, prepare
from graph.changes import Changes, Touched
from graph.driver import Tx
from graph.knowledge import OfferFacts, SupplierFacts, decide, default_knowledge, item_facts, supplier_facts
from graph.matching.shelf import Shelf
from graph.matching.understand import understand_offer
from graph.reads.standing import candidate_counts, count_found
from graph.sieve import sifted
from schemas.demands import DemandPublished
from schemas.envelope import wrap
from schemas.matches import Outcome
from services.evaluate.crowd import Crowd
from services.evaluate.width import crowd_items, fill, measure_width
from streams.handlers import changes_of

TODAY = date(2026, 11, 24)
KNOWLEDGE = default_knowledge()
CROWD = Crowd(KNOWLEDGE.taxonomy, 450, skew=1.6, seed=3)


def held() -> list[tuple[OfferFacts, SupplierFacts]]:
    """The crowd as the rules understand it."""
    return [
        (understand_offer(offer, KNOWLEDGE), maker)
        for supplier, offers in CROWD.registrations()
        for maker in (
            supplier_facts(
                supplier, suspended=False, unit_states={"main": supplier.unit_state.value}, knowledge=KNOWLEDGE
            ),
        )
        for offer in offers
    ]


async def put(graph):
    await fill(graph, CROWD, KNOWLEDGE, lambda _: None)
    rows = await graph.read("MATCH (o:Offer)<-[:OFFERS]-(s:Supplier) RETURN count(o) AS n, count(o.sieve_said) AS told")
    assert rows == [{"n": 450, "told": 450}]


async def test_the_database_sifts_as_the_rules_do(graph):
    await put(graph)
    shelf = Shelf(held(), KNOWLEDGE)
    items = crowd_items(CROWD, KNOWLEDGE, TODAY, 60)
    found = await sifted(graph, items, KNOWLEDGE, TODAY)
    got = {key: sorted(offer.partition("~")[2] for offer in offers) for key, offers in found.items()}
    wanted = {item.key: shelf.candidates(item.facts, TODAY) for item in items}
    assert got == {key: offers for key, offers in wanted.items() if offers}
    assert sum(map(len, got.values())) > 500
    counts = await candidate_counts(graph, {item.key: item.facts.to_json() for item in items}, KNOWLEDGE, TODAY)
    assert counts == [len(wanted[item.key]) for item in items]


async def test_what_is_withdrawn_or_suspended_is_left_out_and_what_has_no_side_passes(graph):
    await put(graph)
    items = {item.key: item for item in crowd_items(CROWD, KNOWLEDGE, TODAY, 60)}
    found = await sifted(graph, items.values(), KNOWLEDGE, TODAY)
    item = items[max(found, key=lambda key: len(found[key]))]
    before = found[item.key]
    first, second = before[0], before[-1]
    await graph.run("MATCH (o:Offer {key: $key}) SET o.withdrawn = true", key=first)
    await graph.run("MATCH (s:Supplier)-[:OFFERS]->(:Offer {key: $key}) SET s.suspended = true", key=second)
    after = (await sifted(graph, [item], KNOWLEDGE, TODAY))[item.key]
    assert {first, second}.isdisjoint(after)
    await graph.run("MATCH (o:Offer) SET o = {key: o.key, id: o.id, facts: o.facts}")
    await graph.run("MATCH (s:Supplier) SET s.suspended = false")
    everything = (await sifted(graph, [item], KNOWLEDGE, TODAY))[item.key]
    assert set(before) < set(everything)
    assert len(everything) == await count_found(graph, item.facts, KNOWLEDGE)


async def test_both_ways_find_the_same_pairs_which_are_those_that_stand(graph, monkeypatch):
    await put(graph)
    monkeypatch.setattr(retrieve, "AT_ONCE", 37)
    demands = list(CROWD.demands(30, TODAY))
    changes = Changes(
        change
        for demand in demands
        for change in changes_of(wrap(DemandPublished(demand=demand), source="test", event_id=demand.id))
    )

    async def write(tx: Tx) -> Touched:
        return await apply(tx, prepare(changes, KNOWLEDGE), KNOWLEDGE)

    touched = await graph.write(write)
    assert len(touched.items) == 30
    from_items = await retrieve.find_candidates(graph, touched, KNOWLEDGE, TODAY)
    rows = await graph.read("MATCH (o:Offer) RETURN o.key AS key")
    from_offers = await retrieve.find_candidates(graph, Touched(offers={row["key"] for row in rows}), KNOWLEDGE, TODAY)
    assert from_items.pairs == from_offers.pairs
    assert from_items.looked_at < from_offers.looked_at
    stands = set()
    for demand in demands:
        asked = item_facts(demand, demand.items[0], KNOWLEDGE)
        for offer, supplier in held():
            verdict = decide(asked, offer, supplier, today=TODAY, knowledge=KNOWLEDGE)
            if verdict.outcome in (Outcome.MATCH, Outcome.NEAR_MISS):
                stands.add((asked.id, f"{offer.supplier_id}~{offer.id}"))
    assert from_items.pairs <= stands
    assert len(from_items.pairs) > 0.98 * len(stands)  # a few share no class and no term


async def test_the_width_is_measured(graph):
    await put(graph)
    width = await measure_width(graph, crowd_items(CROWD, KNOWLEDGE, TODAY, 40), KNOWLEDGE, TODAY)
    assert width.items == 40
    assert width.matches.mean <= width.standing.mean <= width.candidates.mean < width.found.mean
    assert width.candidates.mean < 1.5 * width.standing.mean
    assert width.candidates.median <= width.candidates.p95 <= width.candidates.most
