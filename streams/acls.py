"""What each kind of client may do at brokers that authenticate: as data, and as Kafka's commands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.events import DEAD_LETTERS, DEMAND_EVENTS, MATCH_EVENTS, PRODUCT_EVENTS, RESPONSE_EVENTS, SUPPLIER_EVENTS
from schemas.settings import Settings
from schemas.topics import CONSUMED, TOPICS

TOPIC, GROUP, CLUSTER = "topic", "group", "cluster"
EVERY_TOPIC: Final = tuple(topic.name for topic in TOPICS)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Operations on one resource; the cluster has no name."""

    resource: str
    name: str
    operations: tuple[str, ...]


def _topics(names: tuple[str, ...], *operations: str) -> tuple[Allowed, ...]:
    return tuple(Allowed(TOPIC, name, operations) for name in names)


def allowed(settings: Settings) -> Mapping[str, tuple[Allowed, ...]]:
    """What clients need, by kind. Nobody but workers writes `match-events`, and no outsider reads any topic."""
    return {
        "worker": (
            *_topics(CONSUMED, "Read", "Describe"),
            *_topics((MATCH_EVENTS, DEAD_LETTERS), "Write", "Describe"),
            Allowed(GROUP, settings.group_id, ("Read", "Describe")),
        ),
        "api": (
            *_topics((SUPPLIER_EVENTS, PRODUCT_EVENTS, DEMAND_EVENTS, RESPONSE_EVENTS), "Write"),
            *_topics(EVERY_TOPIC, "Describe"),
        ),
        "agency": _topics((DEMAND_EVENTS,), "Write", "Describe"),
        "registrar": _topics((SUPPLIER_EVENTS, PRODUCT_EVENTS), "Write", "Describe"),
        "operator": (
            *_topics(EVERY_TOPIC, "Create", "Read", "Write", "Describe", "DescribeConfigs"),
            Allowed(GROUP, settings.group_id, ("Read", "Describe", "Delete")),
            Allowed(CLUSTER, "kafka-cluster", ("Describe",)),
        ),
    }


def commands(settings: Settings, kind: str, principal: str) -> Iterator[str]:
    """The lines of `kafka-acls.sh` that allow a principal (`User:rai`) what a kind of client needs."""
    for one in allowed(settings)[kind]:
        operations = " ".join(f"--operation {name}" for name in one.operations)
        on = "--cluster" if one.resource == CLUSTER else f"--{one.resource} {one.name}"
        yield (
            f"kafka-acls.sh --bootstrap-server {settings.kafka_bootstrap_servers} --command-config admin.properties "
            f"--add --allow-principal {principal} {operations} {on}"
        )
