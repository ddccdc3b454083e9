"""THE loop: a slice of one partition becomes graph, matches and news. Knows neither Faust nor a consumer.

Per slice: decode -> (dead letters) -> apply, one transaction that moves `applied` -> find candidates, read after that
commit -> record, transactions of which the last moves `matched` -> publish. What a slice touched is kept with the cursor
until it is matched: a restart between both matches just that, and applies nothing again.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import structlog

from graph.apply import apply
from graph.changes import Touched
from graph.cursors import EVERYTHING, Cursor, lock_cursor, move_cursor, not_rebuilt, read_cursors
from graph.driver import Graph, RefusedError, Tx
from graph.due import all_due
from graph.knowledge import Knowledge
from schemas.codec import Poison
from schemas.errors import FencedError, HoleError, UnavailableError
from streams.deadletters import DeadLetter, Limit, Origin
from streams.deciding import decide_touched
from streams.outbox import Outbox
from streams.provenance import CODES, Provenance
from streams.publish import Publisher
from streams.reading import Read, prepared, read

log = structlog.get_logger()

FENCED_TIMES = 5
LONGEST_PAUSE = 5.0


def real_today() -> date:
    """Today by UTC."""
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
    waited_at: float = float("-inf")
    apply_seconds: float = 0.0
    match_seconds: float = 0.0


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
    ) -> None:
        self.graph = graph
        self.publisher = publisher
        self.knowledge = knowledge
        self.today = today
        self.owner = owner or f"{os.uname().nodename}:{os.getpid()}"
        self.progress = Progress()
        self.outbox = Outbox(graph, publisher, checkpoint)
        self.provenance = Provenance(graph)
        self.cursors: dict[str, Cursor] = {}
        self._limit = limit or Limit(0.5, 2000)
        self._at = checkpoint
        self.replays = False
        """Whether old records are read again, whose dead letters are there already."""
        self._lettered: dict[str, set[int]] = {}
        self.expected: dict[str, int] = {}
        """The offset after what was read of a partition, or where its reading began: nothing below comes by itself again."""
        self.earliest: Callable[[str], Awaitable[int]] | None = None
        """Asks the log for the first offset it still has; without it every gap counts as a hole."""

    async def handle(self, tp: str, records: Sequence[Origin]) -> int:
        """Take a slice of partition `tp` (records in order) all the way; returns the partition's next offset.

        Waits out outages of Neo4j and Kafka. FencedError: another worker owns the partition for good. HoleError:
        the log does not continue where the graph stands. TooManyDeadLettersError: see streams.deadletters.
        """
        fenced, pause = 0, 0.05
        while True:
            try:
                cursor = self.cursors.get(tp) or (await self.load(tp))
                if cursor.matched < cursor.applied:
                    self.cursors[tp] = await self._resume(tp, cursor)
                    continue
                rest = [r for r in records if r.offset >= cursor.applied]
                if not rest:
                    self.expected[tp] = (
                        max(self.expected.get(tp, 0), records[-1].offset + 1) if records else cursor.matched
                    )
                    return cursor.matched
                await self._no_hole(tp, cursor, rest[0].offset)
                self.cursors[tp] = await self._slice(tp, cursor, rest)
                self.expected[tp] = rest[-1].offset + 1
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
                self.progress.waited_at = time.monotonic()  # waiting for a server is not being stuck
                log.warning("slice.waits", tp=tp, error=error.detail, seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def apply_only(self, tp: str, records: Sequence[Origin]) -> None:
        """Apply a slice and leave the matching to later: for a rebuild, which matches once at the end."""
        cursor = self.cursors.get(tp) or await self.load(tp)
        rest = [r for r in records if r.offset >= cursor.applied]
        if rest:
            _, self.cursors[tp] = await self._apply(tp, cursor, rest, await self._read(rest), Touched(), settles=False)

    def forget(self, tp: str) -> None:
        """A partition went to another worker."""
        self.cursors.pop(tp, None)
        self.expected.pop(tp, None)

    async def load(self, tp: str) -> Cursor:
        """Where the graph stands with a partition."""
        self.cursors[tp] = (await read_cursors(self.graph, [tp]))[tp]
        return self.cursors[tp]

    async def rematch(self, touched: Touched) -> int:
        """Decide subjects again outside of any slice (a new day, new rules); returns how much was told.

        FencedError while another process rebuilds the graph.
        """

        async def begin(tx: Tx) -> None:
            await not_rebuilt(tx, self.owner)

        return await decide_touched(self.graph, self.outbox, touched, self.knowledge, self.today(), begin, _nothing)

    async def _read(self, records: Sequence[Origin]) -> Read:
        return await self.provenance.checked(read(records))

    async def _slice(self, tp: str, cursor: Cursor, records: Sequence[Origin]) -> Cursor:
        started = time.monotonic()
        touched, cursor = await self._apply(tp, cursor, records, await self._read(records), Touched())
        self._lettered.pop(tp, None)
        self.progress.apply_seconds += time.monotonic() - started
        return cursor if cursor.matched == cursor.applied else await self._match(tp, cursor, touched)

    async def _resume(self, tp: str, cursor: Cursor) -> Cursor:
        """Match what an earlier life has applied but not matched."""
        if cursor.touched != EVERYTHING:
            return await self._match(tp, cursor, Touched.from_json(cursor.touched or "{}"))
        done = Cursor(cursor.applied, cursor.applied)

        async def work(tx: Tx) -> None:
            await lock_cursor(tx, tp, self.owner, cursor)
            await all_due(tx)
            await move_cursor(tx, tp, done)

        await self.graph.write(work)
        return done

    async def _apply(
        self,
        tp: str,
        cursor: Cursor,
        records: Sequence[Origin],
        slice_: Read,
        before: Touched,
        *,
        settles: bool = True,
    ) -> tuple[Touched, Cursor]:
        ready, letters = prepared(slice_, self.knowledge)
        await self._set_aside(tp, letters)
        nxt = records[-1].offset + 1

        async def work(tx: Tx) -> tuple[Touched, Cursor]:
            await lock_cursor(tx, tp, self.owner, cursor)
            touched = await apply(tx, ready, self.knowledge)
            touched.update(before)
            if not settles:
                to = Cursor(nxt, cursor.matched, EVERYTHING)
            elif touched:
                to = Cursor(nxt, cursor.matched, touched.to_json())
            else:  # what touched nothing needs no matching
                to = Cursor(nxt, nxt)
            await move_cursor(tx, tp, to)
            self._at("apply.before-commit")
            return touched, to

        try:
            touched, to = await self.graph.write(work)
        except RefusedError as error:
            return await self._apply_apart(tp, cursor, records, slice_, before, error, settles=settles)
        self._at("apply.after-commit")
        self._limit.count(len(records) - len(letters), 0)
        self.progress.records += len(records)
        self.progress.slices += 1
        return touched, to

    async def _apply_apart(
        self,
        tp: str,
        cursor: Cursor,
        records: Sequence[Origin],
        slice_: Read,
        before: Touched,
        error: RefusedError,
        *,
        settles: bool,
    ) -> tuple[Touched, Cursor]:
        """Halve the slice until the record that the graph refuses stands alone, then set it aside."""
        if not slice_.events:  # not even an empty slice is taken: no record is at fault
            raise error
        if len(records) == 1:
            letter = DeadLetter(records[0], Poison("not_writable", error.detail))
            return await self._apply(tp, cursor, records, Read([], [letter]), before, settles=settles)
        middle = len(records) // 2
        touched, at = before, cursor
        for part in (records[:middle], records[middle:]):
            touched, at = await self._apply(tp, at, part, await self._read(part), touched, settles=settles)
        return touched, at

    async def _set_aside(self, tp: str, letters: Sequence[DeadLetter]) -> None:
        """Send letters to dead-letters, once in this process however often the slice is tried."""
        if self.replays:
            return
        sent = self._lettered.setdefault(tp, set())
        new = [letter for letter in letters if letter.origin.offset not in sent]
        if not new:
            return
        await self.publisher.send([letter.outgoing() for letter in new])
        sent.update(letter.origin.offset for letter in new)
        self.progress.dead += len(new)
        for letter in new:
            log.warning("record.dead", tp=tp, offset=letter.origin.offset, code=letter.poison.code)
        self._limit.count(0, sum(letter.poison.code not in CODES for letter in new))

    async def _match(self, tp: str, cursor: Cursor, touched: Touched) -> Cursor:
        started = time.monotonic()
        done = Cursor(cursor.applied, cursor.applied)

        async def begin(tx: Tx) -> None:
            await lock_cursor(tx, tp, self.owner, cursor)

        async def end(tx: Tx) -> None:
            await move_cursor(tx, tp, done)
            self._at("match.before-commit")

        self.progress.matches += await decide_touched(
            self.graph, self.outbox, touched, self.knowledge, self.today(), begin, end
        )
        self._at("match.after-commit")
        self.progress.match_seconds += time.monotonic() - started
        return done

    async def _no_hole(self, tp: str, cursor: Cursor, first: int) -> None:
        """HoleError when events are gone. A gap alone may be the marker of a transaction, which takes an offset.

        FencedError when the graph stands before what was read already (it was restored, or its rebuild was given up):
        the log has the events between, but this process would never read them again.
        """
        if first <= cursor.applied:
            return
        if self.expected.get(tp, 0) > cursor.applied:
            msg = f"{tp} was read to {self.expected[tp]}, but the graph stands at {cursor.applied}"
            raise FencedError(msg, hint="Start the worker again: it reads from where the graph stands.")
        begins = first if self.earliest is None else await self.earliest(tp)
        if begins > cursor.applied:
            msg = f"{tp} begins at offset {begins}, but the graph stands at {cursor.applied}: events between are gone"
            hint = "The topic was truncated, or its retention is too short. Restore the log from a copy; see docs/operations.md."
            raise HoleError(msg, hint=hint)


async def _nothing(_tx: Tx) -> None:
    """Ends a transaction that moves no cursor."""
