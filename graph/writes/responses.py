"""Answers of suppliers, and the news in their inboxes.

(:Supplier)-[:ANSWERED]->(:Response)-[:ABOUT]->(:Match)   (:Notice)-[:FOR]->(:Supplier)
"""

from typing import cast

from graph.changes import NOTICES, RESPONSES, Change, Changes, Touched, offer_key
from graph.delivery.choice import News
from graph.delivery.planning import plan_deliveries
from graph.driver import Row, Tx
from schemas.demands import item_key
from schemas.ids import match_id
from schemas.matches import MatchNews
from schemas.responses import SupplierResponded

PUT_RESPONSES = """
UNWIND $rows AS r
MERGE (a:Response {id: r.key})
WITH a, r
WHERE a.version IS NULL OR r.version > a.version OR (r.version = a.version AND r.event > a.event)
SET a += r.props, a.version = r.version, a.event = r.event
MERGE (s:Supplier {id: r.supplier})
MERGE (s)-[:ANSWERED]->(a)
MERGE (x:Match {id: r.match})
MERGE (a)-[:ABOUT]->(x)
RETURN a.id AS id
"""

# (:Notice)-[:FOR]->(:Supplier): the inbox. `seq` orders it: partition offsets of match-events, one partition a supplier
PUT_NOTICES = """
UNWIND $rows AS r
MERGE (n:Notice {id: r.key})
  ON CREATE SET n += r.props
MERGE (s:Supplier {id: r.supplier})
MERGE (n)-[:FOR]->(s)
RETURN n.id AS id
"""


async def put_responses(tx: Tx, changes: Changes) -> Touched:
    """Write the answers and notices of a slice; neither changes a verdict."""
    answers = changes.of(RESPONSES)
    if answers:
        await tx.run(PUT_RESPONSES, rows=[_response_row(change) for change in answers])
    notices = changes.of(NOTICES)
    if notices:
        await tx.run(PUT_NOTICES, rows=[_notice_row(change) for change in notices])
        await plan_deliveries(tx, notices)
    return Touched()


def _response_row(change: Change) -> Row:
    answer = cast("SupplierResponded", change.data)
    item = item_key(answer.demand_id, answer.item_id)
    offer = offer_key(answer.supplier_id, answer.offer_id)
    return {
        "key": change.key,
        "version": change.version,
        "event": change.event,
        "supplier": answer.supplier_id,
        "match": match_id(item, offer),
        "props": {
            "item": item,
            "offer": offer,
            "answer": answer.answer.value,
            "reason": answer.reason.value if answer.reason else None,
            "free_from": answer.free_from.isoformat() if answer.free_from else None,
            "body": answer.model_dump_json(exclude_defaults=True),
            **change.more,
        },
    }


def _notice_row(change: Change) -> Row:
    news = cast("News", change.data)
    match = news if isinstance(news, MatchNews) else None
    return {
        "key": change.key,
        "supplier": news.supplier_id,
        "props": {
            "supplier": news.supplier_id,
            "match": match.match_id if match else None,
            "revision": match.revision if match else None,
            "item": match.item_key if match else None,
            "kind": type(news).__name__,
            "body": news.model_dump_json(exclude_defaults=True),
            **change.more,
        },
    }
