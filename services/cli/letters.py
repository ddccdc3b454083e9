"""Reading topics from beginning to end: dead letters, and the log for an audit."""

from collections.abc import Callable, Iterator
from typing import Any

import kafka

from schemas.events import DEAD_LETTERS
from schemas.settings import Settings
from streams.admin import end_offsets
from streams.letters import Letter, letter_of
from streams.security import client_arguments

library: Any = kafka  # the type checker knows the stubs of an older release only


def read_letters(settings: Settings) -> list[Letter]:
    """Every letter once, in the order in which they were set aside first."""
    found: dict[str, Letter] = {}
    for letter in stored_letters(settings, lambda _: True):
        found.setdefault(letter.name, letter)
    return list(found.values())


def stored_letters(settings: Settings, wanted: Callable[[bytes | None], bool]) -> Iterator[Letter]:
    """Letters with a wanted key up to the present end of the topic, doubles included."""
    return (letter_of(record) for record in stored_records(settings, DEAD_LETTERS, wanted))


def stored_records(settings: Settings, topic: str, wanted: Callable[[bytes | None], bool]) -> Iterator[Any]:
    """Records of a topic with a wanted key up to its present end, in order within each partition."""
    places = {tp: end for tp, end in end_offsets(settings).items() if tp.rpartition(":")[0] == topic}
    ends = {library.TopicPartition(topic, int(tp.rpartition(":")[2])): end for tp, end in places.items()}
    consumer = library.KafkaConsumer(**client_arguments(settings), group_id=None, enable_auto_commit=False)
    try:
        consumer.assign(list(ends))
        starts = consumer.beginning_offsets(list(ends))
        left = {tp: end for tp, end in ends.items() if starts[tp] < end}
        for tp in ends:
            consumer.seek(tp, starts[tp])
        while left:
            for tp, records in consumer.poll(timeout_ms=500).items():
                for record in records:
                    if record.offset < ends[tp] and wanted(record.key):
                        yield record
                if records and records[-1].offset + 1 >= ends[tp]:
                    left.pop(tp, None)
    finally:
        consumer.close()
