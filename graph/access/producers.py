"""Producers that sign what they write to Kafka: whose they are, and from which place of the log to which they count.

Places are offsets by `topic:partition`. They make what is taken a matter of the log alone: a rebuild decides of each
record as the workers did, whoever has come or gone since.
"""

import json
from dataclasses import dataclass
from typing import Final

from graph import clock
from graph.access.log import Entry, put_entries
from graph.driver import Graph, Row, Tx
from schemas.errors import ConflictError, NotFoundError
from schemas.roles import Role

MOST: Final = 10_000
Places = dict[str, int]

PUT_PRODUCER = """
MERGE (p:Producer {id: $id})
ON CREATE SET p += $props, p.made = $made
RETURN p.made = $made AS made
"""

END_PRODUCER = """
MATCH (p:Producer {id: $id})
SET p.until = coalesce(p.until, $until), p.ended_at = coalesce(p.ended_at, $now)
RETURN p.id AS id
"""

PRODUCERS = """
MATCH (p:Producer)
WHERE p.id > ''
RETURN p.id AS id, p.name AS name, p.public AS public, p.role AS role, p.subject AS subject, p.source AS source,
       p.since AS since, p.until AS until, p.created_at AS created_at, p.ended_at AS ended_at
ORDER BY p.id LIMIT $rows
"""

REQUIRE = """
MERGE (m:Meta {id: 'signatures'})
SET m.since = coalesce(m.since, $since)
RETURN m.since AS since
"""

REQUIRED = """
MATCH (m:Meta {id: 'signatures'})
RETURN m.since AS since
"""


@dataclass(frozen=True, slots=True)
class Producer:
    """A producer. `public` is its Ed25519 key; `since` and `until` the places from and before which its records count."""

    id: str
    name: str
    public: bytes
    role: Role
    subject: str | None
    source: str | None
    since: Places
    until: Places | None
    created_at: float
    ended_at: float | None

    def counts_at(self, tp: str, offset: int) -> bool:
        """Tell whether a record at this place may be of this producer. A partition that is new has no place yet: all."""
        return offset >= self.since.get(tp, 0) and (self.until is None or offset < self.until.get(tp, 0))


async def put_producer(graph: Graph, row: Row, since: Places, entry: Entry) -> None:
    """Keep a new producer (`id`, `name`, `public`, `role`, `subject`, `source`). ConflictError: the id is taken."""
    made = f"{clock.now()}:{row['id']}"
    props = {name: value for name, value in row.items() if name != "id"}
    props |= {"since": json.dumps(since), "created_at": clock.now()}

    async def work(tx: Tx) -> None:
        rows = await tx.rows(PUT_PRODUCER, id=row["id"], props=props, made=made)
        if not rows[0]["made"]:
            msg = f"there is a producer {row['id']!r} already"
            raise ConflictError(msg, hint="A producer that goes over to another key gets another id.")
        await put_entries(tx, [entry])

    await graph.write(work)


async def end_producer(graph: Graph, producer: str, until: Places, entry: Entry) -> None:
    """Take nothing more of a producer from these places on. NotFoundError."""

    async def work(tx: Tx) -> None:
        if not await tx.rows(END_PRODUCER, id=producer, until=json.dumps(until), now=clock.now()):
            msg = f"there is no producer {producer!r}"
            raise NotFoundError(msg, hint="`peyvand producers list` lists them.")
        await put_entries(tx, [entry])

    await graph.write(work)


async def require_signatures(graph: Graph, since: Places, entry: Entry) -> Places:
    """From these places on take signed records only; for good, and once. Returns the places that hold."""

    async def work(tx: Tx) -> Places:
        rows = await tx.rows(REQUIRE, since=json.dumps(since))
        await put_entries(tx, [entry])
        return json.loads(rows[0]["since"])

    return await graph.write(work)


async def required(graph: Graph) -> Places | None:
    """From which places on records must be signed; None while they need not be."""
    rows = await graph.read(REQUIRED)
    return json.loads(rows[0]["since"]) if rows and rows[0]["since"] else None


async def producers(graph: Graph) -> dict[str, Producer]:
    """All producers by id, also those that have ended."""
    found: dict[str, Producer] = {}
    for row in await graph.read(PRODUCERS, rows=MOST):
        until = json.loads(row["until"]) if row["until"] else None
        found[row["id"]] = Producer(
            **{name: row[name] for name in ("id", "name", "subject", "source", "created_at", "ended_at")},
            public=bytes.fromhex(row["public"]),
            role=Role(row["role"]),
            since=json.loads(row["since"]),
            until=until,
        )
    return found
