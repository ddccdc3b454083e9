"""`peyvand import`: records of other systems as events to Kafka, each acknowledged."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from schemas.envelope import Envelope
from schemas.errors import InvalidInputError
from services.cli import tables
from services.imports.records import Imported, NotImported, Read
from services.imports.suppliers import read_suppliers
from services.imports.ted import OPEN_DAYS, read_ted
from streams.publish import KafkaPublisher, outgoing

BATCH = 200
EXIT_REFUSED = 2
STDIN = "-"

Files = Annotated[list[str], typer.Argument(help="Files of JSON lines. `-` reads standard input.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Publish nothing; print the events as lines for `publish`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a line per record: its events, notes, or why refused.")]
Revision = Annotated[
    int, typer.Option(min=1, help="Version of the records; one that was corrected needs a higher one than before.")
]


@dataclass(slots=True)
class Count:
    """What was read and sent."""

    records: int = 0
    events: int = 0
    refused: int = 0
    batch: list[Envelope] = field(default_factory=list[Envelope])


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Records of other systems.")
    group.command()(ted)
    group.command()(suppliers)
    tables.add_to(group)
    app.add_typer(group, name="import")


def ted(
    context: typer.Context,
    files: Files,
    open_days: Annotated[
        int, typer.Option(min=0, max=3650, help="Days for which a call is open: the records hold no deadline.")
    ] = OPEN_DAYS,
    version: Revision = 1,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import notices of TED: a demand each, with its lots and awards. Bad lines are named and left out; the exit code is 2 then."""
    read = read_files(files, lambda lines, name: read_ted(lines, name, open_days=open_days, version=version))
    import_all(context, read, dry_run=dry_run, as_json=as_json)


def suppliers(
    context: typer.Context, files: Files, version: Revision = 1, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import suppliers with their products and sources. Bad lines are named and left out; the exit code is 2 then."""
    read = read_files(files, lambda lines, name: read_suppliers(lines, name, version=version))
    import_all(context, read, dry_run=dry_run, as_json=as_json)


def read_files(files: Iterable[str], reader: Callable[[Iterable[bytes], str], Iterator[Read]]) -> Iterator[Read]:
    """Every record of some files. InvalidInputError: a file cannot be read."""
    for file in files:
        if file == STDIN:
            yield from reader(sys.stdin.buffer, "standard input")
            continue
        try:
            with Path(file).open("rb") as lines:
                yield from reader(lines, file)
        except OSError as error:
            msg = f"{file} cannot be read: {error.strerror}"
            raise InvalidInputError(msg) from error


def import_all(context: typer.Context, records: Iterable[Read], *, dry_run: bool, as_json: bool) -> None:
    """Publish the events of records and end the command: exit code 2 when one was refused."""
    count = asyncio.run(_import(context, records, dry_run=dry_run, as_json=as_json))
    if not as_json and not dry_run:
        refused = f", {count.refused} refused" if count.refused else ""
        context.obj.out.print(f"{count.records} records, {count.events} events acknowledged{refused}.")
    raise typer.Exit(EXIT_REFUSED if count.refused else 0)


async def _import(context: typer.Context, records: Iterable[Read], *, dry_run: bool, as_json: bool) -> Count:
    count = Count()
    publisher = None if dry_run else KafkaPublisher(context.obj.settings, linger_ms=5)
    try:
        for read in records:
            _tell(context, read, as_json=as_json)
            if isinstance(read, NotImported):
                count.refused += 1
                continue
            count.records += 1
            count.batch += read.events
            if dry_run and not as_json:
                sys.stdout.writelines(f"{event.model_dump_json(exclude_none=True)}\n" for event in read.events)
            if len(count.batch) >= BATCH:
                await _flush(publisher, count)
        await _flush(publisher, count)
    finally:
        if publisher is not None:
            await publisher.stop()
    return count


async def _flush(publisher: KafkaPublisher | None, count: Count) -> None:
    if publisher is not None and count.batch:
        await publisher.send([outgoing(event) for event in count.batch])
    count.events += len(count.batch)
    count.batch.clear()


def _tell(context: typer.Context, read: Read, *, as_json: bool) -> None:
    if as_json:
        row = asdict(read) if isinstance(read, NotImported) else _row(read)
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    elif isinstance(read, NotImported):
        context.obj.err.print(f"[red]{read.record}:[/] {read.reason}", highlight=False, soft_wrap=True)
    else:
        for note in read.notes:
            context.obj.err.print(f"{read.record}: {note}", highlight=False, markup=False, soft_wrap=True)


def _row(read: Imported) -> dict[str, object]:
    events = [{"id": event.id, "type": event.kind.name, "key": event.key} for event in read.events]
    return {"record": read.record, "events": events, "notes": list(read.notes)}
