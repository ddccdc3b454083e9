"""The apply transaction: the changes of a slice written to the graph, and what they touched."""

from dataclasses import dataclass
from typing import cast

from graph.changes import (
    DEMANDS,
    OFFERS,
    Changes,
    Touched,
)
from graph.driver import Tx
from graph.knowledge import ItemFacts, Knowledge, OfferFacts, item_facts, offer_facts
from graph.writes.demands import put_demands
from graph.writes.offers import put_offers
from graph.writes.responses import put_responses
from graph.writes.suppliers import put_suppliers
from schemas.demands import Demand, item_key
from schemas.offers import Offer


@dataclass(frozen=True, slots=True)
class Prepared:
    """Changes with the facts of their offers and items, made outside of any transaction."""

    changes: Changes
    offers: dict[str, OfferFacts]
    items: dict[str, ItemFacts]


def prepare(changes: Changes, knowledge: Knowledge) -> Prepared:
    """Understand the texts and figures of a slice. Pure; takes most of a slice's processor time."""
    offers = {change.key: offer_facts(cast("Offer", change.data), knowledge) for change in changes.of(OFFERS)}
    items: dict[str, ItemFacts] = {}
    for change in changes.of(DEMANDS):
        demand = cast("Demand", change.data)
        for item in demand.items:
            items[item_key(demand.id, item.id)] = item_facts(demand, item, knowledge)
    return Prepared(changes, offers, items)


async def apply(tx: Tx, prepared: Prepared, knowledge: Knowledge) -> Touched:
    """Write everything; returns the subjects that really changed."""
    changes = prepared.changes
    touched = await put_suppliers(tx, changes, knowledge)
    touched.update(await put_offers(tx, changes, prepared.offers, knowledge))
    touched.update(await put_demands(tx, changes, prepared.items, knowledge.version))
    touched.update(await put_responses(tx, changes))
    return touched


ITEMS_OF_DEMANDS = """
UNWIND $ids AS id
MATCH (:Demand {id: id})-[:HAS_ITEM]->(i:DemandItem)
RETURN i.key AS key
"""
