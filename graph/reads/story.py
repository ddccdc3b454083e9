"""What a demand has led to, for people: who was told of it, and why."""

from dataclasses import dataclass, field
from typing import Any

from graph.driver import Graph

DEMAND_STORY = """
MATCH (b:Buyer)-[:PUBLISHED]->(d:Demand {id: $id})-[:HAS_ITEM]->(i:DemandItem)
OPTIONAL MATCH (i)-[m:MATCHES|NEARLY_MATCHES]->(o:Offer)<-[:OFFERS]-(s:Supplier)
RETURN b.name AS buyer, d.title AS demand, d.id AS id, i.key AS item, i.title AS item_title,
       i.quantity AS quantity, i.unit AS unit, i.needed_by AS needed_by, i.open AS open,
       type(m) AS link, m.score AS score, m.missing AS missing, o.id AS offer, o.title AS offer_title,
       s.id AS supplier, s.name AS supplier_name, s.city AS city
ORDER BY item, link, score DESC, offer
"""

RECENT_DEMANDS = """
MATCH (i:DemandItem)
WHERE i.open = true
MATCH (b:Buyer)-[:PUBLISHED]->(d:Demand)-[:HAS_ITEM]->(i)
CALL (i) {
  OPTIONAL MATCH (i)-[m:MATCHES]->(:Offer)<-[:OFFERS]-(s:Supplier)
  RETURN count(DISTINCT s) AS capable
}
CALL (i) {
  OPTIONAL MATCH (i)-[m:NEARLY_MATCHES]->(:Offer)<-[:OFFERS]-(s:Supplier)
  RETURN count(DISTINCT s) AS nearly
}
RETURN b.name AS buyer, d.id AS demand, i.key AS item, i.title AS title, capable, nearly
ORDER BY d.published DESC, item LIMIT $rows
"""


@dataclass(slots=True)
class ItemStory:
    """One item with its capable suppliers and near misses; rows hold supplier, supplier_name, city, offer, score."""

    item: str
    title: str
    quantity: float
    unit: str | None
    needed_by: str | None
    capable: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    nearly: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@dataclass(slots=True)
class DemandStory:
    """A demand with what became of each of its items."""

    id: str
    title: str
    buyer: str
    items: list[ItemStory]


async def demand_story(graph: Graph, demand_id: str) -> DemandStory | None:
    """The story of one demand, or None when the graph does not have it."""
    rows = await graph.read(DEMAND_STORY, id=demand_id)
    if not rows:
        return None
    items: dict[str, ItemStory] = {}
    for row in rows:
        item = items.setdefault(
            row["item"],
            ItemStory(row["item"], row["item_title"], row["quantity"], row["unit"], row["needed_by"]),
        )
        if row["link"] == "MATCHES":
            item.capable.append(row)
        elif row["link"] is not None:
            item.nearly.append(row)
    return DemandStory(rows[0]["id"], rows[0]["demand"], rows[0]["buyer"], list(items.values()))


async def recent_demands(graph: Graph, rows: int) -> list[dict[str, Any]]:
    """The latest open items with the numbers of capable and nearly capable suppliers."""
    return await graph.read(RECENT_DEMANDS, rows=rows)
