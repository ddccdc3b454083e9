"""The seam between the graph and the rules of matching: what a record's facts are made by, and with which version."""

from collections.abc import Mapping

from graph.matching.decide import decide
from graph.matching.facts import ItemFacts, OfferFacts, SupplierFacts
from graph.matching.knowledge import Knowledge, default_knowledge
from graph.matching.understand import understand_item, understand_offer, understand_supplier
from schemas.demands import Demand, DemandItem
from schemas.offers import Offer
from schemas.suppliers import Supplier

__all__ = ["ItemFacts", "Knowledge", "OfferFacts", "SupplierFacts", "decide", "default_knowledge"]


def supplier_facts(
    supplier: Supplier, *, suspended: bool, unit_states: Mapping[str, str], knowledge: Knowledge
) -> SupplierFacts:
    """Facts of a supplier from its record, its standing and the present states of its units."""
    return understand_supplier(supplier, suspended=suspended, unit_states=unit_states, knowledge=knowledge)


def offer_facts(offer: Offer, knowledge: Knowledge) -> OfferFacts:
    """Facts of an offer."""
    return understand_offer(offer, knowledge)


def item_facts(demand: Demand, item: DemandItem, knowledge: Knowledge) -> ItemFacts:
    """Facts of one item of a demand."""
    return understand_item(demand, item, knowledge)
