"""The queue of deliveries, endpoint by endpoint.

A worker leases an endpoint by compare-and-set, sends what is due there, and gives it back with the time of the next
delivery. So two workers never send to one endpoint at once, a slow one holds up nobody else, and what a dead worker
held comes free when its lease ends. A worker that lost its lease may send once more: with the same id.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from graph import clock
from graph.driver import Graph, Row, Tx
from graph.record import PUT_OUTBOX
from schemas.codec import encode
from schemas.envelope import wrap
from schemas.events import MATCH_EVENTS
from schemas.ids import derived
from schemas.notices import EndpointDisabled

LEASE_SECONDS: Final = 40.0
KEPT_LINES: Final = 20
SOURCE: Final = "urn:peyvand:deliverer"

DUE_ENDPOINTS = """
MATCH (e:Endpoint)
WHERE e.due_at <= $now AND e.enabled AND coalesce(e.lease_until, 0.0) < $now
RETURN e.id AS id ORDER BY e.due_at LIMIT $rows
"""

LEASE = """
MATCH (e:Endpoint {id: $id})
SET e.held = true
WITH e
WHERE e.enabled AND coalesce(e.lease_until, 0.0) < $now
SET e.lease = $owner, e.lease_until = $until
WITH e
OPTIONAL MATCH (p:Preference {supplier: e.supplier})
RETURN e.id AS id, e.supplier AS supplier, e.kind AS kind, e.address AS address, e.secret AS secret,
       CASE WHEN e.old_until > $now THEN e.old_secret END AS old_secret, p.body AS preferences
"""

DUE_DELIVERIES = """
MATCH (d:Delivery)
WHERE d.endpoint = $endpoint AND d.state = 'pending' AND d.next_at <= $now
WITH d ORDER BY d.next_at, d.seq LIMIT $rows
OPTIONAL MATCH (n:Notice {id: d.notice})
RETURN d.id AS id, d.kind AS kind, d.attempts AS attempts, d.score AS score, d.notice AS notice, d.seq AS seq,
       d.planned_at AS planned_at,
       coalesce(n.body, d.body) AS body, coalesce(n.at, d.at) AS at
ORDER BY d.next_at, d.seq
"""

RELEASE = """
MATCH (e:Endpoint {id: $id})
SET e.held = true
WITH e
WHERE e.lease = $owner
CALL (e) {
  MATCH (d:Delivery)
  WHERE d.endpoint = e.id AND d.state = 'pending' AND d.next_at >= 0.0
  RETURN d.next_at AS next ORDER BY d.next_at LIMIT 1
  UNION
  WITH 1 AS one
  RETURN null AS next
}
WITH e, min(next) AS next
SET e.lease = null, e.lease_until = null,
    e.due_at = CASE WHEN NOT e.enabled OR next IS NULL THEN null
                    WHEN $not_before > next THEN $not_before ELSE next END
"""

SENT = """
UNWIND $rows AS r
MATCH (d:Delivery {id: r.id})
WHERE d.state = 'pending'
SET d.state = 'sent', d.attempts = r.attempts, d.sent_at = $now, d.status = r.status, d.reason = null,
    d.log = (coalesce(d.log, []) + r.line)[-20..]
"""

FAILED = """
UNWIND $rows AS r
MATCH (d:Delivery {id: r.id})
WHERE d.state = 'pending'
SET d.state = r.state, d.attempts = r.attempts, d.next_at = r.next_at, d.status = r.status, d.reason = r.reason,
    d.log = (coalesce(d.log, []) + r.line)[-20..]
"""

SUPPRESS = """
UNWIND $ids AS id
MATCH (d:Delivery {id: id})
WHERE d.state = 'pending'
SET d.state = 'suppressed', d.reason = $reason
"""

ENDPOINT_WELL = """
MATCH (e:Endpoint {id: $id})
SET e.failing_since = null
"""

ENDPOINT_FAILING = """
MATCH (e:Endpoint {id: $id})
SET e.failing_since = coalesce(e.failing_since, $now)
RETURN e.failing_since AS since, e.supplier AS supplier, e.kind AS kind, e.address AS address, e.enabled AS enabled,
       e.version AS version
"""

DISABLE = """
MATCH (e:Endpoint {id: $id})
SET e.enabled = false, e.disabled_why = $reason, e.due_at = null, e.version = e.version + 1
"""

WAITING = """
MATCH (e:Endpoint)
WHERE e.due_at >= 0.0
CALL (e) {
  MATCH (d:Delivery)
  WHERE d.endpoint = e.id AND d.state = 'pending' AND d.next_at >= 0.0
  RETURN count(d) AS n, min(d.planned_at) AS oldest
}
RETURN coalesce(sum(n), 0) AS waiting, min(oldest) AS oldest,
       count(CASE WHEN e.failing_since IS NOT NULL THEN 1 END) AS failing
"""

PENDING = """
MATCH (e:Endpoint)
WHERE e.due_at >= 0.0
CALL (e) {
  MATCH (d:Delivery)
  WHERE d.endpoint = e.id AND d.state = 'pending' AND d.next_at >= 0.0
  RETURN count(d) AS n
}
RETURN sum(n) AS n
"""

SENT_SINCE = """
MATCH (d:Delivery)
WHERE d.endpoint = $endpoint AND d.state = 'sent' AND d.sent_at >= $since AND d.kind = 'MatchFound'
RETURN count(d) AS n
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt at one delivery ended. `next_at` None after a failure: there are no attempts left."""

    id: str
    attempts: int
    ok: bool
    status: int | None
    error: str | None
    seconds: float
    next_at: float | None = None
    gone: bool = False

    def line(self, at: float) -> str:
        """The attempt as a line of the delivery's log."""
        said = {"at": round(at, 3), "status": self.status, "error": self.error, "seconds": round(self.seconds, 3)}
        return json.dumps(said, ensure_ascii=False)


async def waiting(graph: Graph) -> dict[str, Any]:
    """Deliveries that are not sent yet: `waiting`, `oldest` (when planned, seconds since the epoch, or None), and `failing` endpoints."""
    return (await graph.read(WAITING))[0]


async def due_endpoints(graph: Graph, rows: int) -> list[str]:
    """Endpoints with something due that nobody holds, longest waiting first."""
    return [row["id"] for row in await graph.read(DUE_ENDPOINTS, now=clock.now(), rows=rows)]


async def lease(graph: Graph, endpoint: str, owner: str) -> Row | None:
    """Take an endpoint for a while; None when another has it or it is disabled."""

    async def work(tx: Tx) -> Row | None:
        now = clock.now()
        rows = await tx.rows(LEASE, id=endpoint, owner=owner, now=now, until=now + LEASE_SECONDS)
        return rows[0] if rows else None

    return await graph.write(work)


async def due_deliveries(graph: Graph, endpoint: str, rows: int) -> list[Row]:
    """What is due at an endpoint, in order; `body` is None while a rebuild has not brought the notice back."""
    return await graph.read(DUE_DELIVERIES, endpoint=endpoint, now=clock.now(), rows=rows)


async def release(graph: Graph, endpoint: str, owner: str, not_before: float = 0.0) -> None:
    """Give an endpoint back, to be looked at again when its next delivery is due and not before a time."""

    async def work(tx: Tx) -> None:
        await tx.run(RELEASE, id=endpoint, owner=owner, not_before=not_before)

    await graph.write(work)


async def record_outcomes(graph: Graph, endpoint: str, outcomes: list[Outcome], disable_after: float) -> str | None:
    """Write how attempts ended. Disables the endpoint when it is gone or fails too long; returns why, if so."""
    now = clock.now()
    sent = [_row(o, now) for o in outcomes if o.ok]
    failed = [_failed(o, now) for o in outcomes if not o.ok]

    async def work(tx: Tx) -> str | None:
        if sent:
            await tx.run(SENT, rows=sent, now=now)
            await tx.run(ENDPOINT_WELL, id=endpoint)
        if failed:
            await tx.run(FAILED, rows=failed)
        if sent or not failed:
            return None
        return await _judge(tx, endpoint, outcomes, now, disable_after)

    return await graph.write(work)


async def _judge(tx: Tx, endpoint: str, outcomes: list[Outcome], now: float, disable_after: float) -> str | None:
    rows = await tx.rows(ENDPOINT_FAILING, id=endpoint, now=now)
    if not rows or not rows[0]["enabled"]:
        return None
    row = rows[0]
    reason = None
    if any(outcome.gone for outcome in outcomes):
        reason = "it answered 410 Gone"
    elif now - row["since"] >= disable_after:
        reason = f"every attempt failed for {disable_after / 86400:g} days; the last: {outcomes[-1].error}"
    if reason is None:
        return None
    await tx.run(DISABLE, id=endpoint, reason=reason)
    news = EndpointDisabled(
        version=row["version"], supplier_id=row["supplier"], endpoint_id=endpoint, kind=row["kind"],
        address=row["address"][:500], reason=reason[:500],
    )  # fmt: skip
    event_id = derived("endpoint-disabled", endpoint, row["version"])
    key, value, _ = encode(wrap(news, source=SOURCE, event_id=event_id))
    message = {"id": event_id, "topic": MATCH_EVENTS, "key": key.decode(), "value": value.decode(), "at": now}
    await tx.run(PUT_OUTBOX, rows=[message])
    return reason


async def suppress(graph: Graph, ids: list[str], reason: str) -> None:
    """Say that deliveries will not be made, and why."""

    async def work(tx: Tx) -> None:
        await tx.run(SUPPRESS, ids=ids, reason=reason)

    if ids:
        await graph.write(work)


async def sent_since(graph: Graph, endpoint: str, since: float) -> int:
    """How many new matches were sent to an endpoint since a time."""
    return (await graph.read(SENT_SINCE, endpoint=endpoint, since=since))[0]["n"]


def _row(outcome: Outcome, now: float) -> dict[str, Any]:
    return {
        "id": outcome.id, "attempts": outcome.attempts, "status": outcome.status, "line": outcome.line(now),
    }  # fmt: skip


def _failed(outcome: Outcome, now: float) -> dict[str, Any]:
    over = outcome.next_at is None
    return {
        **_row(outcome, now),
        "state": "failed" if over else "pending",
        "next_at": now if over else outcome.next_at,
        "reason": outcome.error,
    }
