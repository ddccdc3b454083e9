"""Preferences of suppliers, and how far they have read their inboxes."""

from collections.abc import Collection
from typing import Final

from graph.driver import Graph, Row, Tx
from schemas.delivery import Preferences
from schemas.errors import PreconditionError
from schemas.events import MATCH_EVENTS

PREFERENCES = """
MATCH (p:Preference {supplier: $supplier})
RETURN p.body AS body, p.version AS version
"""

PUT_PREFERENCES = """
MERGE (p:Preference {supplier: $supplier})
SET p.version = coalesce(p.version, 0) + 1
WITH p
SET p.body = $body
RETURN p.version AS version
"""

NONE_CHOSEN: Final = 0
"""The version of the preferences of a supplier that chose nothing."""

READ_UP_TO = """
MERGE (b:Inbox {supplier: $supplier})
SET b.read = CASE WHEN $back OR b.read IS NULL OR b.read < $seq THEN $seq ELSE b.read END
RETURN b.read AS read
"""

INBOX_STATE = """
UNWIND [$supplier] AS supplier
OPTIONAL MATCH (b:Inbox {supplier: supplier})
WITH supplier, coalesce(b.read, -1) AS read
CALL (supplier, read) {
  MATCH (n:Notice)
  WHERE n.supplier = supplier AND n.seq > read
  RETURN count(n) AS unread
}
CALL (supplier) {
  MATCH (n:Notice)
  WHERE n.supplier = supplier AND n.seq >= 0
  RETURN n.partition AS partition ORDER BY n.seq DESC LIMIT 1
}
OPTIONAL MATCH (c:Cursor {tp: $topic + ':' + toString(partition)})
RETURN read, unread, c.applied AS watermark
"""


async def preferences(graph: Graph, supplier: str) -> Preferences | None:
    """What a supplier chose; None when it chose nothing."""
    rows = await graph.read(PREFERENCES, supplier=supplier)
    if not rows:
        return None
    return Preferences.model_validate_json(rows[0]["body"]).model_copy(update={"version": rows[0]["version"]})


async def put_preferences(
    graph: Graph, supplier: str, wish: Preferences, versions: Collection[int] | None = None
) -> int:
    """Replace what a supplier chose; returns the new version. Holds for news that comes after.

    PreconditionError: the present version is none of `versions`, when some are given; nothing is written then.
    """

    async def work(tx: Tx) -> int:
        rows = await tx.rows(PUT_PREFERENCES, supplier=supplier, body=wish.model_dump_json())
        version: int = rows[0]["version"]
        if versions and version - 1 not in versions:
            msg = f"The present version is {version - 1}."
            raise PreconditionError(msg, hint="Read the preferences again.")
        return version

    return await graph.write(work)


async def read_up_to(graph: Graph, supplier: str, seq: int, *, back: bool = False) -> int:
    """Move the read cursor forward to `seq` (back only when asked to); returns where it stands."""

    async def work(tx: Tx) -> int:
        return (await tx.rows(READ_UP_TO, supplier=supplier, seq=seq, back=back))[0]["read"]

    return await graph.write(work)


async def inbox_state(graph: Graph, supplier: str) -> Row:
    """`read` (-1 for nothing), `unread`, and `watermark`: everything with a seq below it is in the inbox (None: empty).

    All news of a supplier comes from one partition in order, so nothing is ever added below the watermark.
    """
    rows = await graph.read(INBOX_STATE, supplier=supplier, topic=MATCH_EVENTS)
    return rows[0] if rows else {"read": -1, "unread": 0, "watermark": None}
