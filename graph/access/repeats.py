"""Answers to writes that came with an Idempotency-Key, kept for a day so that a repeated write is answered, not done."""

from dataclasses import dataclass
from typing import Final

from graph import clock
from graph.driver import Graph, Row, Tx

KEPT_SECONDS: Final = 24 * 3600.0
DIED_SECONDS: Final = 60.0
"""After as long without an answer the process that began has died; no request lasts so long."""
MOST: Final = 100_000
"""Answers that are kept; the oldest go when there are more."""
DONE, RUNNING = "done", "running"

BEGIN_REPEAT = """
MERGE (r:Repeat {id: $id})
SET r.held = true
RETURN r.state AS state, coalesce(r.at, 0.0) AS at, r.fingerprint AS fingerprint, r.status AS status,
       r.headers AS headers, r.body AS body
"""

TAKE_REPEAT = """
MATCH (r:Repeat {id: $id})
SET r = {id: $id, state: 'running', owner: $owner, at: $now}
"""

FINISH_REPEAT = """
MATCH (r:Repeat {id: $id})
WHERE r.owner = $owner
SET r += $props, r.state = 'done'
"""

DROP_REPEAT = """
MATCH (r:Repeat {id: $id})
WHERE r.owner = $owner
DELETE r
"""

FORGET_REPEATS = """
MATCH (r:Repeat)
WHERE r.at < $before
WITH r ORDER BY r.at LIMIT $rows
DELETE r
"""

COUNT_REPEATS = """
MATCH (r:Repeat)
WHERE r.at >= 0.0
RETURN count(r) AS n
"""

FORGET_OLDEST = """
MATCH (r:Repeat)
WHERE r.at >= 0.0
WITH r ORDER BY r.at LIMIT $rows
DELETE r
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered: `fingerprint` tells of which request; `body` None when it is not kept (it held a secret)."""

    fingerprint: str
    status: int
    headers: dict[str, str]
    body: bytes | None


async def begin(graph: Graph, repeat: str, owner: str) -> Row | None:
    """Take a key for a request. None: it is new, and the caller's to do. Else its row: `state` done or running, ..."""

    async def work(tx: Tx) -> Row | None:
        now = clock.now()
        row = (await tx.rows(BEGIN_REPEAT, id=repeat))[0]
        ended = row["at"] < now - (KEPT_SECONDS if row["state"] == DONE else DIED_SECONDS)
        if row["state"] is not None and not ended:
            return row
        await tx.run(TAKE_REPEAT, id=repeat, owner=owner, now=now)
        return None

    return await graph.write(work)


async def finish(graph: Graph, repeat: str, owner: str, props: Row) -> None:
    """Keep the answer: `fingerprint`, `status`, `headers` (JSON), `body` (bytes, or None)."""

    async def work(tx: Tx) -> None:
        await tx.run(FINISH_REPEAT, id=repeat, owner=owner, props=props)

    await graph.write(work)


async def drop(graph: Graph, repeat: str, owner: str) -> None:
    """Forget a request that did nothing: the same key may be used for it again."""

    async def work(tx: Tx) -> None:
        await tx.run(DROP_REPEAT, id=repeat, owner=owner)

    await graph.write(work)


async def forget(graph: Graph, rows: int = 5000) -> None:
    """Delete answers that are a day old, and the oldest of too many."""

    async def work(tx: Tx) -> None:
        await tx.run(FORGET_REPEATS, before=clock.now() - KEPT_SECONDS, rows=rows)
        above = (await tx.rows(COUNT_REPEATS))[0]["n"] - MOST
        if above > 0:
            await tx.run(FORGET_OLDEST, rows=min(above, rows))

    await graph.write(work)
