"""The topic registry: every topic with its key, partitions, retention, producers and consumers."""

from dataclasses import dataclass
from typing import Final

from schemas import events

FOREVER: Final = -1
LETTER_BYTES: Final = 15_000_000
"""A record of 1 MB may be many when it was compressed; its letter holds it whole up to this size."""
DAYS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Topic:
    """A Kafka topic. `retention_ms` -1 keeps it for ever: the graph is rebuilt from it."""

    name: str
    what: str
    key: str
    partitions: int
    retention_ms: int
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    max_bytes: int = 1_048_588

    def config(self) -> dict[str, str]:
        """The broker's settings for this topic."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(self.max_bytes),
            "compression.type": "producer",
        }


TOPICS: Final[tuple[Topic, ...]] = (
    Topic(
        events.SUPPLIER_EVENTS,
        "Suppliers and their units: registered, changed, suspended, reinstated, unit states.",
        "supplier id",
        12,
        FOREVER,
        ("API", "CLI", "registrars"),
        ("suppliers agent",),
    ),
    Topic(
        events.PRODUCT_EVENTS,
        "Offers: products and capabilities registered, changed, withdrawn; capacity reported.",
        "supplier id",
        12,
        FOREVER,
        ("API", "CLI", "suppliers"),
        ("products agent",),
    ),
    Topic(
        events.DEMAND_EVENTS,
        "Demands: published, amended, cancelled, awarded.",
        "demand id",
        12,
        FOREVER,
        ("API", "CLI", "agencies"),
        ("demands agent",),
    ),
    Topic(
        events.MATCH_EVENTS,
        "What suppliers are told: match found, changed, withdrawn; gaps, deadlines, award results, disabled endpoints. "
        "Also the memory of what was told, read by rebuild.",
        "supplier id",
        12,
        FOREVER,
        ("workers",),
        ("news agent", "suppliers"),
    ),
    Topic(
        events.RESPONSE_EVENTS,
        "What suppliers answer: interest, question, decline with a reason.",
        "supplier id",
        12,
        FOREVER,
        ("API", "CLI", "suppliers"),
        ("responses agent",),
    ),
    Topic(
        events.DEAD_LETTERS,
        "Records that could not be read, with their bytes, headers, origin and reason.",
        "topic:partition:offset",
        1,
        90 * DAYS,
        ("workers",),
        ("operators",),
        max_bytes=LETTER_BYTES + 1_000_000,
    ),
)
BY_NAME: Final = {topic.name: topic for topic in TOPICS}
CONSUMED: Final = (
    events.SUPPLIER_EVENTS,
    events.PRODUCT_EVENTS,
    events.DEMAND_EVENTS,
    events.RESPONSE_EVENTS,
    events.MATCH_EVENTS,
)
