"""The log of who did what at the doors: entries in the order of time, kept for some days and over a rebuild."""

import itertools
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from graph import clock
from graph.driver import Graph, Row, Tx

_COUNT: Final = itertools.count()
BEFORE_ALL: Final = "0"
AFTER_ALL: Final = "9" * 20

PUT_ENTRIES = """
UNWIND $rows AS r
MERGE (e:LogEntry {id: r.id})
SET e += r.props
"""

ENTRIES = """
MATCH (e:LogEntry)
WHERE $after < e.id < $before
RETURN e.id AS id, e.at AS at, e.principal AS principal, e.role AS role, e.subject AS subject, e.action AS action,
       e.target AS target, e.status AS status, e.events AS events, e.address AS address, e.note AS note
ORDER BY e.id DESC LIMIT $rows
"""

ENTRIES_OF_PRINCIPAL = """
MATCH (e:LogEntry)
WHERE e.principal = $principal AND $after < e.id < $before
RETURN e.id AS id, e.at AS at, e.principal AS principal, e.role AS role, e.subject AS subject, e.action AS action,
       e.target AS target, e.status AS status, e.events AS events, e.address AS address, e.note AS note
ORDER BY e.id DESC LIMIT $rows
"""

ENTRIES_OF_TARGET = """
MATCH (e:LogEntry)
WHERE e.target = $target AND $after < e.id < $before
RETURN e.id AS id, e.at AS at, e.principal AS principal, e.role AS role, e.subject AS subject, e.action AS action,
       e.target AS target, e.status AS status, e.events AS events, e.address AS address, e.note AS note
ORDER BY e.id DESC LIMIT $rows
"""

FORGET_ENTRIES = """
MATCH (e:LogEntry)
WHERE e.id < $before
WITH e ORDER BY e.id LIMIT $rows
DELETE e
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did.

    `action` is the method and the route, or a command; `target` the path that it was done to; `status` the HTTP status,
    0 for a command. `id` orders entries by time.
    """

    principal: str
    role: str
    action: str
    target: str
    subject: str | None = None
    status: int = 0
    events: list[str] = field(default_factory=list[str])
    address: str | None = None
    note: str | None = None
    at: float = field(default_factory=clock.now)
    id: str = ""

    def row(self) -> Row:
        """As it is written; the id is made when there is none."""
        props: dict[str, Any] = asdict(self)
        props.pop("id")
        return {"id": self.id or entry_id(self.at), "props": props}


def entry_id(at: float) -> str:
    """An id that no other entry has, and that sorts by time."""
    return f"{int(at * 1000):014d}-{next(_COUNT) % 1_000_000:06d}-{secrets.token_hex(4)}"


async def put_entries(tx: Tx, entries: list[Entry]) -> None:
    """Write entries in a transaction of what they tell of."""
    await tx.run(PUT_ENTRIES, rows=[entry.row() for entry in entries])


async def keep_entries(graph: Graph, rows: list[Row]) -> None:
    """Write entries that were made of `Entry.row`; writing them again changes nothing."""

    async def work(tx: Tx) -> None:
        await tx.run(PUT_ENTRIES, rows=rows)

    await graph.write(work)


async def entries(
    graph: Graph, after: str, before: str, rows: int, *, principal: str | None = None, target: str | None = None
) -> list[Row]:
    """Entries between two ids, both left out, newest first; of one principal, or else of one target, or else all."""
    if principal is not None:
        return await graph.read(ENTRIES_OF_PRINCIPAL, after=after, before=before, rows=rows, principal=principal)
    if target is not None:
        return await graph.read(ENTRIES_OF_TARGET, after=after, before=before, rows=rows, target=target)
    return await graph.read(ENTRIES, after=after, before=before, rows=rows)


async def forget_entries(graph: Graph, before: float, rows: int = 1000) -> None:
    """Delete the oldest entries, those before a time."""

    async def work(tx: Tx) -> None:
        await tx.run(FORGET_ENTRIES, before=f"{int(before * 1000):014d}", rows=rows)

    await graph.write(work)
