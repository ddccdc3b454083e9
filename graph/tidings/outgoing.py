"""From news to rows of the outbox, written in the transaction that remembers it as told."""

from collections.abc import Sequence
from typing import Final

from graph import clock
from graph.driver import Row, Tx
from graph.record import PUT_OUTBOX, Message
from schemas.codec import encode
from schemas.envelope import wrap
from schemas.events import MATCH_EVENTS
from schemas.notices import SupplierNews, WaitingItem

SOURCE: Final = "urn:peyvand:matcher"


async def put_news(tx: Tx, news: Sequence[tuple[str, SupplierNews]]) -> list[Message]:
    """Queue news by their derived event ids; returns the messages for sending them at once."""
    messages: list[Message] = []
    for event_id, one in news:
        key, value, _ = encode(wrap(one, source=SOURCE, event_id=event_id))
        messages.append(Message(event_id, MATCH_EVENTS, key.decode(), value.decode()))
    if messages:
        now = clock.now()
        rows = [{"id": m.id, "topic": m.topic, "key": m.key, "value": m.value, "at": now} for m in messages]
        await tx.run(PUT_OUTBOX, rows=rows)
    return messages


def waiting_item(row: Row) -> WaitingItem:
    """A row with item, offer, demand and buyer as part of a notice."""
    return WaitingItem(
        demand_id=row["demand"],
        item_key=row["item"],
        offer_id=row["offer"],
        buyer=row["buyer"],
        demand_title=row["demand_title"] or "",
        item_title=row["item_title"] or "",
        quantity=row["quantity"],
        unit=row["unit"],
        needed_by=row["needed_by"],
        closes=row["closes"],
    )
