"""The write transaction of the match step: decide again under lock, write what changed, queue what is to be told.

Why under lock: between a decision and its write the other end may change. Both ends and the supplier are locked
first, so whoever changes them either came before (and is seen here) or comes after (and decides the pair himself).

(:DemandItem)-[:MATCHES {score, revision}]->(:Offer)   (:DemandItem)-[:NEARLY_MATCHES {missing}]->(:Offer)
(:Buyer)-[:CAN_BUY_FROM {items}]->(:Supplier)          (:Match) ledger of what was told   (:Outbox) what is to be sent
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph import clock
from graph.diff import MATCHES, NEARLY, Ledger, Pairing, Step, digest, missing_of, step
from graph.driver import Row, Tx
from graph.knowledge import Knowledge
from graph.retrieve import Pair, lapsed, verdict_of
from schemas.codec import encode
from schemas.envelope import wrap
from schemas.events import MATCH_EVENTS
from schemas.ids import match_id

SOURCE: Final = "urn:peyvand:matcher"

LOCK_SUPPLIERS = """
UNWIND $ids AS id
MATCH (s:Supplier {id: id})
SET s.held = true
"""

LOCK_OFFERS = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})
SET o.held = true
"""

LOCK_ITEMS = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
SET i.held = true
"""

READ_PAIRS = """
UNWIND $pairs AS pair
MATCH (i:DemandItem {key: pair.item})<-[:HAS_ITEM]-(d:Demand)
CALL (pair) {
  MATCH (o:Offer {key: pair.offer})<-[:OFFERS]-(s:Supplier)
  RETURN o, s
}
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
OPTIONAL MATCH (x:Match {id: pair.match})
CALL (i, o) {
  OPTIONAL MATCH (i)-[m:MATCHES|NEARLY_MATCHES]->(o)
  RETURN type(m) AS stands, m.missing AS missing, m.buyer AS stood_for
}
RETURN pair.match AS match, i.key AS item, o.key AS offer, s.id AS supplier,
       i.facts AS item_facts, i.open AS open, i.closed_why AS closed_why, i.closes AS closes,
       i.needed_by AS needed_by, i.stage AS stage, i.title AS item_title, i.quantity AS quantity, i.unit AS unit,
       d.id AS demand, d.title AS demand_title, b.id AS buyer, b.name AS buyer_name,
       o.id AS offer_id, o.facts AS offer_facts, o.title AS offer_title, coalesce(o.withdrawn, false) AS withdrawn,
       s.facts AS supplier_facts, s.suspended AS suspended, s.suspended_why AS suspended_why,
       stands, missing, stood_for,
       x.revision AS revision, x.told AS told, x.score AS score, x.points AS points
"""

# As retrieve.COMMITTED, but inside the transaction, behind the lock on the offers
COMMITTED_NOW = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})<-[:AWARDED_TO]-(a:Award {cancelled: false})-[:OF_ITEM]->(i:DemandItem)
WHERE i.needed_by IS NULL OR i.needed_by >= $today
RETURN o.key AS key, sum(coalesce(a.quantity, i.quantity, 0.0)) AS quantity
"""

DROP_LINKS = """
UNWIND $rows AS r
MATCH (i:DemandItem {key: r.item})
CALL (r) {
  MATCH (o:Offer {key: r.offer})
  RETURN o
}
MATCH (i)-[m:MATCHES|NEARLY_MATCHES]->(o)
DELETE m
"""

PUT_MATCHES = """
UNWIND $rows AS r
MATCH (i:DemandItem {key: r.item})
CALL (r) {
  MATCH (o:Offer {key: r.offer})
  RETURN o
}
MERGE (i)-[m:MATCHES]->(o)
SET m.score = r.score, m.revision = r.revision, m.digest = r.digest, m.buyer = r.buyer
"""

PUT_NEAR_MISSES = """
UNWIND $rows AS r
MATCH (i:DemandItem {key: r.item})
CALL (r) {
  MATCH (o:Offer {key: r.offer})
  RETURN o
}
MERGE (i)-[m:NEARLY_MATCHES]->(o)
SET m.missing = r.missing, m.gaps = size(r.missing), m.score = r.score
"""

# Looked at once it is calm: see graph.tidings.gaps
MARK_GAPS = """
UNWIND $ids AS id
MATCH (s:Supplier {id: id})
SET s.gaps_at = $now
"""

PUT_LEDGER = """
UNWIND $rows AS r
MERGE (x:Match {id: r.match})
SET x.item = r.item, x.offer = r.offer, x.supplier = r.supplier,
    x.revision = r.revision, x.told = r.told, x.score = r.score, x.points = r.points, x.told_on = $today
"""

PUT_OUTBOX = """
UNWIND $rows AS r
MERGE (b:Outbox {id: r.id})
  ON CREATE SET b.topic = r.topic, b.key = r.key, b.value = r.value, b.at = r.at
"""

# (:Buyer)-[:CAN_BUY_FROM {items}]->(:Supplier), counted anew for the pairs that changed; the supplier is locked
COUNT_LINKS = """
UNWIND $rows AS r
MATCH (b:Buyer {id: r.buyer})
CALL (r) {
  MATCH (s:Supplier {id: r.supplier})
  RETURN s
}
CALL (b, s) {
  MATCH (s)-[:OFFERS]->(:Offer)<-[:MATCHES]-(i:DemandItem)
  WHERE i.buyer = b.id
  RETURN count(DISTINCT i) AS items
}
CALL (b, s, items) {
  WITH b, s, items
  WHERE items = 0
  MATCH (b)-[old:CAN_BUY_FROM]->(s)
  DELETE old
}
CALL (b, s, items) {
  WITH b, s, items
  WHERE items > 0
  MERGE (b)-[l:CAN_BUY_FROM]->(s)
  SET l.items = items
}
"""

MARK_DECIDED = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
SET i.decided_on = $today
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A record to be published, and the outbox row it came from."""

    id: str
    topic: str
    key: str
    value: str


async def record(
    tx: Tx, pairs: Iterable[Pair], decided: Iterable[str], knowledge: Knowledge, today: date
) -> list[Message]:
    """Write what the pairs have become and return the news, which are in the outbox until they are sent."""
    keys = sorted(decided)
    wanted = sorted(set(pairs))
    steps = await _steps(tx, wanted, knowledge, today) if wanted else []
    messages = _messages(steps, knowledge.version)
    await _write(tx, steps, messages, today)
    if keys:
        await tx.run(MARK_DECIDED, keys=keys, today=today.isoformat())
    return messages


async def _steps(tx: Tx, pairs: list[Pair], knowledge: Knowledge, today: date) -> list[Step]:
    offers = sorted({offer for _, offer in pairs})
    await tx.run(LOCK_SUPPLIERS, ids=sorted({offer.partition("~")[0] for offer in offers}))
    await tx.run(LOCK_OFFERS, keys=offers)
    await tx.run(LOCK_ITEMS, keys=sorted({item for item, _ in pairs}))
    asked = [{"match": match_id(item, offer), "item": item, "offer": offer} for item, offer in pairs]
    rows = await tx.rows(READ_PAIRS, pairs=asked)
    taken = await tx.rows(COMMITTED_NOW, keys=offers, today=today.isoformat())
    committed = {row["key"]: row["quantity"] for row in taken}
    pairings = (_pairing(row, committed.get(row["offer"], 0.0), knowledge, today) for row in rows)
    found = (step(pairing) for pairing in pairings if pairing is not None)
    return [one for one in found if one is not None]


def _pairing(row: Row, committed: float, knowledge: Knowledge, today: date) -> Pairing | None:
    """The pair as it is, or None when its facts are of another release: their renewal decides it."""
    why = _closed(row, today)
    verdict = None
    if why is None:
        verdict = verdict_of(row["item_facts"], row["offer_facts"], row["supplier_facts"], today, committed, knowledge)
        if verdict is None:
            return None
        if row["suspended"]:
            why = f"the supplier was suspended: {row['suspended_why']}"
    ledger = Ledger(row["revision"] or 0, row["told"], row["score"] or 0.0, row["points"] or "[]")
    return Pairing(row["match"], row["item"], row["offer"], row["supplier"], row, row["stands"], ledger, verdict, why)


def _closed(row: Row, today: date) -> str | None:
    if not row["open"]:
        return row["closed_why"] or "the demand item is not open"
    if row["withdrawn"]:
        return "the supplier withdrew the offer"
    if row["item_facts"] is None or row["offer_facts"] is None or row["supplier_facts"] is None:
        return "the record of the supplier, offer or item is not there"
    return lapsed(row, today)


def _messages(steps: list[Step], rules: str) -> list[Message]:
    made: list[Message] = []
    for one in steps:
        if one.news is not None and one.event_id is not None:
            key, value, _ = encode(
                wrap(one.news.model_copy(update={"rules": rules}), source=SOURCE, event_id=one.event_id)
            )
            made.append(Message(one.event_id, MATCH_EVENTS, key.decode(), value.decode()))
    return made


async def _write(tx: Tx, steps: list[Step], messages: list[Message], today: date) -> None:
    gone = [s for s in steps if s.pairing.stands is not None and s.becomes != s.pairing.stands]
    if gone:
        await tx.run(DROP_LINKS, rows=[{"item": s.pairing.item, "offer": s.pairing.offer} for s in gone])
    matches = [_match_row(s) for s in steps if s.becomes == MATCHES]
    if matches:
        await tx.run(PUT_MATCHES, rows=matches)
    nearly = [s for s in steps if s.becomes == NEARLY]
    near = [_near_row(s) for s in nearly]
    if near:
        await tx.run(PUT_NEAR_MISSES, rows=near)
        close = {s.pairing.supplier for s, row in zip(nearly, near, strict=True) if len(row["missing"]) == 1}
        if close:
            await tx.run(MARK_GAPS, ids=sorted(close), now=clock.now())
    ledger = [_ledger_row(s) for s in steps if s.ledger != s.pairing.ledger]
    if ledger:
        await tx.run(PUT_LEDGER, rows=ledger, today=today.isoformat())
    links = {
        (buyer, s.pairing.supplier)
        for s in steps
        if MATCHES in (s.becomes, s.pairing.stands)
        for buyer in (s.pairing.row["buyer"], s.pairing.row["stood_for"])
        if buyer is not None
    }
    if links:
        await tx.run(COUNT_LINKS, rows=[{"buyer": buyer, "supplier": supplier} for buyer, supplier in sorted(links)])
    if messages:
        at = clock.now()
        await tx.run(
            PUT_OUTBOX,
            rows=[{"id": m.id, "topic": m.topic, "key": m.key, "value": m.value, "at": at} for m in messages],
        )


def _match_row(one: Step) -> Row:
    return {
        "item": one.pairing.item,
        "offer": one.pairing.offer,
        "buyer": one.pairing.row["buyer"],
        "score": one.ledger.score,
        "revision": one.ledger.revision,
        "digest": digest(one.ledger.points),
    }


def _near_row(one: Step) -> Row:
    verdict = one.pairing.verdict
    missing = missing_of(verdict) if verdict is not None else []
    score = verdict.score if verdict is not None else 0.0
    return {"item": one.pairing.item, "offer": one.pairing.offer, "missing": missing, "score": score}


def _ledger_row(one: Step) -> Row:
    pairing, ledger = one.pairing, one.ledger
    return {
        "match": pairing.match,
        "item": pairing.item,
        "offer": pairing.offer,
        "supplier": pairing.supplier,
        "revision": ledger.revision,
        "told": ledger.told,
        "score": ledger.score,
        "points": ledger.points,
    }
