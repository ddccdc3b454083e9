"""A slice as read: the events with their places, the changes they mean, and what cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from graph.apply import Prepared, prepare
from graph.changes import NOTICES, Change, Changes
from graph.delivery.planning import AT, PARTITION, SEQ
from graph.knowledge import Knowledge
from schemas.codec import Poison, decode
from schemas.envelope import Envelope
from streams.deadletters import DeadLetter, Origin
from streams.handlers import changes_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Read:
    """Events with the place of each, and letters for what is none."""

    events: list[tuple[Envelope, Origin]]
    letters: list[DeadLetter]


def read(records: Sequence[Origin]) -> Read:
    """Decode a slice; never raises on bad input."""
    events: list[tuple[Envelope, Origin]] = []
    letters: list[DeadLetter] = []
    for item in records:
        got = decode(item)
        if isinstance(got, Poison):
            letters.append(DeadLetter(item, got))
        else:
            events.append((got, item))
    return Read(events, letters)


def prepared(slice_: Read, knowledge: Knowledge) -> tuple[Prepared, list[DeadLetter]]:
    """Understand a slice; an event that the rules trip over becomes a letter and does not stop its neighbours."""
    try:
        return prepare(Changes(_changes(slice_.events)), knowledge), slice_.letters
    except Exception:  # noqa: BLE001 - found out one by one below
        return _apart(slice_, knowledge)


def _apart(slice_: Read, knowledge: Knowledge) -> tuple[Prepared, list[DeadLetter]]:
    good: list[Change] = []
    letters = list(slice_.letters)
    for event, origin in slice_.events:
        changes = _changes([(event, origin)])
        try:
            prepare(Changes(changes), knowledge)
        except Exception as error:
            log.exception("record.not-understood", event_id=event.id)
            reason = f"The rules of this release fail on it: {type(error).__name__}: {error}."
            letters.append(DeadLetter(origin, Poison("not_understood", reason)))
        else:
            good += changes
    return prepare(Changes(good), knowledge), letters


def _changes(events: Sequence[tuple[Envelope, Origin]]) -> list[Change]:
    changes: list[Change] = []
    for event, origin in events:
        for change in changes_of(event):
            if change.kind == NOTICES:
                change.more[SEQ], change.more[PARTITION] = origin.offset, origin.partition
                change.more[AT] = event.time.isoformat() if event.time else None
            changes.append(change)
    return changes
