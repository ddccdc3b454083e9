"""`peyvand chaos`: the embedded stack under load and faults, and what was lost, doubled, missed or wrong."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from schemas.errors import InvalidInputError
from services.chaos.faults import FAULTS
from services.chaos.report import Options, Report
from services.chaos.run import run_chaos
from services.cli.opened import AsJson, print_json

EXIT_WRONG = 5


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(chaos)


def chaos(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    minutes: Annotated[float, typer.Option(min=0.1, max=10_000, help="How long faults are injected.")] = 3.0,
    seed: Annotated[int, typer.Option(help="Of the load, the faults and the receiver.")] = 1,
    rate: Annotated[float, typer.Option(min=1, max=5000, help="Events per second.")] = 30.0,
    workers: Annotated[int, typer.Option(min=1, max=8, help="Worker processes.")] = 2,
    fault: Annotated[list[str] | None, typer.Option(help="Only these faults; may be given several times.")] = None,
    replay: Annotated[bool, typer.Option(help="At the end, build the graph from the log again and compare.")] = True,
    logs: Annotated[Path | None, typer.Option(help="Folder to keep what the workers say in.")] = None,
    as_json: AsJson = False,
) -> None:
    """Start a stack of its own, load it, break it in every way we know, and count what was lost, doubled, missed or wrong.

    Uses temporary data and free ports; a running service is not touched. The exit code is 5 when anything is wrong.
    """
    unknown = sorted(set(fault or ()) - FAULTS.keys())
    if unknown:
        msg = f"there is no fault {unknown[0]!r}"
        raise InvalidInputError(msg, hint=f"There are: {', '.join(FAULTS)}.")
    options = Options(
        minutes=minutes,
        seed=seed,
        rate=rate,
        workers=workers,
        replay=replay,
        faults=tuple(fault or FAULTS),
        logs=None if logs is None else str(logs),
    )
    report = run_chaos(context.obj.settings, options, lambda text: context.obj.err.print(text, highlight=False))
    if as_json:
        print_json(context.obj.out, report.as_json())
    else:
        _print(context.obj.out, report)
    raise typer.Exit(0 if report.clean else EXIT_WRONG)


def _print(out: Console, report: Report) -> None:
    said = report.as_json()
    table = Table("fault", "times", "median recovery", "longest recovery")
    for kind, found in said["by_kind"].items():
        seconds = ("" if found[name] is None else f"{found[name]:.1f} s" for name in ("median", "most"))
        table.add_row(kind, str(found["count"]), *seconds)
    out.print(table)
    out.print(f"{said['faults']} faults of {said['kinds']} kinds in {said['seconds']:.0f} s.", highlight=False)
    out.print(", ".join(f"{n:,} {what.replace('_', ' ')}" for what, n in said["seen"].items()), highlight=False)
    for slot, cpu in said["idle_cpu_percent"].items():
        out.print(
            f"worker {slot} takes {cpu['median']} % of a core when idle, {cpu['most']} % at most.", highlight=False
        )
    for what, n in said["wrong"].items():
        mark = "[green]0[/]" if n == 0 else f"[red]{n}[/] {', '.join(said['named'].get(what, []))}"
        out.print(f"{what.replace('_', ' ')}: {mark}", highlight=False)
    if report.replay_differs is not None:
        out.print(
            "replay: " + ("the same graph" if not report.replay_differs else f"differs in {report.replay_differs}")
        )
    out.print("[green]Nothing was lost.[/]" if report.clean else "[red]Something is wrong.[/]")
