"""`peyvand export`: demands of the graph as documents of other standards."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer

from graph.driver import Graph
from graph.reads.demands import demands
from schemas.errors import InvalidInputError, NotFoundError
from schemas.settings import Settings
from services.cli.missing import not_found
from services.exports.ocds import (
    Process,
    fetch_process,
    fetch_published,
    publication_of,
    record_package,
    release_package,
)

ROWS: Final = 100


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Demands as documents of other standards.")
    group.callback()(_group)
    group.command()(ocds)
    app.add_typer(group, name="export")


def _group() -> None:
    """Demands as documents of other standards."""


def ocds(
    context: typer.Context,
    demand: Annotated[str | None, typer.Argument(help="Demand id or ocid.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every demand, a package a line.")] = False,
    records: Annotated[bool, typer.Option("--records", help="Record packages rather than release packages.")] = False,
    to: Annotated[Path | None, typer.Option(help="Write to this file rather than to standard output.")] = None,
) -> None:
    """Write a demand, or every one, as OCDS 1.1: releases with amendments, awards and the suppliers that were told.

    Everything the graph knows is written; the API leaves out what is not for who asks.
    """
    if every == (demand is not None):
        msg = "name a demand, or --all"
        raise InvalidInputError(msg)
    with _opened(to) as out:
        written = asyncio.run(_write(context.obj.settings, demand, out, records=records))
    if to is not None:
        context.obj.err.print(f"{written} demands written to {to}.", highlight=False)


async def _write(settings: Settings, demand: str | None, out: TextIO, *, records: bool) -> int:
    publication = publication_of(settings)
    wrap = record_package if records else release_package
    graph = Graph(settings)
    written = 0
    try:
        found = _every(graph, settings.ocds_prefix) if demand is None else _one(graph, demand, settings.ocds_prefix)
        async for process in found:
            package = wrap(process.exported(), publication)
            out.write(json.dumps(package, ensure_ascii=False, indent=None if demand is None else 2) + "\n")
            written += 1
    finally:
        await graph.close()
    return written


async def _one(graph: Graph, demand: str, prefix: str) -> AsyncIterator[Process]:
    found = await fetch_process(graph, demand, prefix) or await fetch_published(graph, demand, prefix)
    if found is None:
        raise not_found("demand", demand)
    yield found


async def _every(graph: Graph, prefix: str) -> AsyncIterator[Process]:
    """Every demand in the order of ids, one at a time."""
    after = ""
    while True:
        rows = await demands(graph, after, ROWS)
        for row in rows:
            found = await fetch_process(graph, row["id"], prefix)
            if found is not None:
                yield found
        if len(rows) < ROWS:
            return
        after = rows[-1]["id"]


@contextmanager
def _opened(to: Path | None) -> Generator[TextIO]:
    if to is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        stream = to.open("w", encoding="utf-8")
    except OSError as error:
        msg = f"{to} cannot be written: {error.strerror}"
        raise NotFoundError(msg) from error
    with stream:
        yield stream
