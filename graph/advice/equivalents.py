"""Domestic equivalents of an item that is imported today: who can make it, who nearly can, or that nobody can.

The foreign part number, brand and HS code find and support an equivalent; they are never asked of it, or else
nothing but the import itself would do. A supplier whose place is abroad is no domestic one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.advice.candidates import Candidate, Judged, judge
from graph.advice.causes import Cause, causes
from graph.advice.clauses import is_the_thing
from graph.knowledge import ItemFacts, Knowledge
from graph.matching.criteria.thing import stands_in_for
from graph.matching.facts import HOME
from graph.matching.partnumbers import part_keys
from schemas.demands import DemandItem, ImportedItem
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
    """The answer. `unmet` when nobody can make it now; `causes` then counts why, the most frequent first.

    near: those that lack a point or two, and those that say they replace the import, whatever they lack.
    """

    item: str
    title: str
    brand: str | None
    part_numbers: tuple[str, ...]
    hs: str | None
    origin: str | None
    unmet: bool
    capable: tuple[Equivalent, ...]
    near: tuple[Equivalent, ...]
    causes: tuple[Cause, ...] = ()


def equivalents(
    item: DemandItem, facts: ItemFacts, candidates: Sequence[Candidate], knowledge: Knowledge, today: date
) -> Equivalents:
    """Answer for one item, out of the candidates for its facts. Pure."""
    named = item.imported or ImportedItem()
    brand = named.brand or named.maker
    words = _words(brand, knowledge)
    written = {key: number for number in named.part_numbers for key in part_keys([number])}
    home = [one for one in candidates if one.supplier.country == HOME]
    judged = list(judge(facts, home, knowledge, today))
    near = [one for one in judged if one.verdict.outcome is Outcome.NEAR_MISS or _claims(facts, one, knowledge, today)]
    capable = [one for one in judged if one.verdict.outcome is Outcome.MATCH]

    def told(one: Judged) -> Equivalent:
        return _told(one, facts, brand, words, written)

    return Equivalents(
        item=facts.id,
        title=facts.title,
        brand=brand,
        part_numbers=tuple(named.part_numbers),
        hs=named.hs,
        origin=named.origin,
        unmet=not capable,
        capable=tuple(sorted(map(told, capable), key=lambda each: (-len(each.evidence), -each.score, each.offer_id)))[
            :MOST
        ],
        near=tuple(sorted(map(told, near), key=lambda each: (each.cost, -each.score, each.offer_id)))[:MOST],
        causes=() if capable else why_unmet(facts, judged, knowledge, today),
    )


def _claims(item: ItemFacts, one: Judged, knowledge: Knowledge, today: date) -> bool:
    """Tell whether an offer says that it replaces the import, and is of the thing, though more points are missing."""
    related = one.verdict.outcome is Outcome.RELATED and bool(stands_in_for(item, one.candidate.offer))
    return related and is_the_thing(item, one, knowledge, today)


def why_unmet(item: ItemFacts, judged: Sequence[Judged], knowledge: Knowledge, today: date) -> tuple[Cause, ...]:
    """Why nobody serves an item: what its near misses lack, or if it has none, all who make the thing."""
    nearest = [one for one in judged if one.verdict.outcome is Outcome.NEAR_MISS]
    nearest = nearest or [one for one in judged if is_the_thing(item, one, knowledge, today)]
    return causes(((one.candidate.supplier.id, one.verdict) for one in nearest), known=bool(item.classes))


def _words(brand: str | None, knowledge: Knowledge) -> str:
    """The stems of a brand as they stand in the text of an offer's facts; empty where it has none."""
    stems = [stem for clause in knowledge.grammar.clauses(brand or "") for stem in clause.stems]
    return f" {' '.join(stems)} " if stems else ""


def _told(one: Judged, facts: ItemFacts, brand: str | None, words: str, written: dict[str, str]) -> Equivalent:
    offer, supplier = one.candidate.offer, one.candidate.supplier
    same = dict.fromkeys(written.get(key, key.upper()) for key in stands_in_for(facts, offer))
    evidence = [f"carries or replaces the imported number {number}" for number in same]
    if words and words in offer.text:
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
