"""One import put together: the table, its state and its row log, for the command line and the API alike."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.driver import Graph
from graph.taxonomy.load import default_taxonomy
from graph.taxonomy.model import Taxonomy
from graph.taxonomy_store import read_taxonomy, stored_is_packaged
from schemas.envelope import Envelope
from schemas.settings import Settings
from services.imports.bulk.cells import Said
from services.imports.bulk.classes import Classes
from services.imports.bulk.decide import SOURCE, Rules
from services.imports.bulk.load import GraphKnown, Import, Known, NothingKnown, Permit, Told
from services.imports.bulk.rowlog import RowLog
from services.imports.bulk.settled import settled
from services.imports.bulk.state import Counts, State
from services.imports.bulk.subjects import SUBJECTS, KindName
from services.imports.bulk.tables import Table, open_table
from streams.publish import Publisher

STATE: Final = "state.db"
ROWS: Final = "rows.jsonl"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported and how. A `dry_run` sends nothing and remembers nothing."""

    kind: KindName
    file: Path
    sheet: str | None = None
    dry_run: bool = False
    reopen: bool = False
    source: str = SOURCE
    principal: str | None = None

    def name(self, sha256: str) -> str:
        """What an import is the same by: the content of the file and how it is taken."""
        return "\n".join((self.kind, sha256, self.sheet or "", str(self.reopen), self.principal or ""))


@dataclass(frozen=True, slots=True)
class Servers:
    """What an import stands on. `graph` None: a dry run that compares with nothing."""

    settings: Settings
    graph: Graph | None
    publisher: Publisher | None
    taxonomy: Taxonomy
    permit: Permit | None = None
    sent: Callable[[Sequence[Envelope]], None] | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom to tell: of the file as a whole, of each batch, of events that are waited for, of a run that goes on."""

    notes: Callable[[Sequence[Said]], None] = lambda _: None
    batch: Told = lambda _counts, _share: None
    waiting: Callable[[int], None] = lambda _: None
    resumed: Callable[[Counts], None] = lambda _: None


async def present_taxonomy(graph: Graph) -> Taxonomy:
    """The tree of product classes that the graph goes by."""
    if await stored_is_packaged(graph):
        return default_taxonomy()
    return await read_taxonomy(graph) or default_taxonomy()


async def run(order: Order, servers: Servers, state: Path | None, rows: Path, watch: Watch) -> Counts:
    """Import a table. The statuses of its rows are in `rows` then, and the state is forgotten.

    TableError, InvalidInputError: the file, or a place to write to. ConflictError: it is being imported already.
    UnavailableError: a server is away; run it again with the same state and it goes on.
    """
    subject = SUBJECTS[order.kind]
    async with AsyncExitStack() as opened:
        table: Table = await asyncio.to_thread(open_table, order.file, subject.headers.count, order.sheet)
        opened.enter_context(closing(table))
        watch.notes(table.notes.said)
        memory = State(None if order.dry_run else state, order.name(table.sha256))
        opened.enter_context(closing(memory))
        if memory.resumed:  # what came before it was waited for then, and each subject comes once
            watch.resumed(memory.counts)
        log = RowLog(rows, memory.counts.log_bytes)
        opened.enter_context(closing(log))
        if servers.graph is not None and not order.dry_run and not memory.resumed:
            await settled(servers.settings, servers.graph, subject.topic, waiting=watch.waiting)
        known: Known = GraphKnown(servers.graph, subject) if servers.graph is not None else NothingKnown()
        counts = await Import(
            subject=subject,
            table=table,
            classes=Classes(servers.taxonomy),
            known=known,
            state=memory,
            log=log,
            rules=Rules(order.reopen, order.source, order.principal),
            publisher=None if order.dry_run else servers.publisher,
            permit=servers.permit,
            sent=servers.sent,
        ).run(watch.batch)
        if not order.dry_run:
            memory.remove()
        return counts
