"""How wide retrieval is among many offers: a crowd put into the graph as the pipeline writes it, and figures of demands."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from graph.apply import apply, prepare
from graph.changes import Changes
from graph.driver import Graph, Tx
from graph.knowledge import ItemFacts, Knowledge, item_facts
from graph.matching.goldset import GoldSet
from graph.reads.standing import count_found, offer_facts
from graph.retrieve import verdict_of
from graph.sieve import Wanted, sifted
from schemas.demands import item_key
from schemas.envelope import wrap
from schemas.ids import derived
from schemas.matches import Outcome
from schemas.offers import ProductRegistered
from schemas.suppliers import SupplierRegistered
from services.evaluate.crowd import Crowd
from streams.handlers import changes_of

SOURCE: Final = "urn:peyvand:crowd"
DEMANDS: Final = 200
SUPPLIERS_AT_ONCE: Final = 150
TOLD_EVERY: Final = 30_000
_HUNDREDTHS: Final = 100
_P95: Final = 94
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Spread:
    """How a count is spread over items."""

    mean: float
    median: float
    p95: float
    most: int


@dataclass(frozen=True, slots=True)
class Width:
    """Offers per item: found by class and term, brought to the matcher after the sieve, and standing in the end.

    The seconds are per item: of finding and sifting, and of deciding with the reading of facts.
    """

    items: int
    found: Spread
    candidates: Spread
    standing: Spread
    matches: Spread
    seconds_find: float
    seconds_find_most: float
    seconds_decide: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)


def spread(counts: Sequence[int]) -> Spread:
    """Mean, median, 95th percentile and most of some counts."""
    if not counts:
        return Spread(0.0, 0.0, 0.0, 0)
    parts = (
        statistics.quantiles(counts, n=_HUNDREDTHS, method="inclusive") if len(counts) > 1 else [float(counts[0])] * 99
    )
    return Spread(
        round(statistics.fmean(counts), 1), round(statistics.median(counts), 1), round(parts[_P95], 1), max(counts)
    )


async def fill(graph: Graph, crowd: Crowd, knowledge: Knowledge, say: Say) -> None:
    """Write the crowd with the pipeline's own understanding and statements, without Kafka: nobody waits for demands."""
    batch, written = Changes(), 0
    for number, (supplier, offers) in enumerate(crowd.registrations(), 1):
        for data in (SupplierRegistered(supplier=supplier), *(ProductRegistered(offer=offer) for offer in offers)):
            event = wrap(data, source=SOURCE, event_id=derived("crowd", data.model_dump_json()))
            for change in changes_of(event):
                batch.add(change)
        written += len(offers)
        if number % SUPPLIERS_AT_ONCE == 0:
            await _write(graph, batch, knowledge)
            batch = Changes()
        if written % TOLD_EVERY == 0:
            say(f"{written} of {crowd.offers} offers of the crowd are in")
    await _write(graph, batch, knowledge)


async def _write(graph: Graph, changes: Changes, knowledge: Knowledge) -> None:
    prepared = prepare(changes, knowledge)

    async def work(tx: Tx) -> None:
        await apply(tx, prepared, knowledge)

    await graph.write(work)


def crowd_items(crowd: Crowd, knowledge: Knowledge, today: date, count: int = DEMANDS) -> list[Wanted]:
    """Demand items of the crowd; they are asked for and not written."""
    return [
        Wanted(item_key(demand.id, item.id), item_facts(demand, item, knowledge))
        for demand in crowd.demands(count, today)
        for item in demand.items
    ]


async def set_width(graph: Graph, gold: GoldSet, knowledge: Knowledge, today: date) -> Width:
    """The width of the items of a gold set."""
    items = [
        Wanted(item_key(demand.id, item.id), item_facts(demand, item, knowledge))
        for demand in gold.demands
        for item in demand.items
    ]
    return await measure_width(graph, items, knowledge, today)


async def measure_width(graph: Graph, items: Iterable[Wanted], knowledge: Knowledge, today: date) -> Width:
    """Find, sift and decide each item by itself."""
    found: list[int] = []
    candidates: list[int] = []
    standing: list[int] = []
    matches: list[int] = []
    finding: list[float] = []
    deciding: list[float] = []
    for item in items:
        found.append(await count_found(graph, item.facts, knowledge))
        started = time.perf_counter()
        offers = (await sifted(graph, [item], knowledge, today)).get(item.key, [])
        sifting = time.perf_counter()
        outcomes = await _outcomes(graph, item.facts, offers, knowledge, today)
        deciding.append(time.perf_counter() - sifting)
        finding.append(sifting - started)
        candidates.append(len(offers))
        matches.append(outcomes.count(Outcome.MATCH))
        standing.append(matches[-1] + outcomes.count(Outcome.NEAR_MISS))
    return Width(
        len(found), spread(found), spread(candidates), spread(standing), spread(matches),
        round(statistics.fmean(finding), 4), round(max(finding), 4), round(statistics.fmean(deciding), 4),
    )  # fmt: skip


async def _outcomes(
    graph: Graph, item: ItemFacts, offers: list[str], knowledge: Knowledge, today: date
) -> list[Outcome]:
    asked, held = item.to_json(), await offer_facts(graph, offers)
    verdicts = (verdict_of(asked, *held[key], today, 0.0, knowledge) for key in offers if key in held)
    return [verdict.outcome for verdict in verdicts if verdict is not None]
