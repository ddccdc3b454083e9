"""Two cursors per partition: `applied` and `matched`, moved by compare-and-set inside the transaction of the work.

A worker that was paused or replaced finds the cursor elsewhere than it expects and writes nothing (facts: a zombie
is fenced by the graph, whatever Kafka's group thinks).
"""

from dataclasses import dataclass, field
from typing import Final

from graph.driver import Graph, Tx
from schemas.errors import FencedError


@dataclass(frozen=True, slots=True)
class Cursor:
    """Next offset to apply, and next offset to match; matched <= applied.

    `touched` names the subjects that the events between both have touched (see Touched.to_json), or EVERYTHING.
    """

    applied: int = 0
    matched: int = 0
    touched: str | None = field(default=None, compare=False)


EVERYTHING: Final = "everything"
"""Stands for all open items: a rebuild applies the whole log before it matches."""


READ_CURSORS = """
UNWIND $tps AS tp
MATCH (c:Cursor {tp: tp})
RETURN c.tp AS tp, c.applied AS applied, c.matched AS matched, c.touched AS touched
"""

ALL_CURSORS = """
MATCH (c:Cursor)
RETURN c.tp AS tp, c.applied AS applied, c.matched AS matched, c.owner AS owner ORDER BY tp
"""

# The write on `owner` comes first: it takes the lock, so that competing owners queue up before they compare.
LOCK_CURSOR = """
MERGE (c:Cursor {tp: $tp})
  ON CREATE SET c.applied = 0, c.matched = 0
SET c.owner = $owner
WITH c
OPTIONAL MATCH (m:Meta {id: 'rebuild'})
RETURN c.applied AS applied, c.matched AS matched, m.owner AS rebuilder
"""

REBUILDER = """
MATCH (m:Meta {id: 'rebuild'})
RETURN m.owner AS owner
"""

MOVE_CURSOR = """
MATCH (c:Cursor {tp: $tp})
SET c.applied = $applied, c.matched = $matched, c.touched = $touched
"""


async def read_cursors(graph: Graph, tps: list[str]) -> dict[str, Cursor]:
    """Cursors by `topic:partition`; one that has none yet stands at 0."""
    rows = await graph.read(READ_CURSORS, tps=tps)
    found = {row["tp"]: Cursor(row["applied"], row["matched"], row["touched"]) for row in rows}
    return {tp: found.get(tp, Cursor()) for tp in tps}


async def lock_cursor(tx: Tx, tp: str, owner: str, expected: Cursor) -> None:
    """Take the partition for this transaction. FencedError: it does not stand where this owner left it."""
    row = (await tx.rows(LOCK_CURSOR, tp=tp, owner=owner))[0]
    if row["rebuilder"] is not None and row["rebuilder"] != owner:
        msg = f"{tp} is being rebuilt by {row['rebuilder']}"
        raise FencedError(msg)
    found = Cursor(row["applied"], row["matched"])
    if found != expected:
        msg = f"{tp} stands at {found}, this worker expected {expected}: another worker went on with it"
        raise FencedError(msg)


async def move_cursor(tx: Tx, tp: str, to: Cursor) -> None:
    """Record how far the partition has come; commits with the work of the transaction."""
    await tx.run(MOVE_CURSOR, tp=tp, applied=to.applied, matched=to.matched, touched=to.touched)


async def not_rebuilt(tx: Tx, owner: str) -> None:
    """FencedError while another owner rebuilds the graph: for work that moves no cursor."""
    rows = await tx.rows(REBUILDER)
    if rows and rows[0]["owner"] != owner:
        msg = f"the graph is being rebuilt by {rows[0]['owner']}"
        raise FencedError(msg)
