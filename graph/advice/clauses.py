"""The clauses of a demand item: what it asks, point by point, and which of them an offer fails.

A clause's id is stable within its item: `attribute:0`, `standard:1`, `part_number`, `local_content`, `lead_time`,
`capacity`, `min_order`, `unit_state`. The last two are asked of every offer.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from graph.advice.candidates import Candidate, Judged, verdict
from graph.knowledge import ItemFacts, Knowledge
from schemas.matches import Criterion, Finding, Outcome

ACTIVE: Final = "active"
_PLENTY: Final = 1e30
_BEFORE: Final = frozenset({"thing", "maker", "state"})
_LISTED: Final[tuple[str, ...]] = ("attribute", "standard")


@dataclass(frozen=True, slots=True)
class Clause:
    """One point that is asked."""

    id: str
    kind: str
    name: str | None
    asked: str


class Failure(NamedTuple):
    """How an offer fails a clause."""

    clause: str
    finding: Finding
    offered: str


def clauses(item: ItemFacts) -> list[Clause]:
    """Every clause of an item, in the order in which verdicts tell them."""
    quantity = f"{item.quantity:,.10g} {item.unit}".strip()
    found = [Clause("part_number", "part_number", None, ", ".join(item.part_numbers))] if item.part_numbers else []
    for number, group in enumerate(item.standards):
        found.append(Clause(f"standard:{number}", "standard", group[0].shown, " / ".join(m.shown for m in group)))
    for number, mark in enumerate(item.requirements):
        found.append(Clause(f"attribute:{number}", "attribute", mark.name, mark.shown))
    if item.min_local:
        found.append(Clause("local_content", "local_content", None, f">= {item.min_local:g} %"))
    found.append(Clause("unit_state", "unit_state", None, ACTIVE))
    if item.needed_by is not None:
        found.append(Clause("lead_time", "lead_time", None, f"by {date.fromordinal(item.needed_by).isoformat()}"))
    found.append(Clause("capacity", "capacity", None, quantity))
    found.append(Clause("min_order", "min_order", None, quantity))
    return found


def failures(criteria: tuple[Criterion, ...]) -> tuple[Failure, ...]:
    """The clauses that a verdict's criteria fail, with what was offered instead."""
    found: list[Failure] = []
    places: dict[str, int] = dict.fromkeys(_LISTED, 0)
    for each in criteria:
        if each.kind in _BEFORE:
            continue
        name: str = each.kind
        if name in places:
            name = f"{each.kind}:{places[each.kind]}"
            places[each.kind] += 1
        if each.finding is not Finding.MET:
            found.append(Failure(name, each.finding, each.offered))
    return tuple(found)


def without(item: ItemFacts, dropped: frozenset[str]) -> ItemFacts:
    """The item without some of its clauses, as far as they are its own."""
    return replace(
        item,
        part_numbers=() if "part_number" in dropped else item.part_numbers,
        standards=tuple(g for n, g in enumerate(item.standards) if f"standard:{n}" not in dropped),
        requirements=tuple(m for n, m in enumerate(item.requirements) if f"attribute:{n}" not in dropped),
        min_local=None if "local_content" in dropped else item.min_local,
        needed_by=None if dropped & {"lead_time", "capacity"} else item.needed_by,
    )


def is_the_thing(item: ItemFacts, one: Judged, knowledge: Knowledge, today: date) -> bool:
    """Tell whether an offer would serve the item but for the clauses it fails.

    Asked of the matcher itself: what is left of the item after them must be a match. So another thing, a trader and
    what the demand's text excludes are no capable offers whatever is dropped.
    """
    if one.verdict.outcome is Outcome.MATCH:
        return True
    failed = frozenset(each.clause for each in failures(one.verdict.criteria))
    if one.verdict.outcome is Outcome.UNLIKE or not failed:
        return False
    return verdict(without(item, failed), _willing(one.candidate, failed), knowledge, today).outcome is Outcome.MATCH


def _willing(one: Candidate, failed: frozenset[str]) -> Candidate:
    """The candidate without what of its own makes it fail."""
    offer, supplier = one.offer, one.supplier
    if "min_order" in failed:
        offer = replace(offer, min_order=None)
    if "capacity" in failed:
        offer = replace(offer, capacity_per_day=_PLENTY, counting="")
    if "lead_time" in failed:
        offer = replace(offer, lead_time=None)
    if "unit_state" in failed:
        supplier = replace(supplier, state=ACTIVE, unit_states=())
    return Candidate(one.key, offer, supplier)
