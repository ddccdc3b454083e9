"""The demonstration's events, published once: derived ids make a second publication without effect."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from graph.demonstration import mark_seeded
from graph.driver import Graph
from schemas.envelope import Envelope, wrap
from schemas.ids import derived
from services.demo.load import demo_events
from streams.publish import Publisher, Receipt, publish

SOURCE = "urn:peyvand:demonstration"
BATCH = 200


def seed_events(today: date | None = None) -> Iterator[Envelope]:
    """All events of the demonstration, dates moved to today."""
    for number, (name, data) in enumerate(demo_events(today)):
        yield wrap(data, source=SOURCE, event_id=derived("demonstration", number, name))


async def seed(graph: Graph, publisher: Publisher, today: date | None = None) -> list[Receipt]:
    """Publish the demonstration and remember that."""
    events = list(seed_events(today or datetime.now(UTC).date()))
    receipts: list[Receipt] = []
    for start in range(0, len(events), BATCH):
        receipts += await publish(publisher, events[start : start + BATCH])
    await mark_seeded(graph)
    return receipts
