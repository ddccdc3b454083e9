"""The rules alone, without servers: understand, retrieve from memory, decide."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from graph.knowledge import Knowledge, OfferFacts, decide
from graph.matching.evaluate import build_index, compare, retrieve
from graph.matching.goldset import GoldSet
from graph.matching.shelf import Shelf
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.matches import Verdict
from services.evaluate.compare import Measured, Pair, families

Change = Callable[[OfferFacts], OfferFacts]


@dataclass(frozen=True, slots=True)
class Decided:
    """Verdicts of all that was found, how many candidates each item had, the items' facts as JSON, and the seconds it took."""

    verdicts: dict[Pair, Verdict]
    counts: list[int]
    facts: dict[str, str]
    seconds: float


def decide_all(gold: GoldSet, knowledge: Knowledge, today: date, change: Change | None = None) -> Decided:
    """Decide every candidate of every demand. `change` is applied to the facts of each offer."""
    started = time.perf_counter()
    offers = {each.id: understand_offer(each, knowledge) for each in gold.offers}
    if change is not None:
        offers = {name: change(facts) for name, facts in offers.items()}
    suppliers = {
        each.id: understand_supplier(each, suspended=False, unit_states={}, knowledge=knowledge)
        for each in gold.suppliers
    }
    items = {each.id: understand_item(each, each.items[0], knowledge) for each in gold.demands}
    index = build_index(offers.values())
    shelf = Shelf(((offer, suppliers[offer.supplier_id]) for offer in offers.values()), knowledge)
    found = {name: retrieve(item, index, knowledge) for name, item in items.items()}
    verdicts = {
        (name, offer): decide(
            items[name], offers[offer], suppliers[offers[offer].supplier_id], today=today, knowledge=knowledge
        )
        for name, candidates in found.items()
        for offer in candidates
    }
    facts = {name: item.to_json() for name, item in items.items()}
    seconds = time.perf_counter() - started
    counts = [len(shelf.candidates(item, today)) for item in items.values()]
    return Decided(verdicts, counts, facts, seconds)


def measure_offline(gold: GoldSet, knowledge: Knowledge, today: date) -> Measured:
    """Measure the rules against the judgments."""
    done = decide_all(gold, knowledge, today)
    report = compare(gold, done.verdicts, families(gold, done.facts, knowledge))
    report = replace(
        report,
        candidates_mean=round(sum(done.counts) / max(1, len(done.counts)), 1),
        candidates_most=max(done.counts, default=0),
    )
    more = {
        "seconds_per_demand": round(done.seconds / len(gold.demands), 4),
        "today": today.isoformat(),
        "mode": "offline",
    }
    return Measured(report, more, done.verdicts)
