"""A worker: the Faust app with its agents, timers and watchdog. A root: builds Settings()."""

import asyncio
import functools
import os
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, cast

import faust
import structlog
from faust.types.tuples import TP

from graph.cursors import Cursor, read_cursors
from graph.driver import Graph
from graph.knowledge import Knowledge
from graph.rebuild import died_replaying, marker, unmark
from graph.slots import keep_slot, take_slot
from schemas.errors import PeyvandError, UnavailableError
from schemas.settings import Settings
from schemas.topics import CONSUMED
from streams.deadletters import Limit, Origin
from streams.deliver.loop import Deliveries
from streams.lanes import Lanes
from streams.pipeline import Pipeline
from streams.publish import KafkaPublisher
from streams.security import ssl_context
from streams.tidings import Tidings
from streams.upkeep import Upkeep
from streams.vitals import Stillness, end_on_crash, owned

log = structlog.get_logger()

EXIT_FATAL = 70
EXIT_STUCK = 75
EXIT_HOLE = 76
EXIT_SLOT = 77
EXIT_RULES = 79
SLOT_CHECK_SECONDS = 3
POSITIONS_SECONDS = 60.0


class Worker:
    """Everything one worker process owns, wired together."""

    def __init__(self, settings: Settings, knowledge: Knowledge) -> None:
        self.settings = settings
        self.graph = Graph(settings)
        self.publisher = KafkaPublisher(settings)
        self.pipeline = Pipeline(
            self.graph,
            self.publisher,
            knowledge,
            owner=owner_name(),
            today=settings.current_date,
            limit=Limit(settings.dead_letter_share, settings.dead_letter_window),
            checkpoint=kill_point(settings.kill_at),
        )
        self.upkeep = Upkeep(self.pipeline, Tidings(self.pipeline, settings), fenced=other_release)
        self.deliveries = Deliveries(self.graph, settings, self.pipeline.owner, kill_point(settings.kill_at))
        self.lanes = Lanes(self._handle, at_once=settings.lanes)
        self.pending: dict[TP, int] = {}
        self._watched = 0
        self._still = Stillness(settings.watchdog_seconds)
        self.pipeline.earliest = self.earliest
        self.app = self._faust()

    def _faust(self) -> faust.App:
        from streams.agents import add_agents  # noqa: PLC0415 - agents are declared on the finished app
        from streams.slices import install  # noqa: PLC0415

        s = self.settings
        app = faust.App(
            s.group_id,
            broker=[f"kafka://{part.strip()}" for part in s.kafka_bootstrap_servers.split(",")],
            broker_credentials=credentials(s),
            datadir=Path(tempfile.gettempdir()) / f"peyvand-worker-{os.getuid()}",  # made, and stays empty: no tables
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            table_standby_replicas=0,
            stream_wait_empty=False,
            stream_buffer_maxsize=16,
            broker_session_timeout=10,
            broker_heartbeat_interval=1.0,
            broker_max_poll_records=4 * s.slice_max,
            broker_max_poll_interval=300,
            consumer_group_instance_id=f"{s.group_id}-{s.worker_slot}",
            worker_redirect_stdouts=False,
        )
        install(app, frozenset(CONSUMED), s.slice_max, self.positions)
        add_agents(app, self.take)
        for seconds, work in ((0.5, self.commit), (1.0, self.watch), (1.0, self.upkeep.tick)):
            app.timer(seconds)(or_die(work))
        cast("Any", app.on_partitions_revoked).connect(self.revoked)
        return app

    async def positions(self, tps: list[str]) -> Mapping[str, int]:
        """Where the graph stands with each partition; waits a little for Neo4j, and while the graph is rebuilt.

        Ends the process when that takes long (Faust gives up its start or rebalance after 90 s and would never go on;
        the next life waits before it joins), and when the log lacks what comes next or is shorter than what the graph
        has taken from it.
        """
        deadline = time.monotonic() + POSITIONS_SECONDS
        while (busy := await self._not_ready()) is not None:
            if time.monotonic() > deadline:
                die(
                    EXIT_STUCK,
                    f"The graph is not ready for {POSITIONS_SECONDS:.0f} s: {busy}. The next start waits for it.",
                )
            await asyncio.sleep(1)
        try:
            cursors = await read_cursors(self.graph, tps)
        except UnavailableError as error:
            die(EXIT_STUCK, f"The graph is away ({error.detail}). The next start waits for it.")
        await self._within_log(cursors)
        self.pipeline.expected.update({tp: cursor.matched for tp, cursor in cursors.items()})
        return {tp: cursor.matched for tp, cursor in cursors.items()}

    async def _not_ready(self) -> str | None:
        """Why the graph cannot be worked on now, or None. Takes away the mark of a rebuild that died."""
        try:
            found = await marker(self.graph)
            if found is None:
                return None
            if died_replaying(found):
                log.warning("rebuild.died", owner=found["owner"])
                await unmark(self.graph)  # what it told of is known again, so this is only a graph that lags behind
                return None
        except UnavailableError as error:
            log.warning("graph.wait", error=error.detail)
            return error.detail
        log.info("graph.wait", rebuild=found["owner"], phase=found["phase"])
        return f"{found['owner']} rebuilds it ({found['phase']})"

    async def _until_ready(self) -> None:
        """Wait as long as it takes, before this worker is a member of the group and holds partitions."""
        while await self._not_ready() is not None:  # noqa: ASYNC110 - no event tells of a server
            await asyncio.sleep(1)

    async def _within_log(self, cursors: Mapping[str, Cursor]) -> None:
        consumer: Any = self.app.consumer
        places = {place(tp): tp for tp in cursors}
        ends, begins = await consumer.highwaters(*places), await consumer.earliest_offsets(*places)
        for where, tp in places.items():
            cursor = cursors[tp]
            if cursor.applied > ends[where]:
                die(
                    EXIT_HOLE,
                    f"{tp} ends at {ends[where]}, but the graph has taken {cursor.applied} events from it: this is another "
                    "log. Restore the old one, or start with an empty graph.",
                )
            if cursor.applied < begins[where]:
                die(
                    EXIT_HOLE,
                    f"{tp} begins at {begins[where]}, but the graph stands at {cursor.applied}: events are gone.",
                )

    async def earliest(self, tp: str) -> int:
        """The first offset that the log still has of a partition."""
        consumer: Any = self.app.consumer
        return (await consumer.earliest_offsets(place(tp)))[place(tp)]

    async def take(self, records: Sequence[Origin]) -> None:
        """Queue a slice; called by the agents."""
        await self.lanes.put(f"{records[0].topic}:{records[0].partition}", records)

    async def _handle(self, tp: str, records: Sequence[Origin]) -> None:
        try:
            offset = await self.pipeline.handle(tp, records)
            self.pending[TP(records[0].topic, records[0].partition)] = offset
        except asyncio.CancelledError:
            raise
        except PeyvandError as error:
            die(error.exit_code, f"{error.title}: {error.detail}. {error.hint}")
        except BaseException:
            log.exception("worker.fatal", tp=tp)
            die(EXIT_FATAL, f"A slice of {tp} could not be handled; see the log above. Nothing of it is lost.")

    async def commit(self) -> None:
        """Tell Kafka how far the graph is: a hint for lag tools, never read back."""
        consumer: Any = self.app.consumer
        offsets, self.pending = owned(self.pending, consumer.assignment()), {}
        if offsets:  # an empty commit crashes Faust's consumer
            await consumer._commit(offsets)  # noqa: SLF001 - Faust has no public call that takes offsets

    async def watch(self) -> None:
        """End a worker that has work and makes no progress with it: the partition goes to another, or to its next life."""
        await self._keep_slot()
        if self._watched % SLOT_CHECK_SECONDS:
            return
        consumer: Any = self.app.consumer
        now = time.monotonic()
        try:  # asked of the graph: after a rebalance this worker may not know where its partitions stand
            cursors = await read_cursors(self.graph, [name(tp) for tp in consumer.assignment()])
        except UnavailableError:
            self._still.forget()
            return
        waited = now - self.pipeline.progress.waited_at < self.settings.watchdog_seconds
        for tp, cursor in cursors.items():
            behind = await self._behind(consumer, tp, cursor)
            still = self._still.look(tp, cursor.matched, now, has_work=bool(behind) and not waited)
            if still is not None:
                die(EXIT_STUCK, f"{tp} stands at {cursor.matched} for {still:.0f} s, though {behind}.")

    async def _behind(self, consumer: Any, tp: str, cursor: Cursor) -> str | None:
        """What shows that a partition has work; a marker of a transaction at its end is none."""
        taken = consumer.delivered.get(tp, 0)
        if cursor.matched < taken:
            return f"its records up to {taken} were taken"
        end, position = consumer.stable_end(place(tp)), await consumer.position(place(tp))
        return f"the log has records up to {end}" if end is not None and (position or 0) < end else None

    async def _keep_slot(self) -> None:
        self._watched += 1
        if self._watched % SLOT_CHECK_SECONDS:
            return
        try:
            s = self.settings
            owner = await keep_slot(self.graph, s.group_id, s.worker_slot, self.pipeline.owner)
        except UnavailableError:
            return
        if owner != self.pipeline.owner and owner is not None:
            die(
                EXIT_SLOT,
                f"Worker slot {self.settings.worker_slot} was taken by {owner}; give each worker its own slot.",
            )

    async def revoked(self, _app: Any, revoked: Any, **_: Any) -> None:
        """Partitions go to another worker: forget what is queued; the cursor fences what is under way."""
        names = [f"{tp.topic}:{tp.partition}" for tp in revoked]
        await self.lanes.drop(names)
        for name in names:
            self.pipeline.forget(name)

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT, then finish what is under way and leave."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        if not await unless(stop, self._until_ready()):
            return
        await take_slot(self.graph, self.settings.group_id, self.settings.worker_slot, self.pipeline.owner)
        self.app.finalize()
        watching = asyncio.ensure_future(end_on_crash(self.app, faust_crashed))
        delivering = asyncio.ensure_future(or_die(self.deliveries.run)())
        if await unless(stop, self.app.start()):
            log.info("worker.started", slot=self.settings.worker_slot, pid=os.getpid())
            await stop.wait()
        watching.cancel()
        delivering.cancel()
        await self.stop()

    async def stop(self) -> None:
        """Leave within seconds: slices under way end, news in memory is sent, the rest is in the graph."""
        try:
            async with asyncio.timeout(8):
                await self.deliveries.stop()
                await self.app.stop()
                await self.lanes.stop()
                await self.pipeline.outbox.drain()
                await self.publisher.stop()
                await self.graph.close()
        except TimeoutError:
            log.warning("worker.stop-timeout")
        log.info("worker.stopped")


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> bool:
    """Do the work, but leave it when `stop` is set; tells whether it was done. Raises what the work raises."""
    doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if doing.done():
        await doing
        return True
    doing.cancel()
    return False


def or_die(work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A timer's work whose unexpected failure ends the process: Faust would only stop the timer and go on without it."""

    @functools.wraps(work)
    async def guarded() -> None:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("worker.fatal", timer=work.__qualname__)
            die(EXIT_FATAL, f"{work.__qualname__} failed; see the log above.")

    return guarded


def faust_crashed(reason: BaseException) -> NoReturn:
    """End the process: Faust would stay as a shell that holds its partitions and handles nothing."""
    die(
        EXIT_FATAL,
        f"The stream engine crashed ({reason!r}); see the log above. Nothing is lost: start the worker again.",
    )


def other_release(rules: str) -> None:
    """End a worker whose release is no longer the one that decides."""
    die(
        EXIT_RULES,
        f"Another release has claimed the graph (rules {rules}), so this one decides no longer. Start workers of that "
        "release, or run `peyvand prepare` of this one to go back.",
    )


def place(name: str) -> TP:
    """The partition of a `topic:partition` name."""
    topic, _, number = name.rpartition(":")
    return TP(topic, int(number))


def name(tp: Any) -> str:
    """The `topic:partition` name of a partition."""
    return f"{tp.topic}:{tp.partition}"


def owner_name() -> str:
    """This process among all: machine and process id."""
    return f"{os.uname().nodename}:{os.getpid()}"


def credentials(settings: Settings) -> Any:
    """Faust's form of the broker login, or None for plain text."""
    context = ssl_context(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.kafka_username,
            password=settings.kafka_password.get_secret_value(),
            mechanism=settings.kafka_sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None


def kill_point(name: str) -> Any:
    """For crash tests: a callback that kills the process the hard way at the named point; does nothing by default."""

    def at(point: str) -> None:
        if name and point == name:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def die(code: int, sentence: str) -> NoReturn:
    """End the process at once. sys.exit would hang in Faust, and an exception would lose the slice."""
    log.error("worker.dies", code=code, reason=sentence)
    sys.stderr.flush()
    os._exit(code)
