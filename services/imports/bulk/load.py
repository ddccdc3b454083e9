"""The import itself: rows in, events out, in batches that the log has acknowledged before they count as done."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from graph.driver import Graph
from graph.reads.records import Stored, records
from schemas.base import Model
from schemas.envelope import Envelope
from schemas.errors import PeyvandError, UnavailableError
from services.imports.bulk.build import claim
from services.imports.bulk.cells import BrokenRow, Problem, Row, Said
from services.imports.bulk.classes import Classes
from services.imports.bulk.decide import NOTHING, Outcome, Rules, decide, refused
from services.imports.bulk.drafts import Draft, Read
from services.imports.bulk.rowlog import RowLog
from services.imports.bulk.state import Counts, State
from services.imports.bulk.subjects import Subject
from services.imports.bulk.tables import Table
from streams.publish import Publisher

BATCH: Final = 200
"""Subjects of one batch: one question to the graph, one send."""
BATCH_ROWS, BATCH_SIZE = 1_000, 4_000_000
"""Rows and characters after which a batch is full."""
Permit = Callable[[Sequence[Model]], Awaitable[None]]
Told = Callable[[Counts, float], None]


class Known(Protocol):
    """What is known of subjects already."""

    async def of(self, keys: Sequence[str]) -> dict[str, Stored]:
        """By key; subjects that are not known are left out."""
        ...


@dataclass(slots=True)
class GraphKnown:
    """What the graph knows."""

    graph: Graph
    subject: Subject

    async def of(self, keys: Sequence[str]) -> dict[str, Stored]:
        """By key; subjects that the graph does not have are left out."""
        return await records(self.graph, self.subject.graph_kind, keys) if keys else {}


@dataclass(slots=True)
class NothingKnown:
    """An empty graph, or none that could be asked."""

    async def of(self, keys: Sequence[str]) -> dict[str, Stored]:
        """Nothing."""
        return dict.fromkeys(keys[:0], NOTHING)


@dataclass(slots=True)
class Import:
    """One table on its way. `publisher` None: a dry run, which tells what would become of each row.

    `permit` raises PeyvandError for events that the importer may not send. `sent` is told what was acknowledged.
    """

    subject: Subject
    table: Table
    classes: Classes
    known: Known
    state: State
    log: RowLog
    rules: Rules
    publisher: Publisher | None = None
    permit: Permit | None = None
    sent: Callable[[Sequence[Envelope]], None] | None = None
    batch: int = BATCH

    async def run(self, told: Told | None = None) -> Counts:
        """Import all rows that are left. TableError: there are no headers. UnavailableError: it can be run again and goes on."""
        counts = self.state.counts
        drafts = await asyncio.to_thread(self._drafts)
        while batch := await asyncio.to_thread(_next, drafts, self.batch):
            outcomes = await self._outcomes(batch)
            records = [outcome.outgoing for outcome in outcomes if outcome.outgoing is not None]
            if self.publisher is not None and records:
                await self.publisher.send(records)
                if self.sent is not None:
                    self.sent([outcome.event for outcome in outcomes if outcome.event is not None])
            for outcome in outcomes:
                self.log.add(outcome)
                setattr(counts, outcome.status, getattr(counts, outcome.status) + len(outcome.rows))
                counts.row = max(counts.row, *outcome.rows)
            counts.log_bytes = self.log.flush()
            self.state.save()
            if told is not None:
                told(counts, self.table.share())
        counts.done = True
        self.state.save()
        if told is not None:
            told(counts, 1.0)
        return counts

    def _drafts(self) -> Iterator[Read]:
        """What the rows after the last one that is done say, subject by subject."""
        rows = self.table.rows()
        layout = self.subject.headers.find(_until_broken(rows))
        return self.subject.drafts(_after(rows, self.state.counts.row), layout, self.classes)

    async def _outcomes(self, batch: Sequence[Read]) -> list[Outcome]:
        """What becomes of each, in order."""
        outcomes: dict[int, Outcome] = {}
        asked: dict[int, Draft] = {}
        for at, read in enumerate(batch):
            if isinstance(read, BrokenRow):
                outcomes[at] = _unread(read)
            elif problems := self._problems(read):
                outcomes[at] = refused(read, problems)
            else:
                asked[at] = read
        for at, why in (await self._forbidden(asked)).items():
            draft = asked.pop(at)
            outcomes[at] = refused(draft, [(draft.rows[0], Problem(why))])
        known = await self.known.of([draft.key for draft in asked.values()])
        for at, draft in asked.items():
            outcomes[at] = decide(draft, known.get(draft.key, NOTHING), self.subject, self.rules)
        return [outcomes[at] for at in sorted(outcomes)]

    def _problems(self, draft: Draft) -> list[tuple[int, Problem]]:
        """What is wrong with rows by themselves, and that their subject was in the file before."""
        if draft.key:
            before = self.state.seen(draft.key, draft.rows[0])
            if before is not None and before != draft.rows[0]:
                return [*draft.problems, (draft.rows[0], Problem(_twice(self.subject, draft, before)))]
        return draft.problems

    async def _forbidden(self, asked: dict[int, Draft]) -> dict[int, Said]:
        """Why some may not be sent by the importer: all are asked for at once, and one by one when that is refused.

        This comes before anything is compared with the graph: who may not send a record learns nothing of it.
        """
        if self.permit is None or not asked:
            return {}
        claims = {at: claim(self.subject.model, draft) for at, draft in asked.items()}
        events = {at: self.subject.event(self.subject.new, 1, each) for at, each in claims.items() if each is not None}
        found = {at: _UNCLAIMED for at, each in claims.items() if each is None}
        if await self._refusal(list(events.values())) is None:
            return found
        for at, data in events.items():
            why = await self._refusal([data])
            if why is not None:
                found[at] = why
        return found

    async def _refusal(self, sent: Sequence[Model]) -> Said | None:
        try:
            if self.permit is not None:
                await self.permit(sent)
        except UnavailableError:
            raise
        except PeyvandError as error:
            words = error.detail.rstrip(".")
            return Said(words, f"پذیرفته نمی‌شود: {words}")
        return None


def _next(drafts: Iterator[Read], most: int) -> list[Read]:
    """The next batch: some subjects, and no more rows or text than memory should hold at once."""
    found: list[Read] = []
    rows = size = 0
    for read in drafts:
        found.append(read)
        if isinstance(read, Draft):
            rows += len(read.rows)
            size += read.size
        if len(found) >= most or rows >= BATCH_ROWS or size >= BATCH_SIZE:
            break
    return found


def _until_broken(rows: Iterator[Row | BrokenRow]) -> Iterator[Row]:
    """The rows among which the headers are."""
    for row in rows:
        if isinstance(row, BrokenRow):
            if row.last:
                return
            continue
        yield row


def _after(rows: Iterator[Row | BrokenRow], last: int) -> Iterator[Row | BrokenRow]:
    """The rows after some number that are not empty."""
    for row in rows:
        if row.number > last and (isinstance(row, BrokenRow) or row.cells):
            yield row


_UNCLAIMED: Final = Said("the row does not tell whose it is", "ردیف نمی‌گوید از آن کیست")


def _unread(row: BrokenRow) -> Outcome:
    rest = Said(f"{row.said.en}; what comes after it is not read", f"{row.said.fa}؛ پس از آن خوانده نمی‌شود")
    return Outcome("refused", "", [row.number], [(row.number, Problem(rest if row.last else row.said))])


def _twice(subject: Subject, draft: Draft, before: int) -> Said:
    if subject.name == "demands":
        return Said(
            f"demand {draft.key!r} began in row {before} already; put its rows one beneath the other",
            f"تقاضای «{draft.key}» از ردیف {before} آغاز شده است؛ ردیف‌هایش را زیر هم بیاورید",
        )
    return Said(
        f"{draft.key!r} stands in row {before} already; give each its own id",
        f"«{draft.key}» در ردیف {before} هم هست؛ به هر یک شناسه خودش را بدهید",
    )
