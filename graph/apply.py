"""The apply transaction: the changes of a slice written to the graph, and what they touched."""

from dataclasses import dataclass
from typing import cast

from graph.changes import (
    AWARDS,
    CAPACITIES,
    DEMAND_STANDINGS,
    DEMANDS,
    OFFER_STANDINGS,
    OFFERS,
    STANDINGS,
    SUPPLIERS,
    UNIT_STATES,
    Changes,
    Touched,
    offer_key,
)
from graph.driver import Tx
from graph.knowledge import ItemFacts, Knowledge, OfferFacts, item_facts, offer_facts
from graph.writes.demands import put_demands
from graph.writes.offers import put_offers
from graph.writes.responses import put_responses
from graph.writes.suppliers import put_suppliers
from schemas.demands import Demand, DemandAwarded, item_key
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


def mentioned(changes: Changes) -> Touched:
    """Everything a slice may have touched: for a restart between its two transactions."""
    touched = Touched(
        suppliers={change.key for kind in (SUPPLIERS, STANDINGS) for change in changes.of(kind)},
        offers={change.key for kind in (OFFERS, OFFER_STANDINGS, CAPACITIES) for change in changes.of(kind)},
        demands={change.key for kind in (DEMANDS, DEMAND_STANDINGS) for change in changes.of(kind)},
    )
    touched.suppliers |= {change.key.partition("~")[0] for change in changes.of(UNIT_STATES)}
    for change in changes.of(AWARDS):
        award = cast("DemandAwarded", change.data)
        touched.demands.add(award.demand_id)
        if award.offer_id is not None:
            touched.offers.add(offer_key(award.supplier_id, award.offer_id))
    return touched
