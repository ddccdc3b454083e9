"""`peyvand publish`: events from a file or standard input to Kafka, each acknowledged."""

import asyncio
import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from schemas.envelope import Envelope
from services.cli.lines import Refused, read_events
from streams.publish import KafkaPublisher, Receipt, outgoing

BATCH = 200
EXIT_REFUSED = 2


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(publish)


def publish(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(help="JSON lines: CloudEvents, or {type, data}. `-` reads standard input.")
    ] = "-",
    source: Annotated[str, typer.Option(help="CloudEvents source of events that name none.")] = "urn:peyvand:cli",
    as_json: Annotated[bool, typer.Option("--json", help="Print a line per acknowledged event.")] = False,
) -> None:
    """Publish events and print what the log acknowledged. Bad lines are named and left out; the exit code is 2 then."""
    refused = asyncio.run(_publish(context, file, source, as_json=as_json))
    raise typer.Exit(EXIT_REFUSED if refused else 0)


async def _publish(context: typer.Context, file: str, source: str, *, as_json: bool) -> int:
    publisher = KafkaPublisher(context.obj.settings, linger_ms=5)
    sent, refused, batch = 0, 0, list[Envelope]()
    columns = (TextColumn("published {task.completed}"), TimeElapsedColumn())
    try:
        with _opened(file) as lines, Progress(*columns, console=context.obj.err, transient=True) as bar:
            task = bar.add_task("", total=None)

            async def flush() -> None:
                nonlocal sent
                receipts = await publisher.send([outgoing(event) for event in batch])
                _print(context, batch, receipts, as_json=as_json)
                sent += len(batch)
                bar.update(task, completed=sent)
                batch.clear()

            for read in read_events(lines, source):
                if isinstance(read, Refused):
                    refused += 1
                    context.obj.err.print(f"[red]line {read.line}:[/] {read.reason}", highlight=False)
                    continue
                batch.append(read)
                if len(batch) >= BATCH:
                    await flush()
            if batch:
                await flush()
    finally:
        await publisher.stop()
    if not as_json:
        context.obj.out.print(f"{sent} events acknowledged" + (f", {refused} lines refused" if refused else "") + ".")
    return refused


def _print(context: typer.Context, events: list[Envelope], receipts: list[Receipt], *, as_json: bool) -> None:
    for event, receipt in zip(events, receipts, strict=True):
        if as_json:
            sys.stdout.write(json.dumps({"id": event.id, "type": event.kind.name, **asdict(receipt)}) + "\n")
        elif len(events) <= 20:  # noqa: PLR2004 - a handful is worth a line each
            context.obj.out.print(
                f"{event.id}  {event.kind.name} {event.key}  {receipt.topic}:{receipt.partition}:{receipt.offset}"
            )
    sys.stdout.flush()


@contextmanager
def _opened(file: str) -> Generator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise typer.BadParameter(msg, param_hint="FILE") from error
    with stream:
        yield stream
