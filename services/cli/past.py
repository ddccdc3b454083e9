"""Who was eligible at the moment a demand was published: the log folded up to that moment, every pair decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph.knowledge import Knowledge
from schemas.codec import Poison, decode
from schemas.demands import DemandPublished
from schemas.envelope import Envelope
from schemas.events import DEMAND_EVENTS, PRODUCT_EVENTS, SUPPLIER_EVENTS
from schemas.settings import Settings
from services.chaos.oracle import expected
from services.cli.letters import stored_records


@dataclass(frozen=True, slots=True)
class Past:
    """The first publication of a demand, and the pairs (item key, offer key) that matched at that moment."""

    event_id: str
    at: datetime
    place: str
    rules: str
    eligible: list[tuple[str, str]]
    nearly: list[tuple[str, str]]


def at_publication(settings: Settings, demand_id: str, knowledge: Knowledge) -> Past | None:
    """Fold the log up to the publication, by the present rules; None when the log has no such publication.

    Order across partitions is by the time that records carry; events of the same millisecond count as before.
    """
    first = _publication(settings, demand_id)
    if first is None:
        return None
    record, event = first
    moment: int = record.timestamp
    events = [event]
    for topic in (SUPPLIER_EVENTS, PRODUCT_EVENTS):
        events += [found for other, found in _events(settings, topic) if other.timestamp <= moment]
    at = datetime.fromtimestamp(moment / 1000, UTC)
    wanted = expected(events, knowledge, settings.today or at.date())
    return Past(
        event_id=event.id,
        at=at,
        place=f"{record.topic}:{record.partition}:{record.offset}",
        rules=knowledge.version,
        eligible=sorted(wanted.matches),
        nearly=sorted(wanted.near),
    )


def _publication(settings: Settings, demand_id: str) -> tuple[Any, Envelope] | None:
    key = demand_id.encode()
    for record in stored_records(settings, DEMAND_EVENTS, lambda found: found == key):
        event = decode(record)
        if not isinstance(event, Poison) and isinstance(event.data, DemandPublished):
            return record, event
    return None


def _events(settings: Settings, topic: str) -> Iterator[tuple[Any, Envelope]]:
    for record in stored_records(settings, topic, lambda _: True):
        event = decode(record)
        if not isinstance(event, Poison):
            yield record, event
