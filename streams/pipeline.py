"""THE loop: a slice of one partition becomes graph, matches and news. Knows neither Faust nor a consumer.

Per slice: decode -> (dead letters) -> apply, one transaction that moves `applied` -> find candidates, read after that
commit -> record, one transaction that moves `matched` -> publish. A restart resumes at `matched`; what lies below
`applied` is not applied again but matched again.
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import structlog

from graph.apply import ITEMS_OF_DEMANDS, Prepared, apply, mentioned, prepare
from graph.changes import NOTICES, Change, Changes, Touched
from graph.cursors import Cursor, lock_cursor, move_cursor, read_cursors
from graph.delivery.planning import AT, PARTITION, SEQ
from graph.driver import Graph, RefusedError, Tx
from graph.knowledge import Knowledge
from graph.record import Message, record
from graph.retrieve import find_candidates
from schemas.codec import Poison, decode
from schemas.envelope import Envelope
from schemas.errors import FencedError, HoleError, UnavailableError
from streams.deadletters import DeadLetter, Limit, Origin
from streams.handlers import changes_of
from streams.outbox import Outbox
from streams.publish import Publisher

log = structlog.get_logger()

FENCED_TIMES = 5
LONGEST_PAUSE = 5.0


def real_today() -> date:
    """The date that validity is judged by."""
    return datetime.now(UTC).date()


@dataclass(slots=True)
class Progress:
    """What a worker has done; read by the watchdog and by metrics."""

    records: int = 0
    slices: int = 0
    matches: int = 0
    dead: int = 0
    fenced: int = 0
    retries: int = 0
    moved_at: float = 0.0
    apply_seconds: float = 0.0
    match_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Read:
    """A slice as read: events with the place of each, and what cannot be read."""

    events: list[tuple[Envelope, Origin]]
    letters: list[DeadLetter]


class Pipeline:
    """Handles slices. One instance a process; slices of different partitions may run side by side."""

    def __init__(
        self,
        graph: Graph,
        publisher: Publisher,
        knowledge: Knowledge,
        *,
        owner: str | None = None,
        today: Callable[[], date] = real_today,
        limit: Limit | None = None,
        checkpoint: Callable[[str], None] = lambda _: None,
        told: bool = True,
    ) -> None:
        self.graph = graph
        self.publisher = publisher
        self.knowledge = knowledge
        self.today = today
        self.owner = owner or f"{os.uname().nodename}:{os.getpid()}"
        self.progress = Progress(moved_at=time.monotonic())
        self.outbox = Outbox(graph, publisher, checkpoint)
        self.cursors: dict[str, Cursor] = {}
        self._limit = limit or Limit(0.5, 2000)
        self._at = checkpoint
        self._told = told

    async def handle(self, tp: str, records: Sequence[Origin]) -> int:
        """Take a slice of partition `tp` (records in order) all the way; returns the partition's next offset.

        Waits out outages of Neo4j and Kafka. FencedError: another worker owns the partition for good. HoleError:
        the log does not continue where the graph stands. TooManyDeadLettersError: see streams.deadletters.
        """
        fenced, pause = 0, 0.05
        while True:
            try:
                cursor = self.cursors.get(tp) or (await self.load(tp))
                rest = [r for r in records if r.offset >= cursor.matched]
                if not rest:
                    return cursor.matched
                _no_hole(tp, cursor, rest[0].offset)
                below = [r for r in rest if r.offset < cursor.applied]
                self.cursors[tp] = await self._slice(tp, cursor, below or rest, applied=bool(below))
                self.progress.moved_at = time.monotonic()
                fenced, pause = 0, 0.05
            except FencedError as error:
                self.cursors.pop(tp, None)
                self.progress.fenced += 1
                fenced += 1
                log.warning("slice.fenced", tp=tp, error=error.detail)
                if fenced > FENCED_TIMES:
                    raise
            except UnavailableError as error:
                self.cursors.pop(tp, None)  # whether the last commit went through is not known
                self.progress.retries += 1
                self.progress.moved_at = time.monotonic()  # waiting for a server is not being stuck
                log.warning("slice.waits", tp=tp, error=error.detail, seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def apply_only(self, tp: str, records: Sequence[Origin]) -> None:
        """Apply a slice and leave the matching to later: for a rebuild, which matches once at the end."""
        cursor = self.cursors.get(tp) or await self.load(tp)
        rest = [r for r in records if r.offset >= cursor.applied]
        if rest:
            _, to = await self._apply(tp, cursor, rest, _read(rest), settles=False)
            self.cursors[tp] = to

    async def load(self, tp: str) -> Cursor:
        """Where the graph stands with a partition."""
        self.cursors[tp] = (await read_cursors(self.graph, [tp]))[tp]
        return self.cursors[tp]

    async def rematch(self, touched: Touched) -> int:
        """Decide subjects again outside of any slice (a new day, new rules); returns how much was told."""
        found = await find_candidates(self.graph, await self._whole(touched), self.knowledge, self.today())

        async def work(tx: Tx) -> list[Message]:
            return await record(tx, found.pairs, found.items, self.knowledge, self.today())

        messages = await self.graph.write(work)
        self.outbox.send_soon(messages)
        return len(messages)

    async def _slice(self, tp: str, cursor: Cursor, records: Sequence[Origin], *, applied: bool) -> Cursor:
        read = _read(records)
        nxt = records[-1].offset + 1
        if applied:
            touched = mentioned(Changes(_changes(read.events)))
        else:
            started = time.monotonic()
            touched, cursor = await self._apply(tp, cursor, records, read)
            self.progress.apply_seconds += time.monotonic() - started
            if cursor.matched == nxt:
                return cursor
        started = time.monotonic()
        done = Cursor(cursor.applied, nxt)
        await self._match(tp, cursor, done, touched)
        self.progress.match_seconds += time.monotonic() - started
        return done

    async def _apply(
        self, tp: str, cursor: Cursor, records: Sequence[Origin], read: _Read, *, settles: bool = True
    ) -> tuple[Touched, Cursor]:
        prepared, letters = self._prepare(read)
        self._limit.count(len(records) - len(letters), len(letters))
        if letters:
            await self.publisher.send([letter.outgoing() for letter in letters])
            self.progress.dead += len(letters)
            for letter in letters:
                log.warning("record.dead", tp=tp, offset=letter.origin.offset, code=letter.poison.code)
        nxt = records[-1].offset + 1

        async def work(tx: Tx) -> tuple[Touched, Cursor]:
            await lock_cursor(tx, tp, self.owner, cursor)
            touched = await apply(tx, prepared, self.knowledge)
            # what touched nothing needs no matching, unless something before it still does
            still = bool(touched) or cursor.matched != cursor.applied or not settles
            to = Cursor(nxt, cursor.matched if still else nxt)
            await move_cursor(tx, tp, to)
            self._at("apply.before-commit")
            return touched, to

        try:
            touched, cursor = await self.graph.write(work)
        except RefusedError as error:
            return await self._apply_apart(tp, cursor, records, error)
        self._at("apply.after-commit")
        self.progress.records += len(records)
        self.progress.slices += 1
        return touched, cursor

    async def _apply_apart(
        self, tp: str, cursor: Cursor, records: Sequence[Origin], error: RefusedError
    ) -> tuple[Touched, Cursor]:
        """Halve the slice until the record that the graph refuses stands alone, then set it aside."""
        if len(records) == 1:
            letter = DeadLetter(records[0], Poison("not_writable", error.detail))
            return await self._apply(tp, cursor, records, _Read([], [letter]))
        middle = len(records) // 2
        touched, at = Touched(), cursor
        for part in (records[:middle], records[middle:]):
            more, at = await self._apply(tp, at, part, _read(part))
            touched.update(more)
        return touched, at

    def _prepare(self, read: _Read) -> tuple[Prepared, list[DeadLetter]]:
        changes = Changes(_changes(read.events))
        try:
            return prepare(changes, self.knowledge), read.letters
        except Exception:  # noqa: BLE001 - a text that the rules trip over must not stop its neighbours
            return self._prepare_apart(read)

    def _prepare_apart(self, read: _Read) -> tuple[Prepared, list[DeadLetter]]:
        good: list[Change] = []
        letters = list(read.letters)
        for event, origin in read.events:
            changes = _changes([(event, origin)])
            try:
                prepare(Changes(changes), self.knowledge)
            except Exception as error:
                log.exception("record.not-understood", event_id=event.id)
                reason = f"The rules of this release fail on it: {type(error).__name__}: {error}."
                letters.append(DeadLetter(origin, Poison("not_understood", reason)))
            else:
                good += changes
        return prepare(Changes(good), self.knowledge), letters

    async def _match(self, tp: str, cursor: Cursor, done: Cursor, touched: Touched) -> None:
        touched = await self._whole(touched)
        found = await find_candidates(self.graph, touched, self.knowledge, self.today())

        async def work(tx: Tx) -> list[Message]:
            await lock_cursor(tx, tp, self.owner, cursor)
            messages = await record(tx, found.pairs, found.items, self.knowledge, self.today())
            await move_cursor(tx, tp, done)
            self._at("match.before-commit")
            return messages

        messages = await self.graph.write(work)
        self._at("match.after-commit")
        self.progress.matches += len(messages)
        self.outbox.send_soon(messages)

    async def _whole(self, touched: Touched) -> Touched:
        if touched.demands:
            rows = await self.graph.read(ITEMS_OF_DEMANDS, ids=sorted(touched.demands))
            touched.items |= {row["key"] for row in rows}
        return touched


def _no_hole(tp: str, cursor: Cursor, first: int) -> None:
    if first > cursor.matched:
        msg = f"{tp} continues at offset {first}, but the graph stands at {cursor.matched}: {first - cursor.matched} events are gone"
        raise HoleError(
            msg,
            hint="The topic was truncated or its retention is too short. Restore the log, or accept the loss with "
            "`peyvand rebuild --from-earliest`.",
        )


def _read(records: Sequence[Origin]) -> _Read:
    events: list[tuple[Envelope, Origin]] = []
    letters: list[DeadLetter] = []
    for item in records:
        got = decode(item)
        if isinstance(got, Poison):
            letters.append(DeadLetter(item, got))
        else:
            events.append((got, item))
    return _Read(events, letters)


def _changes(events: Sequence[tuple[Envelope, Origin]]) -> list[Change]:
    changes: list[Change] = []
    for event, origin in events:
        for change in changes_of(event):
            if change.kind == NOTICES:
                change.more[SEQ], change.more[PARTITION] = origin.offset, origin.partition
                change.more[AT] = event.time.isoformat() if event.time else None
            changes.append(change)
    return changes
