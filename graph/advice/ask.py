"""Advice on demands against the graph: drafts and published ones alike."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from graph.advice.candidates import candidates_of, judge
from graph.advice.consortium import Consortium, consortium
from graph.advice.equivalents import Equivalents, equivalents
from graph.advice.simulate import Simulation, simulate
from graph.advice.unmatched import unwilling
from graph.driver import Graph
from graph.knowledge import Knowledge, item_facts
from graph.reads.demands import demand as read_demand
from schemas.demands import Demand, DemandItem
from schemas.matches import Outcome

MOST_ITEMS: Final = 50
_NEAR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Able:
    """A supplier that can serve an item, or nearly can, by its best offer."""

    supplier_id: str
    supplier: str
    offer_id: str
    offer: str
    outcome: str
    score: float
    summary: str


async def stored_demand(graph: Graph, demand_id: str) -> Demand | None:
    """The demand that the graph holds, or None."""
    row = await read_demand(graph, demand_id)
    return Demand.model_validate_json(row["body"]) if row is not None and row["body"] is not None else None


async def simulate_demand(graph: Graph, demand: Demand, knowledge: Knowledge, today: date) -> list[Simulation]:
    """What each item of a demand would find, and what each of its clauses does; at most 50 items."""
    done: list[Simulation] = []
    for item in demand.items[:MOST_ITEMS]:
        facts = item_facts(demand, item, knowledge)
        found = await candidates_of(graph, facts, knowledge, today)
        done.append(simulate(facts, found, knowledge, today))
    return done


async def equivalents_of(
    graph: Graph, demand: Demand, item: DemandItem, knowledge: Knowledge, today: date
) -> Equivalents:
    """Domestic equivalents of one item."""
    facts = item_facts(demand, item, knowledge)
    return equivalents(item, facts, await candidates_of(graph, facts, knowledge, today), knowledge, today)


async def consortium_of(
    graph: Graph, demand: Demand, item: DemandItem, knowledge: Knowledge, today: date
) -> Consortium:
    """Offers that together have the quantity of one item, or why there are none."""
    facts = item_facts(demand, item, knowledge)
    judged = list(judge(facts, await candidates_of(graph, facts, knowledge, today), knowledge, today))
    near = [(facts.id, one.candidate.key) for one in judged if one.verdict.outcome is Outcome.NEAR_MISS]
    refused = {offer for _, offer in await unwilling(graph, near, today)}
    return consortium(facts, [one for one in judged if one.candidate.key not in refused], knowledge, today)


async def able(graph: Graph, demand: Demand, knowledge: Knowledge, today: date, *, sized: bool = True) -> list[Able]:
    """Suppliers that can serve an item of a demand, or nearly can: the best of each, best first.

    Without `sized` no quantity was told, and minimum orders say nothing.
    """
    best: dict[str, Able] = {}
    for item in demand.items[:MOST_ITEMS]:
        facts = item_facts(demand, item, knowledge)
        candidates = await candidates_of(graph, facts, knowledge, today)
        if not sized:
            candidates = [replace(one, offer=replace(one.offer, min_order=None)) for one in candidates]
        for one in judge(facts, candidates, knowledge, today):
            if one.verdict.outcome not in (Outcome.MATCH, Outcome.NEAR_MISS):
                continue
            score = one.verdict.score * (1.0 if one.verdict.outcome is Outcome.MATCH else _NEAR)
            offer, supplier = one.candidate.offer, one.candidate.supplier
            before = best.get(supplier.id)
            if before is None or score > before.score:
                best[supplier.id] = Able(
                    supplier.id, supplier.name, offer.id, offer.title, one.verdict.outcome.value, round(score, 4),
                    one.verdict.summary,
                )  # fmt: skip
    return sorted(best.values(), key=lambda each: (-each.score, each.supplier_id))
