"""Demands: their content item by item, their standing, and awards.

(:Buyer)-[:PUBLISHED]->(:Demand)-[:HAS_ITEM]->(:DemandItem)-[:ASKS_FOR]->(:ProductClass)
(:DemandItem)-[:KNOWN_BY]->(:Term)   (:Award)-[:OF_ITEM]->(:DemandItem)   (:Award)-[:AWARDED_TO]->(:Offer)
"""

from typing import LiteralString, cast

from graph.changes import AWARDS, DEMAND_STANDINGS, DEMANDS, Change, Changes, Touched, offer_key
from graph.driver import Row, Tx
from graph.knowledge import ItemFacts, Knowledge, item_facts
from graph.writes.history import put_demand_history
from graph.writes.props import search_text, stored
from schemas.demands import Demand, DemandAwarded, DemandCancelled, DemandItem, item_key

# (:Buyer)-[:PUBLISHED]->(:Demand)
PUT_DEMANDS = """
UNWIND $rows AS r
MERGE (d:Demand {id: r.key})
WITH d, r
WHERE d.version IS NULL OR r.version > d.version OR (r.version = d.version AND r.event > d.event)
SET d += r.props, d.version = r.version, d.event = r.event
MERGE (b:Buyer {id: r.buyer.id})
SET b += r.buyer
WITH d, b
CALL (d, b) {
  MATCH (other:Buyer)-[old:PUBLISHED]->(d)
  WHERE other <> b
  DELETE old
}
MERGE (b)-[:PUBLISHED]->(d)
RETURN d.id AS id
"""

# (:Demand)-[:HAS_ITEM]->(:DemandItem); items that the new content no longer has are kept, but not present
PUT_ITEMS = """
UNWIND $rows AS r
MATCH (d:Demand {id: r.id})
CALL (d, r) {
  MATCH (d)-[:HAS_ITEM]->(gone:DemandItem)
  WHERE NOT gone.key IN r.keys
  SET gone.present = false
}
CALL (d, r) {
  UNWIND r.items AS row
  MERGE (i:DemandItem {key: row.key})
    ON CREATE SET i.demand = r.id, i.id = row.id
  SET i += row.props, i.present = true
  MERGE (d)-[:HAS_ITEM]->(i)
}
"""

LOCK = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
SET i.held = true
"""

READ_ITEMS = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})<-[:HAS_ITEM]-(d:Demand)
WHERE i.body IS NOT NULL AND d.body IS NOT NULL
RETURN i.key AS key, i.body AS item, d.body AS demand
"""

PUT_ITEM_FACTS = """
UNWIND $rows AS r
MATCH (i:DemandItem {key: r.key})
SET i.facts = r.facts, i.rules = $rules
"""

UNLINK_ITEMS = """
UNWIND $keys AS key
MATCH (:DemandItem {key: key})-[old:ASKS_FOR|KNOWN_BY]->()
DELETE old
"""

# (:DemandItem)-[:ASKS_FOR]->(:ProductClass)
LINK_ITEM_CLASSES = """
UNWIND $rows AS r
MATCH (c:ProductClass {id: r.to})
CALL (r) {
  MATCH (i:DemandItem {key: r.key})
  RETURN i
}
MERGE (i)-[:ASKS_FOR]->(c)
"""

LINK_ITEM_TERMS = """
UNWIND $rows AS r
MATCH (i:DemandItem {key: r.key})
MERGE (t:Term {id: r.to})
MERGE (i)-[:KNOWN_BY]->(t)
"""

# (:Demand) standing facet
PUT_DEMAND_STANDINGS = """
UNWIND $rows AS r
MERGE (d:Demand {id: r.key})
WITH d, r
WHERE d.standing_version IS NULL OR r.version > d.standing_version
   OR (r.version = d.standing_version AND r.event > d.standing_event)
SET d.cancelled = r.cancelled, d.cancelled_why = r.why,
    d.standing_version = r.version, d.standing_event = r.event
RETURN d.id AS id
"""

# (:Award)-[:OF_ITEM]->(:DemandItem), (:Award)-[:AWARDED_TO]->(:Offer); the write on the offer locks it: less of it is free now
PUT_AWARDS = """
UNWIND $rows AS r
MERGE (a:Award {id: r.key})
WITH a, r
WHERE a.version IS NULL OR r.version > a.version OR (r.version = a.version AND r.event > a.event)
SET a += r.props, a.version = r.version, a.event = r.event
MERGE (d:Demand {id: r.demand})
MERGE (i:DemandItem {key: r.item})
  ON CREATE SET i.demand = r.demand, i.id = r.item_id
MERGE (d)-[:HAS_ITEM]->(i)
WITH a, r, i
CALL (a, i) {
  MATCH (a)-[moved:OF_ITEM]->(other:DemandItem)
  WHERE other.key <> i.key
  DELETE moved
}
MERGE (a)-[:OF_ITEM]->(i)
WITH a, r
CALL (a) {
  MATCH (a)-[old:AWARDED_TO]->(before:Offer)
  SET before.awarded = true
  DELETE old
  RETURN collect(before.key) AS freed
}
CALL (a, r) {
  WITH a, r
  WHERE r.offer IS NOT NULL
  MERGE (s:Supplier {id: r.supplier})
  MERGE (o:Offer {key: r.offer})
    ON CREATE SET o.id = r.offer_id, o.supplier = r.supplier
  MERGE (s)-[:OFFERS]->(o)
  MERGE (a)-[:AWARDED_TO]->(o)
  SET o.awarded = true
  RETURN collect(o.key) AS taken
}
RETURN r.demand AS demand, freed + taken AS offers
"""

# An item is open while its demand stands, it is part of it, and no complete award took it
REFRESH_ITEMS = """
UNWIND $ids AS id
MATCH (d:Demand {id: id})-[:HAS_ITEM]->(i:DemandItem)
OPTIONAL MATCH (i)<-[:OF_ITEM]-(a:Award {complete: true, cancelled: false})
WITH d, i, count(a) AS done
SET i.open = d.body IS NOT NULL AND NOT coalesce(d.cancelled, false) AND coalesce(i.present, false) AND done = 0,
    i.closed_why = CASE WHEN coalesce(d.cancelled, false) THEN 'the demand was cancelled'
                        WHEN done > 0 THEN 'the item was awarded'
                        WHEN NOT coalesce(i.present, false) THEN 'the item was taken out of the demand' END
RETURN i.key AS key
"""


# What an award takes of an offer depends on its item; the write locks the offers, so that their pairs queue up
AWARDED_OFFERS = """
UNWIND $ids AS id
MATCH (:Demand {id: id})-[:HAS_ITEM]->(:DemandItem)<-[:OF_ITEM]-(:Award)-[:AWARDED_TO]->(o:Offer)
SET o.awarded = true
RETURN DISTINCT o.key AS key
"""


async def put_demands(tx: Tx, changes: Changes, facts: dict[str, ItemFacts], rules: str) -> Touched:
    """Write demands of a slice. `facts` were made of their items outside the transaction, by item key."""
    demands: set[str] = set()
    offers: set[str] = set()
    contents = changes.of(DEMANDS)
    if contents:
        rows = await tx.rows(PUT_DEMANDS, rows=[_content_row(change) for change in contents])
        accepted = {row["id"] for row in rows}
        told = [cast("Demand", change.data) for change in contents if change.key in accepted]
        if told:
            await tx.run(PUT_ITEMS, rows=[_items_row(demand, facts, rules) for demand in told])
            keys = sorted(item_key(demand.id, item.id) for demand in told for item in demand.items)
            await _link(tx, keys, facts)
        demands |= accepted
    standings = changes.of(DEMAND_STANDINGS)
    if standings:
        rows = await tx.rows(PUT_DEMAND_STANDINGS, rows=[_standing_row(change) for change in standings])
        demands |= {row["id"] for row in rows}
    awards = changes.of(AWARDS)
    if awards:
        rows = await tx.rows(PUT_AWARDS, rows=[_award_row(change) for change in awards])
        demands |= {row["demand"] for row in rows}
        offers |= {key for row in rows for key in row["offers"]}
    await put_demand_history(tx, changes)
    refreshed = await tx.rows(REFRESH_ITEMS, ids=sorted(demands)) if demands else []
    if demands:
        offers |= {row["key"] for row in await tx.rows(AWARDED_OFFERS, ids=sorted(demands))}
    return Touched(demands=demands, items={row["key"] for row in refreshed}, offers=offers)


async def relink_items(tx: Tx, keys: set[str], knowledge: Knowledge) -> None:
    """Derive the facts of items anew by new rules, with the classes and terms they are found under."""
    if not keys:
        return
    await tx.run(LOCK, keys=sorted(keys))
    facts: dict[str, ItemFacts] = {}
    for row in await tx.rows(READ_ITEMS, keys=sorted(keys)):
        demand, item = stored(Demand, row["demand"]), stored(DemandItem, row["item"])
        if demand is not None and item is not None:
            facts[row["key"]] = item_facts(demand, item, knowledge)
    rows = [{"key": key, "facts": one.to_json()} for key, one in sorted(facts.items())]
    await tx.run(PUT_ITEM_FACTS, rows=rows, rules=knowledge.version)
    await _link(tx, sorted(facts), facts)


async def _link(tx: Tx, keys: list[str], facts: dict[str, ItemFacts]) -> None:
    await tx.run(UNLINK_ITEMS, keys=keys)
    classes = [{"key": key, "to": to} for key in keys for to in facts[key].classes]
    terms = [{"key": key, "to": to} for key in keys for to in facts[key].keys]
    linked: tuple[tuple[LiteralString, list[Row]], ...] = ((LINK_ITEM_CLASSES, classes), (LINK_ITEM_TERMS, terms))
    for statement, rows in linked:
        if rows:
            rows.sort(key=lambda row: (row["to"], row["key"]))
            await tx.run(statement, rows=rows)


def _content_row(change: Change) -> Row:
    demand = cast("Demand", change.data)
    return {
        "key": change.key,
        "version": change.version,
        "event": change.event,
        "buyer": {"id": demand.buyer.id, "name": demand.buyer.name, "search": search_text(demand.buyer.name)},
        "props": {
            "body": demand.model_dump_json(exclude_defaults=True),
            "title": demand.title,
            "buyer": demand.buyer.id,
            "stage": demand.stage,
            "ocid": demand.ocid,
            "published": demand.published.isoformat() if demand.published else None,
            "closes": demand.closes.isoformat() if demand.closes else None,
            "needed_by": demand.needed_by.isoformat() if demand.needed_by else None,
            "search": search_text(demand.title, demand.buyer.name, demand.description),
        },
    }


def _items_row(demand: Demand, facts: dict[str, ItemFacts], rules: str) -> Row:
    items = [_item_row(demand, item, facts, rules) for item in demand.items]
    items.sort(key=lambda row: str(row["key"]))
    return {"id": demand.id, "keys": [row["key"] for row in items], "items": items}


def _item_row(demand: Demand, item: DemandItem, facts: dict[str, ItemFacts], rules: str) -> Row:
    key = item_key(demand.id, item.id)
    needed = item.needed_by or demand.needed_by
    return {
        "key": key,
        "id": item.id,
        "props": {
            "body": item.model_dump_json(exclude_defaults=True),
            "facts": facts[key].to_json(),
            "rules": rules,
            "title": item.title,
            "quantity": item.quantity,
            "unit": item.unit,
            "lot": item.lot_id,
            "needed_by": needed.isoformat() if needed else None,
            "closes": demand.closes.isoformat() if demand.closes else None,
            "buyer": demand.buyer.id,
            "stage": demand.stage,
            "search": search_text(item.title, " ".join(item.part_numbers), item.description),
        },
    }


def _standing_row(change: Change) -> Row:
    cancelled = change.data if isinstance(change.data, DemandCancelled) else None
    why = (
        None
        if cancelled is None
        else f"{cancelled.reason.value}: {cancelled.note}"
        if cancelled.note
        else cancelled.reason.value
    )
    return {
        "key": change.key, "version": change.version, "event": change.event, "cancelled": cancelled is not None, "why": why,
    }  # fmt: skip


def _award_row(change: Change) -> Row:
    award = cast("DemandAwarded", change.data)
    return {
        "key": change.key,
        "version": change.version,
        "event": change.event,
        "demand": award.demand_id,
        "item": item_key(award.demand_id, award.item_id),
        "item_id": award.item_id,
        "supplier": award.supplier_id,
        "offer": offer_key(award.supplier_id, award.offer_id) if award.offer_id else None,
        "offer_id": award.offer_id,
        "props": {
            "supplier": award.supplier_id,
            "award_id": award.award_id,
            "due": True,
            "quantity": award.quantity,
            "unit": award.unit,
            "complete": award.complete and not award.cancelled,
            "cancelled": award.cancelled,
            "awarded": award.awarded.isoformat() if award.awarded else None,
        },
    }
