"""What the routes of endpoints, preferences and inboxes answer."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from schemas.delivery import DeliveryState, EndpointKind
from schemas.responses import Answer, DeclineReason, SupplierResponded
from services.audits import Time, moment


class EndpointOut(BaseModel):
    """An endpoint, without its secret."""

    id: str
    kind: EndpointKind
    address: str
    events: list[str] = Field(description="Kinds of news it takes; empty for all.")
    enabled: bool
    description: str | None
    version: int
    created_at: datetime
    failing_since: Time = Field(description="Since when every attempt fails.")
    disabled_why: str | None
    old_secret_until: Time = Field(description="Until when everything is signed with the secret before too.")
    pending: int = Field(description="Deliveries that wait.")


class EndpointMade(BaseModel):
    """A new endpoint or secret. The secret is shown this once."""

    id: str
    secret: str | None = Field(description="Verifies signatures (Standard Webhooks 1.0.0); null for e-mail.")
    location: str


class Attempt(BaseModel):
    """One attempt at a delivery."""

    at: datetime
    status: int | None = Field(description="What the receiver answered; null when it did not.")
    error: str | None
    seconds: float


class DeliveryOut(BaseModel):
    """One notice at one endpoint."""

    id: str = Field(description="The webhook-id: the same at every attempt.")
    kind: str
    notice: str | None = Field(description="Event id of the notice; null for a ping.")
    match_id: str | None
    item: str | None
    state: DeliveryState
    reason: str | None = Field(description="Why it was suppressed, or what went wrong last.")
    attempts: int
    planned_at: datetime
    next_at: Time = Field(description="When it is tried next, while pending.")
    sent_at: Time
    log: list[Attempt] = Field(description="The last 20 attempts.")


class Queued(BaseModel):
    """A delivery was put into the queue."""

    delivery: str
    log: str = Field(description="Address of the log in which it will appear.")


class ReadUpTo(BaseModel):
    """How far an inbox was read."""

    read: int = Field(description="The seq of the last notice that was read; -1 for none.")
    unread: int


class ResponseOut(BaseModel):
    """The standing answer of a supplier to one item with one offer."""

    at: Time = Field(description="When it was given; orders the feed.")
    event_id: str
    version: int
    supplier_id: str
    supplier: str | None
    item: str
    item_title: str | None
    offer_id: str
    offer: str | None
    answer: Answer
    reason: DeclineReason | None
    response: SupplierResponded


def endpoint_out(row: dict[str, Any]) -> EndpointOut:
    """An endpoint's row as it is shown."""
    times = {"created_at": moment(row["created_at"]), "failing_since": moment(row["failing_since"])}
    rest = {name: row[name] for name in ("id", "kind", "address", "enabled", "description", "version", "pending")}
    return EndpointOut.model_validate(
        {
            **rest, **times, "events": row["events"] or [], "disabled_why": None if row["enabled"] else row["disabled_why"],
            "old_secret_until": moment(row["old_until"]),
        }
    )  # fmt: skip


def delivery_out(row: dict[str, Any]) -> DeliveryOut:
    """A delivery's row as it is shown."""
    pending = row["state"] == DeliveryState.PENDING.value
    return DeliveryOut.model_validate(
        {
            **{name: row[name] for name in ("id", "kind", "notice", "item", "state", "reason", "attempts")},
            "match_id": row["match"],
            "planned_at": moment(row["planned_at"]),
            "next_at": moment(row["next_at"]) if pending else None,
            "sent_at": moment(row["sent_at"]),
            "log": [{**line, "at": moment(line["at"])} for line in row["log"]],
        }
    )


_AT: Final = "2026-11-24T08:00:00Z"
EXAMPLE_ENDPOINT: Final = {"kind": "webhook", "address": "https://azar.example/peyvand", "events": ["match.found"]}
EXAMPLE_ENDPOINT_OUT: Final = {
    "id": "ep-1f", **EXAMPLE_ENDPOINT, "enabled": True, "description": None, "version": 1, "created_at": _AT,
    "failing_since": None, "disabled_why": None, "old_secret_until": None, "pending": 0,
}  # fmt: skip
EXAMPLE_MADE: Final = {
    "id": "ep-1f", "secret": "whsec_c2VjcmV0IG9mIGFuIGV4YW1wbGUgb25seSwgbm90aGluZw==",
    "location": "/v1/suppliers/sup-azar-friction/endpoints/ep-1f",
}  # fmt: skip
EXAMPLE_DELIVERY: Final = {
    "id": "3f0c4f2e-94a0-5c83-8f07-0b5b0ac0a001", "kind": "MatchFound", "notice": "7f1d7d3c", "match_id": "0f3c4f2e",
    "item": "dem-2027-0041~1", "state": "sent", "reason": None, "attempts": 2, "planned_at": _AT, "next_at": None,
    "sent_at": _AT, "log": [{"at": _AT, "status": 500, "error": "it answered 500", "seconds": 0.2}],
}  # fmt: skip
EXAMPLE_QUEUED: Final = {"delivery": "3f0c4f2e", "log": "/v1/suppliers/sup-azar-friction/endpoints/ep-1f/deliveries"}
EXAMPLE_PREFERENCES: Final = {
    "version": 1, "classes": ["brake-block"], "provinces": ["آذربایجان شرقی"], "min_score": 0.4, "languages": ["fa"],
    "mode": "digest", "quiet": {"start": "22:00", "end": "07:00"}, "daily_cap": 10,
}  # fmt: skip
EXAMPLE_AUDIT: Final = {
    "demand_id": "dem-2027-0041", "title": "Brake blocks for freight wagons, 2027", "version": 1, "event_id": "7f1d7d3c",
    "published": "2026-11-24", "rules_now": "r-1",
    "items": [
        {
            "item": "1", "title": "composite brake blocks", "open": True, "closed_why": None, "not_told_total": 1,
            "told": [
                {
                    "supplier_id": "sup-azar-friction", "supplier": "Azar", "offer_id": "off-k-block", "kind": "MatchFound",
                    "revision": 1, "score": 0.86, "rules": "r-1", "decided_at": _AT, "event_id": "0f3c4f2e",
                    "why": "meets every point asked",
                    "channels": [{"channel": "inbox", "endpoint": None, "state": "told", "at": _AT, "why": None}],
                }
            ],
            "not_told": [
                {
                    "supplier_id": "sup-b", "supplier": "B", "offer_id": "off-b", "outcome": "near_miss",
                    "missing": [{"kind": "standard", "name": "UIC 541-4"}], "why": "missing: standard UIC 541-4",
                }
            ],
        }
    ],
}  # fmt: skip
