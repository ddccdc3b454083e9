"""Offers: their content, standing and reported capacity.

(:Supplier)-[:OFFERS]->(:Offer)-[:CLASSIFIED_AS]->(:ProductClass)
(:Offer)-[:MEETS {valid_until}]->(:Standard)   (:Offer)-[:NEEDS]->(:Input)   (:Offer)-[:KNOWN_BY]->(:Term)
"""

import hashlib
from typing import Any, LiteralString, cast

from graph.changes import CAPACITIES, OFFER_STANDINGS, OFFERS, Change, Changes, Touched, offer_key
from graph.driver import Row, Tx
from graph.knowledge import Knowledge, OfferFacts, offer_facts
from graph.matching.sieve import offer_side
from graph.writes.props import search_text, stored
from schemas.ids import slug
from schemas.offers import CapacityReported, Offer, ProductWithdrawn

# (:Supplier)-[:OFFERS]->(:Offer); `links` tells whether the relationships below have to be made anew
PUT_OFFERS = """
UNWIND $rows AS r
MERGE (s:Supplier {id: r.supplier})
MERGE (o:Offer {key: r.key})
  ON CREATE SET o.id = r.id, o.supplier = r.supplier
MERGE (s)-[:OFFERS]->(o)
WITH o, r, o.links AS links
WHERE o.version IS NULL OR r.version > o.version OR (r.version = o.version AND r.event > o.event)
SET o += r.props, o.version = r.version, o.event = r.event
RETURN o.key AS key, links, o.capacity_version AS capacity_version
"""

# A product that is registered again after a withdrawal stands again: standing facet
PUT_OFFER_STANDINGS = """
UNWIND $rows AS r
MERGE (s:Supplier {id: r.supplier})
MERGE (o:Offer {key: r.key})
  ON CREATE SET o.id = r.id, o.supplier = r.supplier
MERGE (s)-[:OFFERS]->(o)
WITH o, r
WHERE o.standing_version IS NULL OR r.version > o.standing_version
   OR (r.version = o.standing_version AND r.event > o.standing_event)
SET o.withdrawn = r.withdrawn, o.standing_version = r.version, o.standing_event = r.event
RETURN o.key AS key
"""

# Capacity facet: a report stands until a newer one, or newer content with a capacity of its own
PUT_CAPACITIES = """
UNWIND $rows AS r
MERGE (s:Supplier {id: r.supplier})
MERGE (o:Offer {key: r.key})
  ON CREATE SET o.id = r.id, o.supplier = r.supplier
MERGE (s)-[:OFFERS]->(o)
WITH o, r
WHERE o.capacity_version IS NULL OR r.version > o.capacity_version
   OR (r.version = o.capacity_version AND r.event > o.capacity_event)
SET o.capacity_body = r.body, o.capacity_version = r.version, o.capacity_event = r.event
RETURN o.key AS key
"""

LOCK = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})
SET o.held = true
"""

READ_OFFERS = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})
WHERE o.body IS NOT NULL
RETURN o.key AS key, o.body AS body, o.version AS version,
       o.capacity_body AS capacity_body, o.capacity_version AS capacity_version
"""

PUT_OFFER_FACTS = """
UNWIND $rows AS r
MATCH (o:Offer {key: r.key})
SET o += r.side, o.facts = r.facts, o.links = r.links, o.rules = $rules
"""

# (:Offer)-[:CLASSIFIED_AS]->(:ProductClass)
UNLINK_OFFERS = """
UNWIND $keys AS key
MATCH (:Offer {key: key})-[old:CLASSIFIED_AS|MEETS|NEEDS|KNOWN_BY]->()
DELETE old
"""

LINK_CLASSES = """
UNWIND $rows AS r
MATCH (c:ProductClass {id: r.to})
CALL (r) {
  MATCH (o:Offer {key: r.key})
  RETURN o
}
MERGE (o)-[:CLASSIFIED_AS]->(c)
"""

LINK_STANDARDS = """
UNWIND $rows AS r
MATCH (o:Offer {key: r.key})
MERGE (t:Standard {id: r.to})
MERGE (o)-[m:MEETS]->(t)
SET m.valid_until = r.valid_until
"""

LINK_TERMS = """
UNWIND $rows AS r
MATCH (o:Offer {key: r.key})
MERGE (t:Term {id: r.to})
MERGE (o)-[:KNOWN_BY]->(t)
"""

LINK_INPUTS = """
UNWIND $rows AS r
MATCH (o:Offer {key: r.key})
MERGE (n:Input {id: r.to})
  ON CREATE SET n.name = r.name
MERGE (o)-[k:NEEDS]->(n)
SET k.imported = r.imported, k.origin = r.origin, k.value_percent = r.share
"""


async def put_offers(tx: Tx, changes: Changes, facts: dict[str, OfferFacts], knowledge: Knowledge) -> Touched:
    """Write offers of a slice. `facts` were made of their content outside the transaction, by offer key."""
    touched: set[str] = set()
    standings = changes.of(OFFER_STANDINGS)
    if standings:
        rows = await tx.rows(PUT_OFFER_STANDINGS, rows=[_standing_row(change) for change in standings])
        touched |= {row["key"] for row in rows}
    stale: set[str] = set()
    capacities = changes.of(CAPACITIES)
    if capacities:
        rows = await tx.rows(PUT_CAPACITIES, rows=[_capacity_row(change) for change in capacities])
        stale |= {row["key"] for row in rows}
    contents = changes.of(OFFERS)
    if contents:
        written = await tx.rows(PUT_OFFERS, rows=[_content_row(change, facts, knowledge) for change in contents])
        await _link(tx, written, {change.key: cast("Offer", change.data) for change in contents}, facts)
        touched |= {row["key"] for row in written}
        stale |= {row["key"] for row in written if row["capacity_version"] is not None}
    if stale:
        await refresh_offers(tx, stale, knowledge)
    return Touched(offers=touched | stale)


async def refresh_offers(tx: Tx, keys: set[str], knowledge: Knowledge) -> None:
    """Derive the facts of offers anew from content and reported capacity, whichever of both is newer."""
    await _refresh(tx, keys, knowledge)


async def relink_offers(tx: Tx, keys: set[str], knowledge: Knowledge) -> None:
    """As refresh_offers, for new rules: the classes and terms that an offer is found under are made anew too."""
    if not keys:
        return
    offers, facts = await _refresh(tx, keys, knowledge)
    await _link(tx, [{"key": key, "links": "before"} for key in sorted(offers)], offers, facts)


async def _refresh(tx: Tx, keys: set[str], knowledge: Knowledge) -> tuple[dict[str, Offer], dict[str, OfferFacts]]:
    await tx.run(LOCK, keys=sorted(keys))
    offers: dict[str, Offer] = {}
    facts: dict[str, OfferFacts] = {}
    for row in await tx.rows(READ_OFFERS, keys=sorted(keys)):
        content = stored(Offer, row["body"])
        if content is None:
            continue  # keeps the facts it has; the next event of the offer brings it up to date
        offer = with_capacity(content, row["version"], row["capacity_body"], row["capacity_version"])
        offers[row["key"]] = offer
        facts[row["key"]] = offer_facts(offer, knowledge)
    rows = [
        {
            "key": key,
            "facts": facts[key].to_json(),
            "links": links_hash(offers[key], facts[key]),
            "side": offer_side(facts[key], knowledge).properties(),
        }
        for key in sorted(offers)
    ]
    await tx.run(PUT_OFFER_FACTS, rows=rows, rules=knowledge.version)
    return offers, facts


def with_capacity(offer: Offer, version: int, report: str | None, report_version: int | None) -> Offer:
    """The offer with the capacity that holds: the report's, unless the content is newer and names one itself."""
    if report is None or report_version is None:
        return offer
    if version > report_version and offer.capacity is not None:
        return offer
    told = CapacityReported.model_validate_json(report)
    lead = told.lead_time_days if told.lead_time_days is not None else offer.lead_time_days
    return offer.model_copy(update={"capacity": told.capacity, "lead_time_days": lead})


async def _link(tx: Tx, written: list[Row], offers: dict[str, Offer], facts: dict[str, OfferFacts]) -> None:
    changed = [row["key"] for row in written if row["links"] != links_hash(offers[row["key"]], facts[row["key"]])]
    known = [row["key"] for row in written if row["links"] is not None]
    relink = sorted(set(changed) & set(known))
    if relink:
        await tx.run(UNLINK_OFFERS, keys=relink)
    classes: list[Row] = []
    standards: list[Row] = []
    terms: list[Row] = []
    inputs: list[Row] = []
    for key in changed:
        offer = offers[key]
        classes += [{"key": key, "to": to} for to in facts[key].classes]
        terms += [{"key": key, "to": to} for to in facts[key].keys]
        standards += [
            {"key": key, "to": held.standard, "valid_until": held.valid_until.isoformat() if held.valid_until else None}
            for held in offer.standards
        ]
        inputs += [
            {
                "key": key, "to": slug(needed.name), "name": needed.name, "imported": needed.imported,
                "origin": needed.origin, "share": needed.value_percent,
            }
            for needed in offer.inputs
        ]  # fmt: skip
    # sorted by the shared end: transactions that meet at a class or standard take its lock in the same order
    linked: tuple[tuple[LiteralString, list[Row]], ...] = (
        (LINK_CLASSES, classes),
        (LINK_STANDARDS, standards),
        (LINK_TERMS, terms),
        (LINK_INPUTS, inputs),
    )
    for statement, rows in linked:
        if rows:
            rows.sort(key=lambda row: (row["to"], row["key"]))
            await tx.run(statement, rows=rows)


def links_hash(offer: Offer, facts: OfferFacts) -> str:
    """Stands for all relationships that an offer's content makes."""
    parts: list[Any] = [facts.classes, facts.keys, [(h.standard, h.valid_until) for h in offer.standards], offer.inputs]
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _content_row(change: Change, facts: dict[str, OfferFacts], knowledge: Knowledge) -> Row:
    offer = cast("Offer", change.data)
    return {
        "key": change.key,
        "id": offer.id,
        "supplier": offer.supplier_id,
        "version": change.version,
        "event": change.event,
        "props": {
            "body": offer.model_dump_json(exclude_defaults=True),
            "facts": facts[change.key].to_json(),
            "rules": knowledge.version,
            "links": links_hash(offer, facts[change.key]),
            "title": offer.title,
            "kind": offer.kind.value,
            "unit": offer.unit_id,
            "brand": offer.brand,
            "search": search_text(offer.title, " ".join(offer.part_numbers), offer.description),
            **offer_side(facts[change.key], knowledge).properties(),
        },
    }


def _standing_row(change: Change) -> Row:
    data = change.data
    offer_id = data.offer_id if isinstance(data, ProductWithdrawn) else cast("Offer", data).id
    supplier = cast("Any", data).supplier_id
    return {
        "key": change.key, "id": offer_id, "supplier": supplier, "version": change.version, "event": change.event,
        "withdrawn": isinstance(data, ProductWithdrawn),
    }  # fmt: skip


def _capacity_row(change: Change) -> Row:
    told = cast("CapacityReported", change.data)
    return {
        "key": offer_key(told.supplier_id, told.offer_id), "id": told.offer_id, "supplier": told.supplier_id,
        "version": change.version, "event": change.event, "body": told.model_dump_json(exclude_defaults=True),
    }  # fmt: skip
