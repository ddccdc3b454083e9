"""Verdicts in words, for terminals."""

from collections.abc import Iterable, Sequence

from graph.driver import Graph
from graph.reads.explain import explain
from schemas.matches import Criterion, Finding

WORDS = {
    "standard": "standard", "attribute": "property", "capacity": "capacity is short", "lead_time": "lead time is too long",
    "min_order": "minimum order is above the quantity", "local_content": "local content is too low",
    "unit_state": "the plant is not running", "part_number": "part number", "thing": "another thing", "maker": "not a maker",
}  # fmt: skip
FINDINGS = {
    Finding.MET: "met", Finding.NOT_MET: "not met", Finding.SILENT: "the offer does not say", Finding.EXPIRED: "expired",
    Finding.NOT_ASKED: "not asked",
}  # fmt: skip


def missing_words(missing: Iterable[str] | None) -> str:
    """`kind:name` points as a phrase."""
    said: list[str] = []
    for point in missing or ():
        kind, _, name = point.partition(":")
        said.append(f"{WORDS.get(kind, kind)} {name} is missing" if name else WORDS.get(kind, kind))
    return "; ".join(said) or "nothing is missing"


def criterion_line(criterion: Criterion) -> str:
    """One criterion as `name: asked ..., offered ... - met`."""
    label = criterion.name or criterion.kind.replace("_", " ")
    return f"{label}: asked {criterion.asked}; offered {criterion.offered} – {FINDINGS[criterion.finding]}"


def hard_lines(criteria: Sequence[Criterion]) -> list[str]:
    """The criteria that were asked for, without those that only rank."""
    return [criterion_line(c) for c in criteria if c.kind != "soft" and c.finding is not Finding.NOT_ASKED]


async def reasons(graph: Graph, item: str, offer: str, supplier: str) -> list[str]:
    """Why an offer fits an item, a line per criterion."""
    explained = await explain(graph, item, offer, supplier)
    return hard_lines(explained.verdict.criteria) if explained and explained.verdict else []
