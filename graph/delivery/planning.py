"""Deliveries are made in the transaction that writes the notice, once for each offset of match-events.

`(:Planned)` says up to which offset they were made. It is kept over a rebuild, so a replay plans nothing again: not
for what was delivered, and not for endpoints that came later.
"""

from collections.abc import Sequence
from typing import Any, Final, cast

from graph import clock
from graph.changes import Change
from graph.delivery.choice import UNKNOWN, Before, Choice, ItemPlace, News, choose, delivery_id, item_place, target_of
from graph.driver import Row, Tx
from schemas.delivery import DeliveryState, Preferences
from schemas.events import MATCH_EVENTS
from schemas.matches import MatchFound, MatchNews

LOCK_PLANNED = """
MERGE (p:Planned {id: $tp})
  ON CREATE SET p.next = 0
SET p.held = true
RETURN p.next AS next
"""

MOVE_PLANNED = """
MATCH (p:Planned {id: $tp})
SET p.next = $next
"""

ENDPOINTS_OF = """
UNWIND $suppliers AS supplier
MATCH (e:Endpoint {supplier: supplier})
RETURN e.id AS id, e.supplier AS supplier, e.kind AS kind, e.address AS address, e.events AS events,
       e.enabled AS enabled
ORDER BY id
"""

PREFERENCES_OF = """
UNWIND $suppliers AS supplier
MATCH (p:Preference {supplier: supplier})
RETURN p.supplier AS supplier, p.body AS body
"""

TOLD_BEFORE = """
UNWIND $rows AS r
MATCH (d:Delivery {match: r.match, endpoint: r.endpoint})
RETURN d.match AS match, d.endpoint AS endpoint, any(state IN collect(d.state) WHERE state <> 'suppressed') AS told
"""

# (:DemandItem)-[:ASKS_FOR]->(:ProductClass)-[:BROADER]->...
PLACES_OF_ITEMS = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
RETURN i.key AS key, i.body AS item, COLLECT {
  MATCH (i)-[:ASKS_FOR]->(:ProductClass)-[:BROADER*0..12]->(c:ProductClass)
  RETURN DISTINCT c.id
} AS classes, head(COLLECT { MATCH (d:Demand)-[:HAS_ITEM]->(i) RETURN d.body }) AS demand
"""

PUT_DELIVERIES = """
UNWIND $rows AS r
MERGE (d:Delivery {id: r.id})
  ON CREATE SET d += r.props
"""

# (:Delivery)-[:OF]->(:Notice), which a rebuild made anew
LINK_DELIVERIES = """
UNWIND $keys AS key
MATCH (n:Notice {id: key})
CALL (n) {
  MATCH (d:Delivery {notice: n.id})
  MERGE (d)-[:OF]->(n)
}
"""

WAKE = """
UNWIND $ids AS id
MATCH (e:Endpoint {id: id})
SET e.due_at = CASE WHEN e.due_at IS NULL OR e.due_at > $now THEN $now ELSE e.due_at END
"""

SEQ, PARTITION, AT = "seq", "partition", "at"
NO_PREFERENCES: Final = Preferences()


async def plan_deliveries(tx: Tx, notices: Sequence[Change]) -> None:
    """Make the deliveries of notices (with SEQ, PARTITION and AT in `more`) that were not planned before."""
    placed = [change for change in notices if SEQ in change.more and PARTITION in change.more]
    for partition in sorted({change.more[PARTITION] for change in placed}):
        mine = [change for change in placed if change.more[PARTITION] == partition]
        tp = f"{MATCH_EVENTS}:{partition}"
        planned: int = (await tx.rows(LOCK_PLANNED, tp=tp))[0]["next"]
        fresh = sorted((c for c in mine if c.more[SEQ] >= planned), key=lambda c: c.more[SEQ])
        if fresh:
            await _plan(tx, fresh)
            await tx.run(MOVE_PLANNED, tp=tp, next=fresh[-1].more[SEQ] + 1)
    await tx.run(LINK_DELIVERIES, keys=[change.key for change in notices])


async def _plan(tx: Tx, notices: list[Change]) -> None:
    suppliers = sorted({_news(change).supplier_id for change in notices})
    targets = [target_of(row) for row in await tx.rows(ENDPOINTS_OF, suppliers=suppliers)]
    if not targets:
        return
    wishes = {
        row["supplier"]: Preferences.model_validate_json(row["body"])
        for row in await tx.rows(PREFERENCES_OF, suppliers=suppliers)
    }
    concerned = [change for change in notices if any(t.supplier == _news(change).supplier_id for t in targets)]
    places = await _places(tx, concerned, wishes)
    pairs = [
        {"match": news.match_id, "endpoint": target.id}
        for change in concerned
        if isinstance(news := _news(change), MatchNews) and news.revision > 1
        for target in targets
        if target.supplier == news.supplier_id
    ]
    before = Before()
    for row in await tx.rows(TOLD_BEFORE, rows=pairs) if pairs else []:
        before.told[row["match"], row["endpoint"]] = row["told"]
    rows: list[Row] = []
    now = clock.now()
    for change in concerned:
        news = _news(change)
        mine = [target for target in targets if target.supplier == news.supplier_id]
        place = places.get(news.item_key, UNKNOWN) if isinstance(news, MatchNews) else UNKNOWN
        chosen = choose(news, mine, wishes.get(news.supplier_id, NO_PREFERENCES), place, before)
        rows += [_row(change, news, choice, now) for choice in chosen]
    rows.sort(key=lambda row: str(row["id"]))
    await tx.run(PUT_DELIVERIES, rows=rows)
    waiting = sorted({row["props"]["endpoint"] for row in rows if row["props"]["state"] == DeliveryState.PENDING.value})
    if waiting:
        await tx.run(WAKE, ids=waiting, now=now)


async def _places(tx: Tx, notices: list[Change], wishes: dict[str, Preferences]) -> dict[str, ItemPlace]:
    choosy = {supplier for supplier, wish in wishes.items() if wish.classes or wish.provinces}
    all_news = (_news(change) for change in notices)
    keys = sorted({n.item_key for n in all_news if isinstance(n, MatchNews) and n.supplier_id in choosy})
    rows = await tx.rows(PLACES_OF_ITEMS, keys=keys) if keys else []
    return {row["key"]: item_place(row["classes"], row["item"], row["demand"]) for row in rows}


def _news(change: Change) -> News:
    return cast("News", change.data)


def _row(change: Change, news: News, choice: Choice, now: float) -> dict[str, Any]:
    match = news if isinstance(news, MatchNews) else None
    return {
        "id": delivery_id(news, change.key, choice.target.id),
        "props": {
            "endpoint": choice.target.id,
            "supplier": news.supplier_id,
            "channel": choice.target.kind,
            "address": choice.target.address,
            "notice": change.key,
            "kind": type(news).__name__,
            "match": match.match_id if match else None,
            "item": match.item_key if match else None,
            "score": news.score if isinstance(news, MatchFound) else None,
            "seq": change.more[SEQ],
            "state": choice.state.value,
            "reason": choice.reason,
            "attempts": 0,
            "planned_at": now,
            "next_at": now,
        },
    }
