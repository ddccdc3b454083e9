"""What each stage of the rules is worth on a gold set: left out alone, and added one after the other.

A stage is left out by taking its data away (a lexicon, the aliases of the tree, the codes of the records), so the
code that runs is the code that is shipped.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import pint

from graph.knowledge import Knowledge, OfferFacts, default_knowledge
from graph.matching.attributes import AttributeReader
from graph.matching.evaluate import compare
from graph.matching.facts import StandardMark
from graph.matching.goldset import GoldSet
from graph.matching.knowledge import LEXICON, read
from graph.matching.names import AttributeNames
from graph.matching.roles import Roles
from graph.matching.standards import Standards
from graph.matching.text import normalise
from graph.matching.things import Found, ThingReader
from graph.matching.units import Units
from graph.matching.values import Values
from graph.taxonomy.model import Taxonomy
from services.evaluate.offline import decide_all

STAGES: Final = {
    "codes": "classification codes",
    "names": "class names in the text",
    "aliases": "aliases of classes",
    "standards": "standards grammar",
    "properties": "property glossary",
    "units": "unit conversion",
    "values": "grades and categories",
    "roles": "roles (traders, repairers, ...)",
    "text": "values out of free text",
}
"""In the order in which they are added; `codes` are there from the start."""


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one arrangement."""

    arrangement: str
    recall: float
    precision: float
    f1: float
    near_miss_recall: float
    near_miss_missing_exact: float
    matched_grade0: int
    matched_grade1: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)


def ablation(gold: GoldSet, today: date) -> list[Row]:
    """Measure everything; without each stage; and from codes alone upwards."""
    stages = list(STAGES)
    rows = [without("all stages", gold, frozenset(), today)]
    rows += [without(f"without {STAGES[stage]}", gold, frozenset({stage}), today) for stage in stages]
    for count in range(1, len(stages)):
        label = f"+ {STAGES[stages[count - 1]]}" if count > 1 else f"only {STAGES[stages[0]]}"
        rows.append(without(label, gold, frozenset(stages[count:]), today))
    return [*rows, replace(rows[0], arrangement=f"+ {STAGES[stages[-1]]}")]


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| arrangement | recall | precision | F1 | near-miss recall | missing exact | grade 0 matched | grade 1 matched |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in rows:
        shares = (each.recall, each.precision, each.f1, each.near_miss_recall, each.near_miss_missing_exact)
        figures = " | ".join(f"{share:.3f}" for share in shares)
        lines.append(f"| {each.arrangement} | {figures} | {each.matched_grade0} | {each.matched_grade1} |")
    return "\n".join(lines)


def without(arrangement: str, gold: GoldSet, off: frozenset[str], today: date) -> Row:
    """Measure the set without some stages."""
    knowledge = reduced(off)
    change = _no_text_values if "text" in off else None
    done = decide_all(_without_codes(gold) if "codes" in off else gold, knowledge, today, change)
    report = compare(gold, done.verdicts)
    total = report.recall + report.precision
    return Row(
        arrangement, report.recall, report.precision,
        round(2 * report.recall * report.precision / total, 4) if total else 0.0,
        report.near_miss_recall, report.near_miss_missing_exact, report.matched_grade0, report.matched_grade1,
    )  # fmt: skip


def reduced(off: frozenset[str]) -> Knowledge:
    """The knowledge without the data of some stages."""
    full = default_knowledge()
    if not off - {"codes", "text"}:
        return full
    tree = full.taxonomy
    if "aliases" in off:
        tree = Taxonomy(replace(each, aliases={}) for each in tree)
    knowledge = Knowledge(tree)
    if "standards" in off:
        knowledge.standards = _PlainStandards(read(LEXICON / "standards.yaml"))
    if "properties" in off:
        knowledge.names = AttributeNames([], read(LEXICON / "grammar.yaml"))
    if "units" in off:
        knowledge.units = Units([], pint.UnitRegistry(cache_folder=None))
    if "values" in off:
        knowledge.values = Values([])
    knowledge.attributes = AttributeReader(knowledge.names, knowledge.units, knowledge.values)
    if "roles" in off:
        knowledge.roles = Roles([], knowledge.role_weights, knowledge.grammar)
    if "names" in off:
        knowledge.things = _BlindReader(
            tree, knowledge.index, knowledge.grammar, knowledge.values.is_value, knowledge.standards.codes,
            frozenset(knowledge.roles.single_words()),
        )  # fmt: skip
    return knowledge


class _BlindReader(ThingReader):
    """Finds no class in any text."""

    def find(self, title: str, description: str = "", context: str = "") -> list[Found]:  # noqa: ARG002 - as the base has it
        return []

    def named(self, names: Sequence[str]) -> list[Found]:  # noqa: ARG002 - as the base has it
        return []


class _PlainStandards(Standards):
    """Standards as strings: met by the same letters and digits, whatever stands between them."""

    def marks(self, text: str, valid_until: date | None = None, holder: str = "item") -> tuple[StandardMark, ...]:
        return (self.mark(text, valid_until, holder),)

    def mark(self, text: str, valid_until: date | None = None, holder: str = "item") -> StandardMark:
        plain = "".join(letter for letter in normalise(text) if letter.isalnum())
        until = valid_until.toordinal() if valid_until else 0
        return StandardMark(" ".join(text.split())[:120], "", plain, (), 0, (), until, holder)


def _without_codes(gold: GoldSet) -> GoldSet:
    offers = tuple(each.model_copy(update={"classifications": []}) for each in gold.offers)
    demands = tuple(
        each.model_copy(update={"items": [item.model_copy(update={"classifications": []}) for item in each.items]})
        for each in gold.demands
    )
    return replace(gold, offers=offers, demands=demands)


def _no_text_values(offer: OfferFacts) -> OfferFacts:
    fields = tuple(mark for mark in offer.attributes if mark.layer == "field")
    return replace(offer, attributes=fields, text="")
