"""Commands that run for long: up, worker, api, rebuild."""

import asyncio
import json
import time
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from graph.driver import Graph
from services.up.run import Options
from services.up.run import up as run_up
from streams.publish import KafkaPublisher
from streams.rebuild import Rebuilt, rebuild
from streams.worker import run_worker

EXIT_DIFFERS = 5
BAR_SECONDS = 0.1
MOST_SLOTS = 1000


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(up)
    app.command()(worker)
    app.command()(api)
    app.command(name="rebuild")(rebuild_command)


def up(
    context: typer.Context,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Faust workers to start.")] = 2,
    demonstration: Annotated[bool, typer.Option(help="Load the demonstration at the first start.")] = True,
    kafka_port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 9092,
    neo4j_port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 7687,
    until_settled: Annotated[bool, typer.Option(help="End once the story is told, instead of staying.")] = False,
) -> None:
    """Start Kafka, Neo4j, workers and API on this machine, show the demonstration, and stay until Ctrl-C."""
    options = Options(workers, demonstration, kafka_port, neo4j_port, until_settled)
    raise typer.Exit(run_up(context.obj.settings, options, context.obj.out))


def worker(
    context: typer.Context,
    slot: Annotated[
        str, typer.Option(help="Number of this worker, its own among all workers; `auto` takes a free one.")
    ] = "1",
) -> None:
    """Run one Faust worker until SIGTERM. Start more of them, each with its own slot, to share the partitions."""
    if slot != "auto" and not (slot.isdecimal() and 1 <= int(slot) <= MOST_SLOTS):
        msg = f"{slot!r} is neither `auto` nor a number from 1 to {MOST_SLOTS}"
        raise typer.BadParameter(msg, param_hint="--slot")
    run_worker(context.obj.settings.model_copy(update={"worker_slot": 0 if slot == "auto" else int(slot)}))


def api(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Run the HTTP API until SIGTERM."""
    from services.api.app import serve  # noqa: PLC0415 - FastAPI takes a while to import

    given: dict[str, Any] = {"api_host": host, "api_port": port}
    serve(context.obj.settings.model_copy(update={name: value for name, value in given.items() if value is not None}))


def rebuild_command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Drop the graph, replay the log, and compare the hashes. Nobody is told anything twice."""
    if not yes and not as_json:
        typer.confirm("This drops the graph and builds it from the log again. Go on?", abort=True)
    result = asyncio.run(_rebuild(context))
    differing = result.differing if result.comparable else []
    if as_json:
        said = {
            "equal": result.equal, "differing": differing, "before": result.before, "after": result.after,
            "comparable": result.comparable, "newer": result.newer, "records": result.records, "told": result.told, "seconds": round(result.seconds, 3),
        }  # fmt: skip
        context.obj.out.print_json(json.dumps(said))
    else:
        rate = result.records / result.seconds if result.seconds else 0
        context.obj.out.print(f"{result.records} records in {result.seconds:.1f} s ({rate:.0f}/s); {result.told} news.")
        if not result.before:
            context.obj.out.print("An interrupted rebuild was finished; there was nothing to compare with.")
        elif not result.comparable:
            context.obj.out.print(
                f"The log had {result.newer} newer events than the old graph, so their hashes cannot be compared."
            )
        elif result.equal:
            context.obj.out.print(f"[green]The graph is the same: {result.after['all']}.[/]")
        else:
            context.obj.out.print(f"[red]The graph differs in: {', '.join(differing)}.[/]")
    raise typer.Exit(EXIT_DIFFERS if differing else 0)


async def _rebuild(context: typer.Context) -> Rebuilt:
    settings = context.obj.settings
    graph, publisher = Graph(settings), KafkaPublisher(settings)
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn(),
        console=context.obj.err, transient=True,
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}
    shown_at = 0.0

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal shown_at
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        if done >= total or time.monotonic() - shown_at > BAR_SECONDS:
            shown_at = time.monotonic()
            bars.update(tasks[stage], completed=done, total=total)

    try:
        with bars:
            return await rebuild(settings, graph, publisher, progress)
    finally:
        await publisher.stop()
        await graph.close()
