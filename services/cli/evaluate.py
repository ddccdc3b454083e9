"""`peyvand evaluate`: the service measured against a gold set, through the real pipeline or without servers."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from graph.driver import Graph
from graph.knowledge import default_knowledge
from graph.matching.evaluate import TODAY, report_lines
from graph.matching.goldset import GoldSet
from services.cli.opened import AsJson, print_json
from services.evaluate.ablation import ablation, markdown
from services.evaluate.compare import Measured, measure
from services.evaluate.crowd import Crowd
from services.evaluate.events import read_goldset
from services.evaluate.offline import measure_offline
from services.evaluate.pipeline import own_service, run
from services.evaluate.rerank import rerank_gain
from services.evaluate.width import crowd_items, measure_width, set_width
from services.local.progress import RichProgress, silent

EXIT_BELOW = 1
SHOWN = (
    "demands", "recall", "precision", "near_miss_recall", "near_miss_missing_exact", "near_miss_precision",
    "matched_grade0", "matched_grade1", "candidates_mean", "candidates_most", "seconds_per_demand", "seconds_load",
    "seconds_match", "standing_otherwise_decided", "today", "mode",
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="evaluate")(evaluate_command)


def evaluate_command(  # noqa: PLR0913, PLR0917 - the options of a command line
    context: typer.Context,
    goldset: Annotated[Path, typer.Argument(help="Directory with suppliers, offers, demands and judgments (.jsonl).")],
    as_json: AsJson = False,
    today: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day for which the judgments were made.")
    ] = datetime(TODAY.year, TODAY.month, TODAY.day),  # noqa: DTZ001 - a day, no moment
    use_running: Annotated[
        bool,
        typer.Option("--use-running", help="Load into the running service instead of a fresh one; its day counts."),
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Without servers: the rules alone.")] = False,
    rerank: Annotated[bool, typer.Option("--rerank", help="Measure what embeddings add to the order.")] = False,
    crowd: Annotated[
        int, typer.Option(min=0, help="Load the set among so many seeded offers of all classes: how wide is retrieval?")
    ] = 0,
    skew: Annotated[float, typer.Option(min=0, max=2, help="How unlike the crowd's classes are in popularity.")] = 0.5,
    ablate: Annotated[bool, typer.Option("--ablation", help="Measure each stage by leaving it out.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="The ablation as a Markdown table.")] = False,
    min_recall: Annotated[float, typer.Option(min=0, max=1, help="Exit with 1 below this recall.")] = 0.0,
    min_precision: Annotated[float, typer.Option(min=0, max=1, help="Exit with 1 below this precision.")] = 0.0,
) -> None:
    """Load a gold set, match it, and compare what stands with what was judged. Needs nothing but the directory."""
    gold, day, out = read_goldset(goldset), today.date(), context.obj.out
    if ablate:
        rows = ablation(gold, day)
        if as_json:
            print_json(out, [each.to_dict() for each in rows])
        elif as_markdown:
            typer.echo(markdown(rows))
        else:
            _print_rows(out, [each.to_dict() for each in rows])
        return
    if crowd and (offline or use_running):
        msg = "a crowd goes into a fresh graph only"
        raise typer.BadParameter(msg, param_hint="--crowd")
    among = Crowd(default_knowledge().taxonomy, crowd, skew=skew) if crowd else None
    found = (
        measure_offline(gold, default_knowledge(), day)
        if offline
        else _online(context, gold, day, running=use_running, crowd=among)
    )
    if rerank:
        found.more["rerank"] = rerank_gain(gold, found.verdicts)
    if as_json:
        print_json(out, found.to_dict())
    else:
        _print(out, found)
    if found.report.recall < min_recall or found.report.precision < min_precision:
        raise typer.Exit(EXIT_BELOW)


def _online(
    context: typer.Context, gold: GoldSet, today: date, *, running: bool, crowd: Crowd | None = None
) -> Measured:
    settings, err = context.obj.settings, context.obj.err
    with contextlib.ExitStack() as cleanup:
        children = None
        if not running:
            bars = cleanup.enter_context(RichProgress(err)) if err.is_terminal else silent
            settings, children = cleanup.enter_context(own_service(settings, today, bars))
            if isinstance(bars, RichProgress):
                bars.__exit__(None, None, None)

        async def work() -> Measured:
            graph = Graph(settings)
            try:
                day = settings.today or today
                ran, knowledge = await run(
                    settings, graph, gold, children, lambda text: err.print(f"{text} ..."), crowd
                )
                found = await measure(graph, gold, ran, knowledge, day)
                if crowd is not None:
                    found.more["crowd"] = {"offers": crowd.offers, "skew": crowd.skew}
                    found.more["width"] = {
                        "the set's items": (await set_width(graph, gold, knowledge, day)).to_dict(),
                        "items of the crowd": (
                            await measure_width(graph, crowd_items(crowd, knowledge, day), knowledge, day)
                        ).to_dict(),
                    }
                return found
            finally:
                await graph.close()

        return asyncio.run(work())


def _print(out: Console, found: Measured) -> None:
    plain = found.to_dict()
    table = Table("figure", "value", show_header=False, box=None)
    for name in SHOWN:
        if name in plain:
            table.add_row(name.replace("_", " "), f"{plain[name]}")
    out.print(table)
    for name, title in (("by_language", "demand-offer"), ("by_family", "family")):
        groups: Mapping[str, Mapping[str, float]] = plain[name]
        rows = [{title: group, **figures} for group, figures in groups.items()]
        if rows:
            _print_rows(out, rows)
    if "rerank" in plain:
        _print_rows(out, [plain["rerank"]])
    if "width" in plain:
        print_width(out, plain["crowd"], plain["width"])
    shown = found.report
    for line in report_lines(shown)[-3 * len(shown.errors) :] if shown.errors else ():
        out.print(line, highlight=False, markup=False)
    out.print(f"{len(shown.errors)} pairs came out otherwise than judged." if shown.errors else "No error.")


def print_width(out: Console, crowd: Mapping[str, Any], width: Mapping[str, Mapping[str, Any]]) -> None:
    """Print how many offers items have among a crowd: found, candidates, standing, matches."""
    out.print(f"Offers per item among {crowd['offers']} more, popularity 1 / rank ** {crowd['skew']}:")
    for title, figures in width.items():
        spreads = {name: spread for name, spread in figures.items() if isinstance(spread, Mapping)}
        _print_rows(out, [{title: name, **spread} for name, spread in spreads.items()])
        seconds = {name: value for name, value in figures.items() if name.startswith("seconds")}
        out.print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in seconds.items()), highlight=False)


def _print_rows(out: Console, rows: list[dict[str, Any]]) -> None:
    table = Table(*(str(name).replace("_", " ") for name in rows[0]))
    for row in rows:
        table.add_row(*(f"{value:.4g}" if isinstance(value, float) else str(value) for value in row.values()))
    out.print(table)
