"""Domestic equivalents of an item that is imported today: who can make it, who nearly can, or that nobody can.

The foreign part number, brand and HS code find and support an equivalent; they are never asked of it, or else
nothing but the import itself would do.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from graph.advice.candidates import Candidate, Judged, judge
from graph.advice.clauses import failures, is_the_thing
from graph.knowledge import ItemFacts, Knowledge, item_facts
from graph.matching.partnumbers import part_keys
from graph.matching.text import normalise
from schemas.common import Classification
from schemas.demands import Demand, DemandItem
from schemas.matches import Finding, Outcome, Verdict

#: What closing a gap costs, in rough steps: a missing statement is asked for, a plant is built.
COSTS: Final = {
    "min_order": 2.0, "part_number": 2.0, "lead_time": 3.0, "capacity": 4.0, "standard": 4.0, "local_content": 5.0,
    "attribute": 6.0, "unit_state": 7.0,
}  # fmt: skip
SILENT_COST: Final = 1.0
EXPIRED_COST: Final = 2.0
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Gap:
    """A point that is missing. `data`: the offer only does not say it."""

    kind: str
    name: str | None
    asked: str
    offered: str
    data: bool
    cost: float


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A domestic offer; `evidence` says what ties it to the import besides its class."""

    supplier_id: str
    supplier: str
    offer_id: str
    offer: str
    score: float
    evidence: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Equivalents:
    """The answer. `unmet` when nobody can make it now; `causes` then counts why, the most frequent first."""

    item: str
    title: str
    brand: str | None
    part_numbers: tuple[str, ...]
    hs: str | None
    unmet: bool
    capable: tuple[Equivalent, ...]
    near: tuple[Equivalent, ...]
    causes: tuple[tuple[str, int], ...] = ()


def import_facts(demand: Demand, item: DemandItem, knowledge: Knowledge) -> ItemFacts:
    """Facts of an imported item by which its equivalents are sought: found by its numbers, not bound to them."""
    imported = item.imported
    if imported is None:
        return item_facts(demand, item, knowledge)
    codes = list(item.classifications)
    if imported.hs and not any(each.scheme.upper().startswith("HS") for each in codes):
        codes.append(Classification(scheme="HS", id=imported.hs))
    facts = item_facts(demand, item.model_copy(update={"classifications": codes}), knowledge)
    return replace(facts, part_numbers=part_keys(item.part_numbers))


def equivalents(
    item: DemandItem, facts: ItemFacts, candidates: Sequence[Candidate], knowledge: Knowledge, today: date
) -> Equivalents:
    """Answer for one item, out of the candidates for its facts. Pure."""
    foreign = part_keys(item.imported.part_numbers) if item.imported else ()
    brand = item.imported.brand or item.imported.maker if item.imported else None
    judged = list(judge(facts, candidates, knowledge, today))
    capable = [one for one in judged if one.verdict.outcome is Outcome.MATCH]
    near = [one for one in judged if one.verdict.outcome is Outcome.NEAR_MISS]
    told = [_told(one, foreign, brand) for one in capable]
    told.sort(key=lambda each: (-len(each.evidence), -each.score, each.offer_id))
    nearly = sorted(
        (_told(one, foreign, brand) for one in near), key=lambda each: (each.cost, -each.score, each.offer_id)
    )
    makers = [one for one in judged if is_the_thing(facts, one, knowledge, today)]
    return Equivalents(
        item=facts.id,
        title=facts.title,
        brand=brand,
        part_numbers=tuple(item.imported.part_numbers) if item.imported else (),
        hs=item.imported.hs if item.imported else None,
        unmet=not capable,
        capable=tuple(told[:MOST]),
        near=tuple(nearly[:MOST]),
        causes=() if capable else _causes(makers),
    )


def _told(one: Judged, foreign: Iterable[str], brand: str | None) -> Equivalent:
    offer, supplier = one.candidate.offer, one.candidate.supplier
    same = sorted(set(foreign) & set(offer.part_numbers))
    evidence = [f"carries the imported part number {number}" for number in same]
    if brand and f" {normalise(brand)} " in f" {normalise(offer.title)} {offer.text} ":
        evidence.append(f"its text names {brand}")
    gaps = _gaps(one.verdict)
    return Equivalent(
        supplier.id, supplier.name, offer.id, offer.title, one.verdict.score, tuple(evidence), gaps,
        round(sum(gap.cost for gap in gaps), 2),
    )  # fmt: skip


def _gaps(verdict: Verdict) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            each.kind, each.name, each.asked, each.offered, each.finding is Finding.SILENT,
            SILENT_COST if each.finding is Finding.SILENT else EXPIRED_COST if each.finding is Finding.EXPIRED
            else COSTS.get(each.kind, max(COSTS.values())),
        )
        for each in verdict.criteria
        if each.finding in (Finding.NOT_MET, Finding.SILENT, Finding.EXPIRED)
    )  # fmt: skip


def _causes(makers: Sequence[Judged]) -> tuple[tuple[str, int], ...]:
    """Why nobody can: `no producer`, or each failing point with `(not stated)` where only the word is missing."""
    if not makers:
        return (("no producer", 1),)
    counts = Counter(
        f"{each.clause.partition(':')[0]}{' (not stated)' if each.finding is Finding.SILENT else ''}"
        for one in makers
        for each in set(failures(one.verdict.criteria))
    )
    return tuple(counts.most_common())
