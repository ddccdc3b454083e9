"""Topics and lag, through kafka-python's admin client (blocking; call it in a thread from async code)."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import kafka
from kafka.errors import KafkaError

from schemas.errors import ConflictError, UnavailableError
from schemas.settings import Settings
from schemas.topics import TOPICS, Topic
from streams.security import client_arguments

library: Any = kafka  # the type checker knows the stubs of an older release only


@contextmanager
def admin(settings: Settings) -> Generator[Any]:
    """A connected admin client, or UnavailableError with what to do."""
    try:
        client = library.KafkaAdminClient(**client_arguments(settings), request_timeout_ms=15_000)
    except (KafkaError, OSError, ValueError) as error:
        msg = f"Kafka at {settings.kafka_bootstrap_servers} cannot be reached: {error}"
        raise UnavailableError(msg, hint="Is it running, and is PEYVAND_KAFKA_BOOTSTRAP_SERVERS right?") from error
    try:
        yield client
    except KafkaError as error:
        msg = f"Kafka at {settings.kafka_bootstrap_servers} refused: {error}"
        raise UnavailableError(msg) from error
    finally:
        client.close()


def wanted_partitions(topic: Topic, settings: Settings) -> int:
    """The registry's number, unless settings name another for the event topics."""
    return settings.kafka_partitions if settings.kafka_partitions and topic.partitions > 1 else topic.partitions


def create_topics(settings: Settings) -> dict[str, str]:
    """Create what is missing; returns `created` or `exists` per topic.

    ConflictError: a topic exists with another number of partitions, which would break the order of keys.
    """
    with admin(settings) as client:
        existing = {info["name"]: len(info["partitions"]) for info in client.describe_topics(known_topics(client))}
        missing = [topic for topic in TOPICS if topic.name not in existing]
        wrong = [
            f"{topic.name} has {existing[topic.name]} partitions, {wanted_partitions(topic, settings)} are wanted"
            for topic in TOPICS
            if topic.name in existing and existing[topic.name] != wanted_partitions(topic, settings)
        ]
        if wrong:
            msg = "; ".join(wrong)
            raise ConflictError(
                msg,
                hint="The number of partitions is fixed once events are keyed by it. Set PEYVAND_KAFKA_PARTITIONS "
                "to what exists, or move to new topics.",
            )
        if missing:
            specs: dict[str, Any] = {
                topic.name: {
                    "num_partitions": wanted_partitions(topic, settings),
                    "replication_factor": settings.kafka_replication,
                    "configs": topic.config(),
                }
                for topic in missing
            }
            client.create_topics(specs, raise_errors=True, wait_for_metadata=True)
        return {topic.name: "exists" if topic.name in existing else "created" for topic in TOPICS}


def known_topics(client: Any) -> list[str]:
    """Those of the registry's topics that exist."""
    existing = set(client.list_topics())
    return [topic.name for topic in TOPICS if topic.name in existing]


def end_offsets(settings: Settings) -> dict[str, int]:
    """The next offset of every partition of the registry's topics, by `topic:partition`."""
    with admin(settings) as client:
        infos = client.describe_topics(known_topics(client))
        tps = [(info["name"], p["partition_index"]) for info in infos for p in info["partitions"]]
        return _offsets(client, tps)


def _offsets(client: Any, tps: list[tuple[str, int]]) -> dict[str, int]:
    found = client.list_partition_offsets(
        {library.TopicPartition(topic, partition): library.admin.OffsetSpec.LATEST for topic, partition in tps}
    )
    return {f"{tp.topic}:{tp.partition}": info.offset for tp, info in found.items()}


def delete_group(settings: Settings, group: str) -> None:
    """Forget a consumer group with its offsets; nobody may be in it. Positions come from the graph all the same."""
    with admin(settings) as client:
        _done(group, set(client.delete_groups([group]).values()) - {"OK"})


def rewind_group(settings: Settings, group: str) -> None:
    """Set a group's committed offsets back to the beginning of the log; nobody may be in it."""
    with admin(settings) as client:
        places = client.list_group_offsets(group)[group]
        done = client.reset_group_offsets(group, dict.fromkeys(places, library.admin.OffsetSpec.EARLIEST))
        _done(group, {one["error"].__name__ for one in done.values() if one["error"].errno})


def _done(group: str, refused: set[str]) -> None:
    """ConflictError when the broker refused: the client only answers so."""
    if refused:
        msg = f"Kafka leaves the group {group} as it is: {', '.join(sorted(refused))}"
        raise ConflictError(msg, hint="Is a member still in it? A stopped one is, until its session has run out.")


def committed_offsets(settings: Settings, group: str) -> dict[str, int]:
    """What a group has told Kafka it has done, by `topic:partition`: a hint for lag tools."""
    with admin(settings) as client:
        found = client.list_group_offsets(group)[group]
        return {f"{tp.topic}:{tp.partition}": told.offset for tp, told in found.items()}


def group_members(settings: Settings, group: str) -> dict[str, int]:
    """How many partitions each member of a group holds, by its static id."""
    with admin(settings) as client:
        members = client.describe_groups([group])[group]["members"]
        return {
            member["group_instance_id"]: sum(
                len(topic["partitions"]) for topic in (member["member_assignment"] or {}).get("assigned_partitions", ())
            )
            for member in members
        }


def forget_records(settings: Settings, before: dict[str, int]) -> None:
    """Delete the records of partitions (`topic:partition`) below an offset; they cannot be brought back."""
    with admin(settings) as client:
        places = {
            library.TopicPartition(tp.rpartition(":")[0], int(tp.rpartition(":")[2])): n for tp, n in before.items()
        }
        client.delete_records(places)
