"""What stands between demand items and offers, with the facts that a verdict is made of."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from graph.driver import Graph, Row
from graph.knowledge import Knowledge
from graph.retrieve import committed_of, lapsed, verdict_of
from schemas.ids import match_id
from schemas.matches import Verdict

DECLINED: Final = 0.25
"""What the score counts for in the order of a demand's matches when the supplier has declined this very item."""
BUSY: Final = 0.5
"""As DECLINED, when the supplier said of the offer, at any demand, that it has no capacity until a day to come."""

# The items of a demand, each with its best matches and its nearest misses
DEMAND_MATCHES = """
MATCH (:Demand {id: $id})-[:HAS_ITEM]->(i:DemandItem)
WHERE i.key > $after AND i.body IS NOT NULL
WITH i ORDER BY i.key LIMIT $rows
RETURN i.key AS key, i.id AS id, i.title AS title, i.quantity AS quantity, i.unit AS unit, i.needed_by AS needed_by,
       i.closes AS closes, i.stage AS stage, coalesce(i.open, false) AS open, i.closed_why AS closed_why,
       i.decided_on AS decided_on, i.facts AS facts,
       COUNT { (i)-[:MATCHES]->() } AS matches_total, COUNT { (i)-[:NEARLY_MATCHES]->() } AS near_misses_total,
       COLLECT {
         MATCH (i)-[m:MATCHES]->(o:Offer)<-[:OFFERS]-(s:Supplier)
         OPTIONAL MATCH (a:Response {item: i.key})
         WHERE a.offer = o.key
         WITH m, o, s, a, head(COLLECT {
           MATCH (busy:Response {offer: o.key})
           WHERE busy.reason = 'no_capacity' AND busy.free_from > $today
           RETURN busy.free_from ORDER BY busy.free_from DESC LIMIT 1
         }) AS free_from
         WITH m, o, s, a, free_from,
              m.score * CASE a.answer WHEN 'decline' THEN $declined ELSE 1.0 END
              * CASE WHEN free_from IS NULL THEN 1.0 ELSE $busy END AS rank
         ORDER BY rank DESC, o.key LIMIT $per_item
         RETURN {
           offer_key: o.key, offer: o.id, offer_title: o.title, offer_facts: o.facts, awarded: coalesce(o.awarded, false),
           supplier: s.id, supplier_name: s.name, city: s.city, supplier_facts: s.facts,
           score: m.score, revision: m.revision, answer: a.answer, answer_reason: a.reason, free_from: free_from
         } ORDER BY rank DESC, o.key
       } AS matches,
       COLLECT {
         MATCH (i)-[m:NEARLY_MATCHES]->(o:Offer)<-[:OFFERS]-(s:Supplier)
         WITH m, o, s ORDER BY m.gaps, m.score DESC, o.key LIMIT $per_item
         RETURN {
           offer_key: o.key, offer: o.id, offer_title: o.title, offer_facts: o.facts, awarded: coalesce(o.awarded, false),
           supplier: s.id, supplier_name: s.name, city: s.city, supplier_facts: s.facts,
           score: m.score, missing: m.missing
         } ORDER BY m.gaps, m.score DESC, o.key
       } AS near_misses
ORDER BY key
"""

DEMAND_HEAD = """
MATCH (d:Demand {id: $id})
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN d.id AS id, d.title AS title, d.version AS version, d.body IS NOT NULL AS published,
       coalesce(d.cancelled, false) AS cancelled, b.id AS buyer, b.name AS buyer_name
"""

# Open matches and near misses of one supplier, ordered by item and offer
SUPPLIER_MATCHES = """
MATCH (:Supplier {id: $id})-[:OFFERS]->(o:Offer)<-[m:MATCHES|NEARLY_MATCHES]-(i:DemandItem)
WHERE type(m) IN $links AND (i.key > $item OR (i.key = $item AND o.key > $offer))
WITH i, m, o ORDER BY i.key, o.key LIMIT $rows
MATCH (d:Demand)-[:HAS_ITEM]->(i)
OPTIONAL MATCH (b:Buyer)-[:PUBLISHED]->(d)
RETURN type(m) AS link, m.score AS score, m.revision AS revision, m.missing AS missing,
       i.key AS item_key, i.id AS item, i.title AS item_title, i.quantity AS quantity, i.unit AS unit,
       i.needed_by AS needed_by, i.closes AS closes, i.stage AS stage,
       d.id AS demand, d.title AS demand_title, b.id AS buyer, b.name AS buyer_name,
       o.key AS offer_key, o.id AS offer, o.title AS offer_title
ORDER BY item_key, offer_key
"""

SUPPLIER_EXISTS = """
MATCH (s:Supplier {id: $id})
RETURN s.id AS id
"""

MATCHES, NEARLY = "MATCHES", "NEARLY_MATCHES"


@dataclass(frozen=True, slots=True)
class Pairing:
    """An offer that stands as match or near miss of an item: the row, and the verdict by today's facts if it can be made."""

    match: str
    row: Row
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ItemMatches:
    """One item: its row (see DEMAND_MATCHES), why it takes no offers (None when it does), and what stands."""

    row: Row
    closed: str | None
    matches: list[Pairing] = field(default_factory=list[Pairing])
    near_misses: list[Pairing] = field(default_factory=list[Pairing])


async def demand_head(graph: Graph, demand_id: str) -> Row | None:
    """Title, version and buyer of a demand, or None."""
    rows = await graph.read(DEMAND_HEAD, id=demand_id)
    return rows[0] if rows else None


async def demand_matches(
    graph: Graph, demand_id: str, after: str, rows: int, per_item: int, knowledge: Knowledge, today: date
) -> list[ItemMatches]:
    """Items of a demand after the key `after`, at most `rows`, each with at most `per_item` matches and near misses."""
    found = await graph.read(
        DEMAND_MATCHES, id=demand_id, after=after, rows=rows, per_item=per_item, today=today.isoformat(),
        declined=DECLINED, busy=BUSY,
    )  # fmt: skip
    pairs = [pair for row in found for pair in (*row["matches"], *row["near_misses"])]
    awarded = sorted({pair["offer_key"] for pair in pairs if pair["awarded"]})
    committed = await committed_of(graph, awarded, today)

    def paired(item: Row, pair: Row) -> Pairing:
        verdict = None
        if item["facts"] and pair["offer_facts"] and pair["supplier_facts"]:
            taken = committed.get(pair["offer_key"], 0.0)
            verdict = verdict_of(item["facts"], pair["offer_facts"], pair["supplier_facts"], today, taken, knowledge)
        return Pairing(match_id(item["key"], pair["offer_key"]), pair, verdict)

    return [
        ItemMatches(
            row,
            closed_why(row, today),
            [paired(row, pair) for pair in row["matches"]],
            [paired(row, pair) for pair in row["near_misses"]],
        )
        for row in found
    ]


def closed_why(item: Row, today: date) -> str | None:
    """Why an item takes no offers, or None when it does."""
    if not item["open"]:
        return item["closed_why"] or "the demand item is not open"
    return lapsed(item, today)


async def supplier_matches(
    graph: Graph, supplier_id: str, after: tuple[str, str], rows: int, links: tuple[str, ...] = (MATCHES, NEARLY)
) -> list[Row] | None:
    """What stands for a supplier's offers after (item key, offer key); None when the graph has no such supplier."""
    item, offer = after
    parameters: dict[str, Any] = {"id": supplier_id, "item": item, "offer": offer, "rows": rows, "links": list(links)}
    found = await graph.read(SUPPLIER_MATCHES, **parameters)
    if not found and not await supplier_exists(graph, supplier_id):
        return None
    return found


async def supplier_exists(graph: Graph, supplier_id: str) -> bool:
    """Tell whether the graph has the supplier, registered or only named by other events."""
    return bool(await graph.read(SUPPLIER_EXISTS, id=supplier_id))
