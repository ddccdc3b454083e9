"""What stands in the graph for given demand items, for measuring it against judgments."""

from datetime import date

from graph.diff import missing_points
from graph.driver import Graph, Row
from graph.knowledge import ItemFacts, Knowledge
from graph.matching.keys import search_classes
from graph.retrieve import item_of
from graph.sieve import Wanted, sifted
from schemas.matches import Missing, Outcome

BATCH = 200

STANDING = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})-[m:MATCHES|NEARLY_MATCHES]->(o:Offer)
RETURN i.key AS item, o.key AS offer, type(m) AS link, m.score AS score, m.missing AS missing
"""

ITEM_FACTS = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
RETURN i.key AS key, i.facts AS facts
"""

OFFER_FACTS = """
UNWIND $keys AS key
MATCH (o:Offer {key: key})<-[:OFFERS]-(s:Supplier)
RETURN o.key AS key, o.facts AS facts, s.facts AS supplier
"""

COUNT_FOUND = """
CALL () {
  UNWIND $classes AS class
  MATCH (:ProductClass {id: class})<-[:CLASSIFIED_AS]-(o:Offer)
  RETURN o
  UNION
  UNWIND $keys AS term
  MATCH (:Term {id: term})<-[:KNOWN_BY]-(o:Offer)
  RETURN o
}
RETURN count(o) AS offers
"""


async def standing(graph: Graph, items: list[str]) -> list[Row]:
    """Every match and near miss of these item keys: `item`, `offer`, `outcome`, `score` and `missing` points."""
    rows: list[Row] = []
    for start in range(0, len(items), BATCH):
        rows += await graph.read(STANDING, keys=items[start : start + BATCH])
    return [
        {
            **row,
            "outcome": Outcome.MATCH if row["link"] == "MATCHES" else Outcome.NEAR_MISS,
            "missing": _points(row["missing"]),
        }
        for row in rows
    ]


async def item_facts(graph: Graph, keys: list[str]) -> dict[str, str]:
    """Facts of items as JSON, by key."""
    rows = [
        row for start in range(0, len(keys), BATCH) for row in await _read_items(graph, keys[start : start + BATCH])
    ]
    return {row["key"]: row["facts"] for row in rows if row["facts"]}


async def offer_facts(graph: Graph, keys: list[str]) -> dict[str, tuple[str, str]]:
    """Facts of offers and their suppliers as JSON, by offer key."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(keys), BATCH):
        rows = await graph.read(OFFER_FACTS, keys=keys[start : start + BATCH])
        found |= {row["key"]: (row["facts"], row["supplier"]) for row in rows if row["facts"] and row["supplier"]}
    return found


async def candidate_counts(graph: Graph, facts: dict[str, str], knowledge: Knowledge, today: date) -> list[int]:
    """How many offers retrieval brings to the matcher for each of these items."""
    found = await sifted(graph, [Wanted(key, item_of(text)) for key, text in facts.items()], knowledge, today)
    return [len(found.get(key, ())) for key in facts]


async def count_found(graph: Graph, item: ItemFacts, knowledge: Knowledge) -> int:
    """How many offers stand under the classes and terms of an item, before the sieve."""
    rows = await graph.read(
        COUNT_FOUND, classes=list(search_classes(item, knowledge)), keys=list(item.keys), seconds=120
    )
    return int(rows[0]["offers"])


async def _read_items(graph: Graph, keys: list[str]) -> list[Row]:
    return await graph.read(ITEM_FACTS, keys=keys)


def _points(texts: list[str] | None) -> tuple[Missing, ...]:
    return tuple(missing_points(texts or []))
