"""The audit of a demand as it is shown, over HTTP and on the command line."""

import json
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from graph.reads.audit import Audit
from schemas.matches import Missing

Time = datetime | None


class ToldBy(BaseModel):
    """One channel by which a supplier was told, or was not."""

    channel: str = Field(description="inbox, match-events, webhook or email.")
    endpoint: str | None = None
    state: str
    at: Time = Field(default=None, description="When it was told.")
    why: str | None = Field(default=None, description="Why not.")


class AuditTold(BaseModel):
    """A supplier that was told of an item."""

    supplier_id: str
    supplier: str | None
    offer_id: str
    kind: str = Field(description="What it was told: MatchFound, MatchChanged or MatchWithdrawn.")
    revision: int
    score: float | None
    rules: str | None = Field(description="Version of the rules that decided.")
    decided_at: Time
    event_id: str
    why: str | None = Field(description="The verdict in a sentence, or why it was withdrawn.")
    channels: list[ToldBy]


class AuditUntold(BaseModel):
    """A supplier whose offer was looked at and that was not told, and why; decided by present facts."""

    supplier_id: str
    supplier: str | None
    offer_id: str
    outcome: str
    missing: list[Missing]
    why: str


class AuditItem(BaseModel):
    """Who was told of one item of a demand, and who was not."""

    item: str
    title: str
    open: bool
    closed_why: str | None
    told: list[AuditTold]
    not_told: list[AuditUntold]
    not_told_total: int


class AuditOut(BaseModel):
    """Everything that was told of a demand, provable by the log."""

    demand_id: str
    title: str
    version: int
    event_id: str
    published: str | None
    rules_now: str
    items: list[AuditItem]


def moment(seconds: float | None) -> Time:
    """Seconds since the epoch as a time."""
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def audit_out(found: Audit) -> AuditOut:
    """An audit as it is shown."""
    head = found.head
    return AuditOut(
        demand_id=head["id"],
        title=head["title"],
        version=head["version"],
        event_id=head["event"],
        published=head["published"],
        rules_now=found.rules,
        items=[
            AuditItem(
                item=item.row["id"],
                title=item.row["title"],
                open=item.closed is None,
                closed_why=item.closed,
                told=[_told(row) for row in item.told],
                not_told=[
                    AuditUntold(
                        supplier_id=one.supplier, supplier=one.name, offer_id=one.offer, outcome=one.outcome,
                        missing=list(one.missing), why=one.why,
                    )
                    for one in item.untold
                ],
                not_told_total=item.untold_total,
            )
            for item in found.items
        ],
    )  # fmt: skip


def _told(row: dict[str, Any]) -> AuditTold:
    news: dict[str, Any] = json.loads(row["body"])
    own = [ToldBy(channel=channel, state="told", at=row["at"]) for channel in ("inbox", "match-events")]
    sent = [
        ToldBy(
            channel=one["channel"] or "webhook", endpoint=one["endpoint"], state=one["state"],
            at=moment(one["sent_at"]), why=one["reason"] if one["state"] != "sent" else None,
        )
        for one in row["deliveries"]
    ]  # fmt: skip
    return AuditTold(
        supplier_id=row["supplier"],
        supplier=row["name"],
        offer_id=news["offer_id"],
        kind=row["kind"],
        revision=news["revision"],
        score=news.get("score"),
        rules=news.get("rules"),
        decided_at=row["at"],
        event_id=row["id"],
        why=news.get("reason") or news.get("summary") or None,
        channels=[*own, *sent],
    )
