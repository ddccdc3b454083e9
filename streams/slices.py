"""Faust delivers one event per slice (the fetched records of one partition, in order), and starts at the graph's cursor.

Why: Faust's path per record costs about 90 us and loses events when an agent raises; a slice costs the same as one
record, and positions come from the graph, so Kafka's committed offsets are only a hint for lag tools. Stands on
private names of faust-streaming 0.15.3, which is pinned; tests/streams/test_slices_contract.py holds them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, ClassVar, cast

import faust
from aiokafka.consumer.fetcher import READ_COMMITTED
from faust.serializers.schemas import Schema
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import TP, ConsumerMessage

Positions = Callable[[list[str]], Awaitable[Mapping[str, int]]]


class SliceSchema(Schema[Any, Any]):
    """Passes the list of records through untouched: there is nothing to fail."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Awaitable[Any]]:  # type: ignore[override]
        """Return Faust's decoder of one message, whose value is the slice."""
        create_event = app.create_event

        async def decode(message: Any, *, propagate: bool = False) -> Any:  # noqa: ARG001 - Faust's signature
            return create_event(None, message.value, None, message)

        return decode


class SliceConsumer(driver.Consumer):
    """Yields whole slices of the sliced topics and seeks to the graph's cursors."""

    sliced: ClassVar[frozenset[str]] = frozenset()
    slice_max: ClassVar[int] = 1000
    positions: ClassVar[Positions]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.delivered: dict[str, int] = {}
        """Next offset after what was handed out, by `topic:partition`: what is taken but not done can be told."""

    def stable_end(self, tp: TP) -> int | None:
        """The offset up to which the partition can be read now; None before the first fetch, and once it is another's."""
        return self._reader().last_stable_offset(tp) if tp in self.assignment() else None

    def _reader(self) -> Any:
        thread: Any = self._thread
        return thread._ensure_consumer()  # noqa: SLF001 - see above: pinned, held by a contract test

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Start every sliced partition where the graph stands, whatever offset the group has committed."""
        # events of aborted transactions are none; Faust asks for this only with its own exactly-once mode
        self._reader()._fetcher._isolation_level = READ_COMMITTED  # noqa: SLF001 - as above
        committed = dict(await super().seek_to_committed())
        assigned = {f"{tp.topic}:{tp.partition}": TP(tp.topic, tp.partition) for tp in self.assignment()}
        wanted = {name: tp for name, tp in assigned.items() if tp.topic in self.sliced}
        if wanted:
            found = await type(self).positions(sorted(wanted))
            places = {wanted[name]: offset for name, offset in found.items()}
            await self.seek_wait(places)
            committed.update(places)
        return committed

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:  # noqa: ASYNC109, C901 - Faust's own, with slices
        """Fetch once and yield (partition, message), a slice as one message."""
        records, active = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        if records is None or self.should_stop:
            return
        if not self.flow_active:
            await self._seek_logged()
            return
        single: dict[TP, Any] = {}
        for tp, fetched in records.items():
            if tp.topic not in self.sliced:
                single[tp] = fetched
                continue
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            if not (active is None or tp in active or tp in self._buffered_partitions):
                continue
            self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
            for start in range(0, len(fetched), self.slice_max):
                if not self.flow_active or self.app.consumer_generation_id != generation:
                    return
                chunk = fetched[start : start + self.slice_max]
                yield tp, _message(chunk, generation)
                self.delivered[f"{tp.topic}:{tp.partition}"] = chunk[-1].offset + 1
        for tp, record in self.scheduler.iterate(single):
            if not self.flow_active or self.app.consumer_generation_id != generation:
                break
            if active is None or tp in active or tp in self._buffered_partitions:
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                yield tp, self._to_message(tp, record)

    async def _seek_logged(self) -> None:
        try:
            await self.perform_seek()
        except Exception as error:  # noqa: BLE001 - as Faust does: the next round tries again
            self.log.warning("perform_seek failed: %r", error)


def _message(chunk: Any, generation: int) -> ConsumerMessage:
    last = chunk[-1]
    return ConsumerMessage(
        last.topic, last.partition, last.offset, last.timestamp / 1000.0, last.timestamp_type,
        None, None, chunk, None, 0, 0, TP(last.topic, last.partition), generation_id=generation,
    )  # fmt: skip


def install(app: faust.App, topics: frozenset[str], slice_max: int, positions: Positions) -> None:
    """Make the app consume these topics in slices. Before app.start()."""
    consumer = type(
        "Consumer", (SliceConsumer,), {"sliced": topics, "slice_max": slice_max, "positions": staticmethod(positions)}
    )
    transport = type("Transport", (driver.Transport,), {"Consumer": consumer})
    app.transport = cast("Any", transport)(app.conf.broker_consumer, app)


def sliced_topic(app: faust.App, name: str) -> Any:
    """A topic whose events are slices. Faust never commits it: the graph's cursor is the truth."""
    return app.topic(name, schema=SliceSchema(), acks=False)
