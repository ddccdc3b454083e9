"""Keys to the API. Their secrets are not here: only a hash, from which nobody gets back to a secret of 256 bits."""

from typing import Final

from graph.access.log import Entry, put_entries
from graph.driver import Graph, Row, Tx
from schemas.errors import ConflictError

MOST_KEYS: Final = 10_000

PUT_KEY = """
CREATE (k:AccessKey {id: $id})
SET k += $props
"""

COUNT_KEYS = """
MATCH (k:AccessKey)
WHERE k.id > ''
RETURN count(k) AS n
"""

KEY = """
MATCH (k:AccessKey {id: $id})
RETURN k.id AS id, k.hash AS hash, k.name AS name, k.role AS role, k.subject AS subject, k.source AS source,
       k.created_at AS created_at, k.created_by AS created_by, k.expires_at AS expires_at, k.revoked_at AS revoked_at,
       k.last_used_at AS last_used_at, k.replaces AS replaces
"""

KEYS = """
MATCH (k:AccessKey)
WHERE k.id > $after
RETURN k.id AS id, k.hash AS hash, k.name AS name, k.role AS role, k.subject AS subject, k.source AS source,
       k.created_at AS created_at, k.created_by AS created_by, k.expires_at AS expires_at, k.revoked_at AS revoked_at,
       k.last_used_at AS last_used_at, k.replaces AS replaces
ORDER BY k.id LIMIT $rows
"""

# The lock is taken before what is decided upon is read
LOCK_KEY = """
MATCH (k:AccessKey {id: $id})
SET k.held = true
RETURN k.revoked_at AS revoked_at, k.expires_at AS expires_at
"""

REVOKE_KEY = """
MATCH (k:AccessKey {id: $id})
SET k.revoked_at = coalesce(k.revoked_at, $now)
RETURN k.id AS id
"""

END_KEY_AT = """
MATCH (k:AccessKey {id: $id})
SET k.expires_at = CASE WHEN k.expires_at > $at THEN $at ELSE k.expires_at END
"""

TOUCH_KEYS = """
UNWIND $rows AS r
MATCH (k:AccessKey {id: r.id})
SET k.last_used_at = CASE WHEN coalesce(k.last_used_at, 0.0) < r.at THEN r.at ELSE k.last_used_at END
"""


async def put_key(graph: Graph, key: Row, entry: Entry) -> None:
    """Keep a new key (`id`, `hash`, ...) and the log's entry of it, both or none. ConflictError: there are too many."""

    async def work(tx: Tx) -> None:
        await _put(tx, key)
        await put_entries(tx, [entry])

    await graph.write(work)


async def replace_key(graph: Graph, old: str, key: Row, entry: Entry, *, until: float, now: float) -> bool:
    """Keep a new key in the place of an old one, which ends at `until`. False: the old one has ended, or is not there."""

    async def work(tx: Tx) -> bool:
        rows = await tx.rows(LOCK_KEY, id=old)
        if not rows or rows[0]["revoked_at"] is not None or rows[0]["expires_at"] <= now:
            return False
        await tx.run(END_KEY_AT, id=old, at=until)
        await _put(tx, key)
        await put_entries(tx, [entry])
        return True

    return await graph.write(work)


async def revoke_key(graph: Graph, key_id: str, entry: Entry, now: float) -> bool:
    """End a key at once and for good. False: there is none."""

    async def work(tx: Tx) -> bool:
        if not await tx.rows(REVOKE_KEY, id=key_id, now=now):
            return False
        await put_entries(tx, [entry])
        return True

    return await graph.write(work)


async def key(graph: Graph, key_id: str) -> Row | None:
    """One key with its hash."""
    rows = await graph.read(KEY, id=key_id)
    return rows[0] if rows else None


async def keys(graph: Graph, after: str, rows: int) -> list[Row]:
    """Keys by id, those after `after`; also those that have ended."""
    return await graph.read(KEYS, after=after, rows=rows)


async def touch_keys(graph: Graph, seen: dict[str, float]) -> None:
    """Keep when keys were last used."""

    async def work(tx: Tx) -> None:
        await tx.run(TOUCH_KEYS, rows=[{"id": key_id, "at": at} for key_id, at in sorted(seen.items())])

    if seen:
        await graph.write(work)


async def _put(tx: Tx, row: Row) -> None:
    if (await tx.rows(COUNT_KEYS))[0]["n"] >= MOST_KEYS:
        msg = f"there are {MOST_KEYS} keys already"
        raise ConflictError(msg, hint="Keys are for organisations and programs; people sign in by tokens.")
    props = {name: value for name, value in row.items() if name != "id"}
    await tx.run(PUT_KEY, id=row["id"], props=props)
