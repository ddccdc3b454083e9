"""Requirement simulator: who can serve a demand before it is published, and whom each of its clauses excludes.

`removes_alone` counts those that a clause excludes were it the only one; `removes_given_others` those that would be
won by dropping it while all others stay. Suppliers are counted, since a buyer invites suppliers: one is excluded by
a clause when none of its offers of the thing passes it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from graph.advice.candidates import Candidate, judge
from graph.advice.clauses import Clause, Failure, clauses, failures, is_the_thing
from graph.knowledge import ItemFacts, Knowledge
from schemas.matches import Finding

MOST_SETS: Final = 5
SILENT: Final = frozenset({Finding.SILENT})


@dataclass(frozen=True, slots=True)
class Excluded:
    """A supplier that a clause excludes, by its offer that comes nearest, and what that offer says."""

    supplier_id: str
    supplier: str
    offer_id: str
    offer: str
    finding: str
    offered: str


@dataclass(frozen=True, slots=True)
class Capable:
    """A supplier that meets every clause, with the offers that do."""

    supplier_id: str
    supplier: str
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one clause does. `silent` suppliers say nothing on it: data is missing, not ability."""

    clause: Clause
    removes_alone: int
    removes_given_others: int
    silent: int
    excluded: tuple[Excluded, ...]
    won: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Clauses that together, if dropped, win suppliers who fail exactly these."""

    clauses: tuple[str, ...]
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What an item would find. `makers` make the thing at all, `capable` meet every clause now."""

    item: str
    title: str
    candidates: int
    makers: int
    maker_offers: int
    capable: tuple[Capable, ...]
    capable_offers: int
    effects: tuple[Effect, ...] = ()
    relaxations: tuple[Relaxation, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Maker:
    candidate: Candidate
    failed: Mapping[str, Failure]


def simulate(item: ItemFacts, candidates: Sequence[Candidate], knowledge: Knowledge, today: date) -> Simulation:
    """Simulate one item against the candidates. Pure; one verdict a candidate, two where it is no match."""
    makers = [
        _Maker(one.candidate, {each.clause: each for each in failures(one.verdict.criteria)})
        for one in judge(item, candidates, knowledge, today)
        if is_the_thing(item, one, knowledge, today)
    ]
    by_supplier: dict[str, list[_Maker]] = defaultdict(list)
    for maker in makers:
        by_supplier[maker.candidate.supplier.id].append(maker)
    fit = {each: tuple(m.candidate.offer.id for m in own if not m.failed) for each, own in by_supplier.items()}
    capable = tuple(
        Capable(each, by_supplier[each][0].candidate.supplier.name, offers) for each, offers in fit.items() if offers
    )
    wanting = {each: own for each, own in by_supplier.items() if not fit[each]}
    return Simulation(
        item=item.id,
        title=item.title,
        candidates=len(candidates),
        makers=len(by_supplier),
        maker_offers=len(makers),
        capable=capable,
        capable_offers=sum(len(each.offers) for each in capable),
        effects=tuple(_effect(clause, by_supplier, wanting) for clause in clauses(item)),
        relaxations=_relaxations(wanting),
    )


def _effect(
    clause: Clause, by_supplier: Mapping[str, Sequence[_Maker]], wanting: Mapping[str, Sequence[_Maker]]
) -> Effect:
    out = [own for own in by_supplier.values() if all(clause.id in maker.failed for maker in own)]
    excluded = tuple(_excluded(clause.id, own) for own in out)
    silent = sum(each.finding in SILENT for each in excluded)
    won = tuple(
        own[0].candidate.supplier.id
        for own in wanting.values()
        if any(set(maker.failed) == {clause.id} for maker in own)
    )
    return Effect(clause, len(out), len(won), silent, excluded, won)


def _excluded(clause: str, own: Iterable[_Maker]) -> Excluded:
    nearest = min(own, key=lambda maker: (len(maker.failed), maker.candidate.key))
    one, failed = nearest.candidate, nearest.failed[clause]
    return Excluded(
        one.supplier.id, one.supplier.name, one.offer.id, one.offer.title, failed.finding.value, failed.offered
    )


def _relaxations(wanting: Mapping[str, Sequence[_Maker]]) -> tuple[Relaxation, ...]:
    """The smallest sets of clauses whose dropping wins someone, those that win most first."""
    sets: dict[frozenset[str], set[str]] = defaultdict(set)
    for supplier, own in wanting.items():
        fewest = min(len(maker.failed) for maker in own)
        for maker in own:
            if len(maker.failed) == fewest:
                sets[frozenset(maker.failed)].add(supplier)
    totals = Counter({each: len(suppliers) for each, suppliers in sets.items()})
    order = sorted(sets, key=lambda each: (len(each), -totals[each], sorted(each)))
    return tuple(Relaxation(tuple(sorted(each)), tuple(sorted(sets[each]))) for each in order[:MOST_SETS])
