"""Taking the graph back to nothing, and what has to be remembered over it: what was told.

The `rebuild` marker fences every worker (see cursors.LOCK_CURSOR). While it says `seeding`, what was told is not yet
known again, so nobody may match; afterwards an interrupted rebuild is only a graph that lags behind the log.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from graph import clock
from graph.diff import OPEN, WITHDRAWN, points_of
from graph.driver import Graph, Row, Tx
from graph.knowledge import Knowledge
from graph.record import Message, record
from graph.retrieve import Pair
from schemas.matches import MatchFound, MatchNews, MatchWithdrawn

DELETE_ALL = """
MATCH (n)
WHERE NOT n:ProductClass AND NOT n:Code AND NOT n:Meta
  AND NOT n:Endpoint AND NOT n:Preference AND NOT n:Inbox AND NOT n:Delivery AND NOT n:Planned AND NOT n:Told
  AND NOT n:Replay AND NOT n:AccessKey AND NOT n:Producer AND NOT n:LogEntry AND NOT n:Repeat AND NOT n:Edit
CALL (n) {
  DETACH DELETE n
} IN TRANSACTIONS OF 5000 ROWS
"""

DEAD_AFTER: Final = 30.0
"""Seconds without a sign of life after which a rebuild counts as died."""

PUT_MARKER = """
MERGE (m:Meta {id: 'rebuild'})
SET m.owner = $owner, m.phase = $phase, m.at = $at
"""

BEAT = """
MATCH (m:Meta {id: 'rebuild'})
WHERE m.owner = $owner
SET m.at = $at
"""

DROP_MARKER = """
MATCH (m:Meta {id: 'rebuild'})
DELETE m
"""

READ_MARKER = """
MATCH (m:Meta {id: 'rebuild'})
RETURN m.owner AS owner, m.phase AS phase, coalesce(m.at, 0.0) AS at
"""

SEED_LEDGER = """
UNWIND $rows AS r
MERGE (x:Match {id: r.match})
WITH x, r
WHERE x.revision IS NULL OR r.revision > x.revision
SET x.item = r.item, x.offer = r.offer, x.supplier = r.supplier,
    x.revision = r.revision, x.told = r.told, x.score = r.score, x.points = r.points
"""

OPEN_ITEMS = """
MATCH (i:DemandItem)
WHERE i.open = true
RETURN i.key AS key ORDER BY key
"""

# Told as open, but nothing stands: what the log has since made untrue
TOLD_ONLY = """
MATCH (x:Match {told: 'open'})
MATCH (i:DemandItem {key: x.item})
MATCH (o:Offer {key: x.offer})
WHERE NOT EXISTS { (i)-[:MATCHES]->(o) }
RETURN x.item AS item, x.offer AS offer
"""

FINISH_CURSORS = """
MATCH (c:Cursor)
SET c.matched = c.applied, c.touched = null
"""


async def mark(graph: Graph, owner: str, phase: str) -> None:
    """Fence all workers; phase is `seeding` or `replaying`."""

    async def work(tx: Tx) -> None:
        await tx.run(PUT_MARKER, owner=owner, phase=phase, at=clock.now())

    await graph.write(work)


async def beat(graph: Graph, owner: str) -> None:
    """Say that the rebuild still runs."""

    async def work(tx: Tx) -> None:
        await tx.run(BEAT, owner=owner, at=clock.now())

    await graph.write(work)


async def unmark(graph: Graph) -> None:
    """Let the workers go on."""

    async def work(tx: Tx) -> None:
        await tx.run(DROP_MARKER)

    await graph.write(work)


async def marker(graph: Graph) -> Row | None:
    """`owner`, `phase` and `at` (seconds since the epoch, last sign of life) of a rebuild that is under way or was interrupted."""
    rows = await graph.read(READ_MARKER)
    return rows[0] if rows else None


def died_replaying(found: Row) -> bool:
    """Whether a marker is of a rebuild that died after it knew again what was told: the workers can finish it."""
    return found["phase"] == "replaying" and clock.now() - found["at"] > DEAD_AFTER


async def delete_all(graph: Graph) -> None:
    """Delete what the log determines: not the tree, codes and versions, nor where suppliers are told and what they were."""
    await graph.run(DELETE_ALL)


async def seed_ledger(graph: Graph, news: Sequence[MatchNews]) -> None:
    """Remember what was told. The same telling twice is once; of several the highest revision stays."""
    newest: dict[str, MatchNews] = {}
    for one in news:
        old = newest.get(one.match_id)
        if old is None or one.revision > old.revision:
            newest[one.match_id] = one

    async def work(tx: Tx) -> None:
        await tx.run(SEED_LEDGER, rows=[_ledger_row(one) for _, one in sorted(newest.items())])

    if newest:
        await graph.write(work)


def _ledger_row(news: MatchNews) -> Row:
    found = news if isinstance(news, MatchFound) else None
    return {
        "match": news.match_id,
        "item": news.item_key,
        "offer": f"{news.supplier_id}~{news.offer_id}",
        "supplier": news.supplier_id,
        "revision": news.revision,
        "told": WITHDRAWN if isinstance(news, MatchWithdrawn) else OPEN,
        "score": found.score if found else 0.0,
        "points": points_of(found.criteria) if found else json.dumps([]),
    }


async def open_items(graph: Graph) -> list[str]:
    """Keys of all open items."""
    return [row["key"] for row in await graph.read(OPEN_ITEMS, seconds=120)]


async def settle(graph: Graph, knowledge: Knowledge, today: date) -> list[Message]:
    """Withdraw what was told but does not stand, then put all `matched` cursors where `applied` is."""
    pairs: list[Pair] = [(row["item"], row["offer"]) for row in await graph.read(TOLD_ONLY, seconds=120)]

    async def work(tx: Tx) -> list[Message]:
        messages = await record(tx, pairs, (), knowledge, today)
        await tx.run(FINISH_CURSORS)
        return messages

    return await graph.write(work)
