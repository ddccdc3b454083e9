"""Endpoints of suppliers: made, changed, removed, their secrets turned over. Secrets never leave but once."""

import base64
import secrets
import uuid
from collections.abc import Collection
from typing import Any, Final

from graph import clock
from graph.driver import Graph, Row, Tx
from schemas.delivery import Endpoint
from schemas.errors import ConflictError

MOST_ENDPOINTS: Final = 20
OLD_SECRET_SECONDS: Final = 24 * 3600.0
SECRET_BYTES: Final = 32

COUNT_OF_SUPPLIER = """
MATCH (s:Supplier {id: $supplier})
SET s.held = true
WITH s
OPTIONAL MATCH (e:Endpoint {supplier: $supplier})
RETURN s.id AS id, count(e) AS n
"""

PUT_ENDPOINT = """
MERGE (e:Endpoint {id: $id})
SET e += $props
"""

CHANGE_ENDPOINT = """
MATCH (e:Endpoint {id: $id})
WHERE e.supplier = $supplier AND ($versions IS NULL OR e.version IN $versions)
SET e += $props, e.version = e.version + 1,
    e.failing_since = CASE WHEN $enabled THEN null ELSE e.failing_since END,
    e.due_at = CASE WHEN $enabled THEN $now ELSE null END
RETURN e.id AS id
"""

REMOVE_ENDPOINT = """
MATCH (e:Endpoint {id: $id})
WHERE e.supplier = $supplier AND ($versions IS NULL OR e.version IN $versions)
CALL (e) {
  MATCH (d:Delivery)
  WHERE d.endpoint = e.id AND d.state = 'pending' AND d.next_at >= 0.0
  SET d.state = 'suppressed', d.reason = 'the endpoint was removed'
}
WITH e, e.id AS id
DETACH DELETE e
RETURN id
"""

TURN_OVER = """
MATCH (e:Endpoint {id: $id})
WHERE e.supplier = $supplier AND e.kind = 'webhook'
SET e.old_secret = e.secret, e.old_until = $until, e.secret = $secret, e.version = e.version + 1
RETURN e.id AS id
"""

ENDPOINTS = """
MATCH (e:Endpoint {supplier: $supplier})
RETURN e.id AS id, e.kind AS kind, e.address AS address, e.events AS events, e.enabled AS enabled,
       e.description AS description, e.version AS version, e.created_at AS created_at,
       e.failing_since AS failing_since, e.disabled_why AS disabled_why, e.old_until AS old_until,
       COUNT {
         MATCH (d:Delivery)
         WHERE d.endpoint = e.id AND d.state = 'pending' AND d.next_at >= 0.0
       } AS pending
ORDER BY e.created_at, id
"""


async def add_endpoint(graph: Graph, supplier: str, endpoint: Endpoint, endpoint_id: str | None = None) -> Row | None:
    """Make an endpoint; its `id` and `secret` (None for e-mail), or None when the graph has no such supplier.

    ConflictError: the supplier has as many as it may have.
    """
    found = endpoint_id or f"ep-{uuid.uuid4().hex[:16]}"
    secret = new_secret() if endpoint.kind == "webhook" else None
    props = {**_props(endpoint), "supplier": supplier, "secret": secret, "version": 1, "created_at": clock.now()}

    async def work(tx: Tx) -> Row | None:
        rows = await tx.rows(COUNT_OF_SUPPLIER, supplier=supplier)
        if not rows:
            return None
        if rows[0]["n"] >= MOST_ENDPOINTS:
            msg = f"supplier {supplier!r} has {MOST_ENDPOINTS} endpoints already"
            raise ConflictError(msg, hint="Remove one first.")
        await tx.run(PUT_ENDPOINT, id=found, props=props)
        return {"id": found, "secret": secret}

    return await graph.write(work)


async def change_endpoint(
    graph: Graph, supplier: str, endpoint_id: str, endpoint: Endpoint, versions: Collection[int] | None = None
) -> bool:
    """Replace what an endpoint is; the secret stays. Enabling it sends what waits.

    False: there is none, or none of these versions when some are given.
    """

    async def work(tx: Tx) -> bool:
        props: dict[str, Any] = {**_props(endpoint), "disabled_why": None if endpoint.enabled else "by its owner"}
        rows = await tx.rows(
            CHANGE_ENDPOINT,
            id=endpoint_id,
            supplier=supplier,
            props=props,
            enabled=endpoint.enabled,
            now=clock.now(),
            versions=list(versions) if versions else None,
        )
        return bool(rows)

    return await graph.write(work)


async def remove_endpoint(
    graph: Graph, supplier: str, endpoint_id: str, versions: Collection[int] | None = None
) -> bool:
    """Delete an endpoint; its log of deliveries stays. False as of change_endpoint."""

    async def work(tx: Tx) -> bool:
        wanted = list(versions) if versions else None
        return bool(await tx.rows(REMOVE_ENDPOINT, id=endpoint_id, supplier=supplier, versions=wanted))

    return await graph.write(work)


async def rotate_secret(graph: Graph, supplier: str, endpoint_id: str) -> str | None:
    """A new secret; for a day everything is signed with the old one too. None: there is no such webhook."""
    secret = new_secret()

    async def work(tx: Tx) -> bool:
        until = clock.now() + OLD_SECRET_SECONDS
        return bool(await tx.rows(TURN_OVER, id=endpoint_id, supplier=supplier, secret=secret, until=until))

    return secret if await graph.write(work) else None


async def endpoints(graph: Graph, supplier: str) -> list[Row]:
    """Endpoints of a supplier, oldest first, without secrets."""
    return await graph.read(ENDPOINTS, supplier=supplier)


def new_secret() -> str:
    """A Standard Webhooks secret of 32 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _props(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "kind": endpoint.kind.value,
        "address": endpoint.address,
        "events": list(endpoint.events),
        "enabled": endpoint.enabled,
        "description": endpoint.description,
    }
