"""`peyvand import ocds|prozorro|eforms`: documents of procurement systems as demand events."""

import asyncio
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from graph.driver import Graph
from schemas.errors import InvalidInputError
from schemas.settings import Settings
from services.cli.imports import STDIN, AsJson, DryRun, import_all
from services.exports.ocds import compiled, fetch_published
from services.imports import eforms as notices
from services.imports import prozorro as tenders
from services.imports.eforms.xml import parse
from services.imports.ocds import (
    Found,
    Note,
    Options,
    Process,
    add_document,
    events_of,
    needs_base,
    read_documents,
    settle,
)
from services.imports.records import Imported, NotImported, Read

MOST_BYTES: Final = 512 * 1024 * 1024
"""Of all files together: releases of one process may stand in any of them, so all are held."""
Paths = Annotated[list[str], typer.Argument(help="Files, or folders of them. `-` reads standard input.")]
Encoding = Annotated[
    str | None, typer.Option(help="How the files are encoded. Default: UTF-8, else ISO-8859-1 with a remark.")
]
Sort = Callable[[Found, bytes, str], list[str]]
"""Sorts one file's bytes, called so, into what was found; returns remarks."""


def add_to(app: typer.Typer) -> None:
    """Add the commands to `peyvand import`, which services.cli.imports has made."""
    group = next(one.typer_instance for one in app.registered_groups if one.name == "import")
    if group is None:
        return
    group.command()(ocds)
    group.command()(prozorro)
    group.command()(eforms)


def ocds(
    context: typer.Context, paths: Paths, encoding: Encoding = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import OCDS releases, release packages and record packages, as JSON or lines of it: demands published, amended, cancelled, awarded.

    Releases of one ocid are merged, also over several files. What is not read is named and kept with the demand. A process
    with an error is left out as a whole; the exit code is 2 then.
    """

    def sort(found: Found, raw: bytes, name: str) -> list[str]:
        values, remarks = read_documents(raw, encoding)
        for value in values:
            add_document(found, value, name)
        return remarks

    settings: Settings = context.obj.settings
    _import(context, paths, (".json", ".jsonl"), sort, Options(prefix=settings.ocds_prefix), dry_run, as_json)


def prozorro(
    context: typer.Context, paths: Paths, encoding: Encoding = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import tenders and framework agreements of ProZorro's API, as JSON or lines of it. Exit code 2 when one is left out."""
    prefix = context.obj.settings.ocds_prefix

    def sort(found: Found, raw: bytes, name: str) -> list[str]:
        values, remarks = read_documents(raw, encoding)
        for value in values:
            tenders.add_prozorro(found, value, prefix, name)
        return remarks

    _import(context, paths, (".json", ".jsonl"), sort, tenders.options(prefix), dry_run, as_json)


def eforms(context: typer.Context, paths: Paths, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Import eForms notices of the EU (XML): each lot an item, each result an award. Exit code 2 when one is left out."""
    prefix = context.obj.settings.ocds_prefix

    def sort(found: Found, raw: bytes, name: str) -> list[str]:
        notices.add_notice(found, parse(raw), prefix, name)
        return []

    _import(context, paths, (".xml",), sort, notices.options(prefix), dry_run, as_json)


def _import(
    context: typer.Context,
    paths: Iterable[str],
    suffixes: tuple[str, ...],
    sort: Sort,
    options: Options,
    dry_run: bool,
    as_json: bool,
) -> None:
    with _progress(context) as tell:
        found, refused = _sorted(_files(paths, suffixes), sort, tell)
        processes = settle(found)
        bases = {} if dry_run else asyncio.run(_bases(context.obj.settings, processes))
        faults = (NotImported(place, detail) for place, detail in found.faults)
        read = chain(refused, faults, (_taken(one, options, bases, tell) for one in processes))
        import_all(context, read, dry_run=dry_run, as_json=as_json)


def _sorted(files: Iterable[tuple[str, bytes]], sort: Sort, tell: Callable[[str], None]) -> tuple[Found, list[Read]]:
    """What all files hold, and those that cannot be read. Remarks on a file go to the processes in it."""
    found, refused, total = Found(), list[Read](), 0
    for name, raw in files:
        total += len(raw)
        if total > MOST_BYTES:
            msg = f"the files have more than {MOST_BYTES} bytes together"
            raise InvalidInputError(msg, hint="Import them in parts, the files of one process together.")
        before = {ocid: len(process.releases) for ocid, process in found.processes.items()}
        try:
            remarks = sort(found, raw, name)
        except InvalidInputError as error:
            refused.append(NotImported(name, f"{error.detail}. {error.hint}".strip()))
        else:
            for ocid, process in found.processes.items():
                if len(process.releases) > before.get(ocid, 0):
                    process.notes += [Note("warning", f"{name}: {remark}") for remark in remarks]
        tell(f"read {name}")
    return found, refused


def _files(paths: Iterable[str], suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file; of a folder all with these endings, in order. InvalidInputError: one is not there."""
    for path in paths:
        if path == STDIN:
            yield "standard input", sys.stdin.buffer.read(MOST_BYTES + 1)
            continue
        place = Path(path)
        files = sorted(one for one in place.rglob("*") if one.suffix in suffixes) if place.is_dir() else [place]
        if not files:
            msg = f"{path} has no files that end in {' or '.join(suffixes)}"
            raise InvalidInputError(msg)
        for file in files:
            try:
                yield str(file), file.read_bytes()
            except OSError as error:
                msg = f"{file} cannot be read: {error.strerror}"
                raise InvalidInputError(msg) from error


async def _bases(settings: Settings, processes: Iterable[Process]) -> dict[str, Mapping[str, Any]]:
    """What the graph has of processes that begin with a change, as compiled releases."""
    wanted = [process.ocid for process in processes if needs_base(process)]
    if not wanted:
        return {}
    graph = Graph(settings)
    try:
        found = {ocid: await fetch_published(graph, ocid, settings.ocds_prefix) for ocid in wanted}
    finally:
        await graph.close()
    return {ocid: compiled(one.exported(told=False).releases) for ocid, one in found.items() if one is not None}


def _taken(
    process: Process, options: Options, bases: Mapping[str, Mapping[str, Any]], tell: Callable[[str], None]
) -> Read:
    taken = events_of(process, options, bases.get(process.ocid))
    tell(f"merged {process.ocid}")
    if not taken.refused:
        return Imported(taken.ocid, taken.events, tuple(note.sentence() for note in taken.notes))
    places = {release.id: release.pointer for release in process.releases}
    errors = [note for note in taken.notes if note.level == "error"]
    place = places.get(errors[0].release or "", next(iter(places.values()), ""))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return NotImported(f"{place}, {taken.ocid}".removeprefix(", "), f"{errors[0].sentence()}{more}")


@contextmanager
def _progress(context: typer.Context) -> Generator[Callable[[str], None]]:
    """A line that says what is being done, while a terminal looks on."""
    columns = (TextColumn("{task.completed} {task.description}"), BarColumn(bar_width=20), TimeElapsedColumn())
    shown = context.obj.err.is_terminal
    with Progress(*columns, console=context.obj.err, transient=True, disable=not shown) as bar:
        task = bar.add_task("", total=None)
        yield lambda text: bar.update(task, description=text[-60:], advance=1)
