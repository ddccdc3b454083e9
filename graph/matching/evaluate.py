"""Measures the library against a gold set, without a database: `python -m graph.matching.evaluate DIR`."""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from graph.matching.decide import decide
from graph.matching.facts import ItemFacts, OfferFacts
from graph.matching.goldset import GoldSet, load_goldset
from graph.matching.keys import search_classes
from graph.matching.knowledge import Knowledge, default_knowledge
from graph.matching.shelf import Shelf
from graph.matching.text import is_persian
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.matches import Missing, Outcome, Verdict

TODAY: Final = date(2026, 11, 24)
"""The day for which the judgments were made: see the gold set's README."""


@dataclass(slots=True)
class Tally:
    """Counts of one group of pairs."""

    capable: int = 0
    found: int = 0
    matched: int = 0

    def figures(self) -> dict[str, float]:
        """Return recall, precision and the number of capable pairs."""
        return {
            "recall": _share(self.found, self.capable),
            "precision": _share(self.found, self.matched),
            "pairs": float(self.capable),
        }


@dataclass(slots=True)
class Report:
    """What was measured. `errors` explains every pair that came out otherwise than judged."""

    recall: float = 0.0
    precision: float = 0.0
    near_miss_recall: float = 0.0
    near_miss_missing_exact: float = 0.0
    near_miss_precision: float = 0.0
    matched_grade0: int = 0
    matched_grade1: int = 0
    demands: int = 0
    candidates_mean: float = 0.0
    candidates_most: int = 0
    seconds_understand: float = 0.0
    seconds_decide: float = 0.0
    by_language: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    by_family: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    errors: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)


def language(text: str) -> str:
    """Return "fa", "en" or "mixed" by the letters of a text."""
    letters = [letter for letter in text if letter.isalpha()]
    share = sum(is_persian(letter) for letter in letters) / len(letters) if letters else 0.0
    return "fa" if share > 0.75 else "en" if share < 0.25 else "mixed"  # noqa: PLR2004


def evaluate(gold: GoldSet, knowledge: Knowledge, today: date = TODAY) -> Report:
    """Understand everything, retrieve by classes and keys, decide all candidates, compare with the judgments."""
    started = time.perf_counter()
    offers = {each.id: understand_offer(each, knowledge) for each in gold.offers}
    suppliers = {
        each.id: understand_supplier(each, suspended=False, unit_states={}, knowledge=knowledge)
        for each in gold.suppliers
    }
    items = {each.id: understand_item(each, each.items[0], knowledge) for each in gold.demands}
    understood = time.perf_counter()
    index = build_index(offers.values())
    shelf = Shelf(((offer, suppliers[offer.supplier_id]) for offer in offers.values()), knowledge)
    verdicts: dict[tuple[str, str], Verdict] = {}
    counts: list[int] = []
    for demand_id, item in items.items():
        found = retrieve(item, index, knowledge)
        counts.append(len(shelf.candidates(item, today)))
        for offer_id in found:
            offer = offers[offer_id]
            verdicts[demand_id, offer_id] = decide(
                item, offer, suppliers[offer.supplier_id], today=today, knowledge=knowledge
            )
    report = compare(gold, verdicts)
    report.seconds_understand = round(understood - started, 3)
    report.seconds_decide = round(time.perf_counter() - understood, 3)
    report.candidates_mean = round(sum(counts) / max(1, len(counts)), 1)
    report.candidates_most = max(counts, default=0)
    return report


def build_index(offers: Iterable[OfferFacts]) -> Mapping[str, set[str]]:
    """Return class or key -> ids of the offers indexed under it, as the graph does."""
    index: dict[str, set[str]] = defaultdict(set)
    for offer in offers:
        for key in (*offer.classes, *offer.keys):
            index[key].add(offer.id)
    return index


def retrieve(item: ItemFacts, index: Mapping[str, set[str]], knowledge: Knowledge) -> list[str]:
    """Return the ids of the offers that share an expanded class or a key with the item, sorted; unsifted, to explain all."""
    found: set[str] = set()
    for key in (*search_classes(item, knowledge), *item.keys):
        found |= index.get(key, set())
    return sorted(found)


def compare(
    gold: GoldSet, verdicts: Mapping[tuple[str, str], Verdict], family_of: Mapping[str, str] | None = None
) -> Report:
    """Compare verdicts by (demand, offer) with the judgments; a pair without judgment counts as grade 0.

    family_of gives the family of a demand by its id; without it each title is its own.
    """
    report = Report(demands=len(gold.demands))
    judged = {(each.demand_id, each.offer_id): each for each in gold.judgments}
    titles = {each.id: each.title for each in (*gold.offers, *gold.demands)}
    family_of = titles if family_of is None else family_of
    tongue = {each.id: language(f"{each.title} {each.description}") for each in (*gold.offers, *gold.demands)}
    languages: dict[str, Tally] = defaultdict(Tally)
    families: dict[str, Tally] = defaultdict(Tally)
    near = exact = near_wanted = near_told = 0
    for pair in sorted({*judged, *verdicts}):
        judgment, verdict = judged.get(pair), verdicts.get(pair)
        grade = judgment.grade if judgment else 0
        outcome = verdict.outcome if verdict else Outcome.UNLIKE
        group = languages[f"{tongue[pair[0]]}-{tongue[pair[1]]}"]
        for tally in (group, families[family_of[pair[0]]]):
            tally.capable += grade == 3  # noqa: PLR2004
            tally.matched += outcome is Outcome.MATCH
            tally.found += grade == 3 and outcome is Outcome.MATCH  # noqa: PLR2004
        near_told += outcome is Outcome.NEAR_MISS
        if grade == 2 and judgment:  # noqa: PLR2004
            near_wanted += 1
            near += outcome is Outcome.NEAR_MISS
            same = verdict is not None and _same(verdict.missing, judgment.missing)
            exact += outcome is Outcome.NEAR_MISS and same
        report.matched_grade0 += grade == 0 and outcome is Outcome.MATCH
        report.matched_grade1 += grade == 1 and outcome is Outcome.MATCH
        error = _error(grade, outcome, verdict, judgment.missing if judgment else ())
        if error:
            report.errors.append(
                _explained(pair, titles, error, verdict, judgment.reason if judgment else "not judged")
            )
    total = _sum(languages.values())
    report.recall, report.precision = _share(total.found, total.capable), _share(total.found, total.matched)
    report.near_miss_recall, report.near_miss_missing_exact = _share(near, near_wanted), _share(exact, near_wanted)
    report.near_miss_precision = _share(near, near_told)
    report.by_language = {name: tally.figures() for name, tally in sorted(languages.items())}
    report.by_family = {name: tally.figures() for name, tally in families.items() if tally.capable}
    return report


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for each in tallies:
        total.capable, total.found = total.capable + each.capable, total.found + each.found
        total.matched += each.matched
    return total


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def _same(one: Iterable[Missing], other: Iterable[Missing]) -> bool:
    return {(each.kind, each.name) for each in one} == {(each.kind, each.name) for each in other}


def _error(grade: int, outcome: Outcome, verdict: Verdict | None, missing: tuple[Missing, ...]) -> str:
    if grade == 3 and outcome is not Outcome.MATCH:  # noqa: PLR2004
        return "capable pair not matched"
    if grade < 3 and outcome is Outcome.MATCH:  # noqa: PLR2004
        return f"grade {grade} matched"
    if grade == 2 and outcome is not Outcome.NEAR_MISS:  # noqa: PLR2004
        return "near miss not told"
    if grade == 2 and verdict and not _same(verdict.missing, missing):  # noqa: PLR2004
        return "near miss with other points"
    if grade < 2 and outcome is Outcome.NEAR_MISS:  # noqa: PLR2004
        return f"grade {grade} told as near miss"
    return ""


def _explained(
    pair: tuple[str, str], titles: Mapping[str, str], error: str, verdict: Verdict | None, reason: str
) -> dict[str, Any]:
    criteria = verdict.criteria if verdict else ()
    return {
        "demand": pair[0],
        "offer": pair[1],
        "error": error,
        "asked": titles[pair[0]],
        "offered": titles[pair[1]],
        "judged": reason,
        "verdict": verdict.outcome.value if verdict else "not a candidate",
        "summary": verdict.summary if verdict else "",
        "criteria": [
            f"{each.kind} {each.name or ''}: {each.asked} | {each.offered} | {each.finding.value} ({each.layer})"
            for each in criteria
        ],
    }


def report_lines(report: Report) -> list[str]:
    """Return the figures, a line each, then every error in three lines."""
    plain = report.to_dict()
    lines = [f"{name:26} {value}" for name, value in plain.items() if not isinstance(value, dict | list)]
    for name, figures in report.by_language.items():
        told = f"recall {figures['recall']:.3f} precision {figures['precision']:.3f} of {figures['pairs']:.0f}"
        lines.append(f"  {name:24} {told}")
    for each in report.errors:
        lines.append(f"{each['demand']} {each['offer']} {each['error']}: {each['asked']} | {each['offered']}")
        lines.append(f"    judged: {each['judged']}")
        lines.append(f"    verdict: {each['verdict']} {each['summary']}")
    return lines


def main() -> None:
    """Evaluate the directory named on the command line."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and one directory
        sys.exit("usage: python -m graph.matching.evaluate GOLDSET_DIR")
    report = evaluate(load_goldset(Path(sys.argv[1])), default_knowledge())
    sys.stdout.write("\n".join(report_lines(report)) + "\n")


if __name__ == "__main__":
    main()
