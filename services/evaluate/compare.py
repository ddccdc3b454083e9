"""What stands in the graph against what was judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graph.driver import Graph
from graph.knowledge import ItemFacts, Knowledge
from graph.matching.evaluate import Report, compare
from graph.matching.goldset import ITEM, GoldSet
from graph.reads.standing import candidate_counts, item_facts, offer_facts, standing
from graph.retrieve import item_of, verdict_of
from schemas.demands import item_key
from schemas.matches import Outcome, Verdict
from services.evaluate.pipeline import Ran

Pair = tuple[str, str]


@dataclass(slots=True)
class Measured:
    """A report, what else was measured, and the standing verdicts by (demand, offer)."""

    report: Report
    more: dict[str, Any] = field(default_factory=dict[str, Any])
    verdicts: dict[Pair, Verdict] = field(default_factory=dict[Pair, Verdict])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return self.report.to_dict() | self.more


async def measure(graph: Graph, gold: GoldSet, ran: Ran, knowledge: Knowledge, today: date) -> Measured:
    """Compare the graph's matches and near misses with the judgments.

    The outcome and the missing points are what stands; the verdict's criteria are made again for the explanation.
    Standing pairs with offers outside the set are counted, not judged.
    """
    keys = {item_key(each.id, ITEM): each.id for each in gold.demands}
    offers = {f"{each.supplier_id}~{each.id}": each.id for each in gold.offers}
    facts = await item_facts(graph, list(keys))
    rows = await standing(graph, list(keys))
    inside = [row for row in rows if row["offer"] in offers]
    judged = {each.offer_id for each in gold.judgments}
    named = {row["offer"] for row in inside} | {offer for offer, name in offers.items() if name in judged}
    held = await offer_facts(graph, sorted(named))
    told = {(row["item"], row["offer"]): row for row in inside}
    by_name = {name: key for key, name in offers.items()}
    wanted = {*told, *((item_key(j.demand_id, ITEM), by_name.get(j.offer_id, "")) for j in gold.judgments)}
    verdicts: dict[Pair, Verdict] = {}
    unlike_now = 0
    for item, offer in sorted(wanted):
        if item not in facts or offer not in held:
            continue
        now = verdict_of(facts[item], *held[offer], today, 0.0, knowledge)
        row = told.get((item, offer))
        now = now or Verdict(outcome=Outcome.UNLIKE, summary="the facts were stored by another release")
        stands = row["outcome"] if row is not None else None
        if row is not None:
            unlike_now += now.outcome is not stands
            now = now.model_copy(update={"outcome": stands, "missing": row["missing"]})
        elif now.outcome in (Outcome.MATCH, Outcome.NEAR_MISS):
            summary = f"is no candidate, else it would be a {now.outcome.value}"
            now = now.model_copy(update={"outcome": Outcome.UNLIKE, "summary": summary})
        verdicts[keys[item], offers[offer]] = now
    report = compare(gold, verdicts, families(gold, {keys[key]: text for key, text in facts.items()}, knowledge))
    counts = await candidate_counts(graph, facts, knowledge, today)
    report.candidates_mean = round(sum(counts) / max(1, len(counts)), 1)
    report.candidates_most = max(counts, default=0)
    more: dict[str, Any] = {
        "seconds_per_demand": round(ran.seconds_match / len(gold.demands), 4),
        "seconds_load": round(ran.seconds_load, 2),
        "seconds_match": round(ran.seconds_match, 2),
        "items_in_graph": len(facts),
        "standing": len(inside),
        "standing_outside": len(rows) - len(inside),
        "standing_otherwise_decided": unlike_now,
        "today": today.isoformat(),
        "mode": "pipeline",
    }
    return Measured(report, more, verdicts)


def families(gold: GoldSet, facts: Mapping[str, str], knowledge: Knowledge) -> dict[str, str]:
    """The family of each demand by its id: the two uppermost classes over what it asks for."""
    return {
        each.id: _family(item_of(facts[each.id]), knowledge) if each.id in facts else "not in the graph"
        for each in gold.demands
    }


def _family(item: ItemFacts, knowledge: Knowledge) -> str:
    if not item.hits:
        return "no class"
    trail = knowledge.taxonomy.path(item.hits[0].id)
    return " / ".join(each.id for each in trail[:2])
