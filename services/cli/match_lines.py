"""Matches, near misses and verdicts as lines for terminals. Texts of records are escaped: they may hold brackets."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.markup import escape

from graph.advice.unmatched import Unmatched
from graph.reads.matches import ItemMatches, Pairing
from schemas.matches import Criterion, Finding
from services.cli.need_lines import print_consortium, print_need
from services.cli.words import FINDINGS, missing_words

MARKS: Final = {
    Finding.MET: "[green]✓[/]",
    Finding.SILENT: "[yellow]?[/]",
    Finding.EXPIRED: "[red]✗[/]",
    Finding.NOT_MET: "[red]✗[/]",
}
_POINTS: Final = "      "


def print_item(out: Console, item: ItemMatches, beside: Unmatched) -> None:
    """One item: how its need stands, who can serve it with every point, who nearly can with what is missing."""
    row = item.row
    quantity = f"{row['quantity']:,.10g} {row['unit'] or ''}".strip()
    out.print(f"[bold]{escape(row['title'])}[/]  {row['key']}  {escape(quantity)}", highlight=False)
    if item.closed:
        out.print(f"  takes no offers: {escape(item.closed)}", highlight=False)
    elif beside.state == "undecided":
        out.print("  not matched yet: see `peyvand status`")
    if beside.state == "open":
        print_need(out, beside.causes)
    if beside.consortium:
        print_consortium(out, beside.consortium)
    for pair in item.matches:
        out.print(f"  [green]✓[/] {_named(pair)}, score {pair.row['score']:.2f}{_answer(pair)}", highlight=False)
        print_criteria(out, pair.verdict.criteria if pair.verdict else (), _POINTS)
    for pair in item.near_misses:
        out.print(f"  [yellow]~[/] {_named(pair)}: {escape(missing_words(pair.row['missing']))}", highlight=False)
        missing = pair.verdict.criteria if pair.verdict else ()
        print_criteria(out, (each for each in missing if each.finding is not Finding.MET), _POINTS)
    shown, whole = len(item.matches) + len(item.near_misses), row["matches_total"] + row["near_misses_total"]
    if shown < whole:
        out.print(f"  [dim]{whole - shown} more: see --rows[/]", highlight=False)


def print_criteria(out: Console, criteria: Iterable[Criterion], indent: str) -> None:
    """The points of a verdict with what was asked and offered, by which layer and how sure."""
    for each in criteria:
        if each.finding is Finding.NOT_ASKED:
            continue
        label = escape(each.name or each.kind.replace("_", " "))
        said = f"asked {escape(each.asked)}; offered {escape(each.offered)} – {FINDINGS[each.finding]}"
        out.print(
            f"{indent}{MARKS[each.finding]} {label}: {said} [dim]({escape(each.layer)}, {each.confidence:.2f})[/]",
            highlight=False,
        )


def _named(pair: Pairing) -> str:
    row = pair.row
    return f"{escape(str(row['supplier_name']))}: {escape(str(row['offer_title']))}  ({row['offer']})"


def _answer(pair: Pairing) -> str:
    row = pair.row
    why = f" ({row['answer_reason'].replace('_', ' ')})" if row["answer_reason"] else ""
    said = f", answered: {row['answer']}{why}" if row["answer"] else ""
    return said + (f", not free before {row['free_from']}" if row["free_from"] else "")
