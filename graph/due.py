"""What is due without an event: items not decided today, and records whose facts are of older rules."""

from datetime import date

from graph.changes import Touched
from graph.driver import Graph, Tx
from graph.knowledge import Knowledge
from graph.taxonomy_store import read_taxonomy, stored_version
from graph.writes.demands import relink_items
from graph.writes.offers import relink_offers
from graph.writes.suppliers import refresh_suppliers

DUE_ITEMS = """
MATCH (i:DemandItem)
WHERE i.open = true AND i.decided_on < $today
RETURN i.key AS key LIMIT $rows
"""

STALE_OFFERS = """
MATCH (o:Offer)
WHERE o.rules < $rules OR o.rules > $rules
RETURN o.key AS key LIMIT $rows
"""

STALE_ITEMS = """
MATCH (i:DemandItem)
WHERE i.rules < $rules OR i.rules > $rules
RETURN i.key AS key LIMIT $rows
"""

STALE_SUPPLIERS = """
MATCH (s:Supplier)
WHERE s.rules < $rules OR s.rules > $rules
RETURN s.id AS key LIMIT $rows
"""

CLAIM_RULES = """
MERGE (m:Meta {id: 'rules'})
SET m.version = $rules
"""

PRESENT_RULES = """
MATCH (m:Meta {id: 'rules'})
RETURN m.version AS rules
"""


async def due_items(graph: Graph, today: date, rows: int) -> set[str]:
    """Keys of open items that were last decided before today: dates alone may have changed their verdicts."""
    return {row["key"] for row in await graph.read(DUE_ITEMS, today=today.isoformat(), rows=rows)}


async def claim_rules(graph: Graph, rules: str) -> None:
    """Say that records are to be understood by these rules; workers of other releases leave them alone then."""

    async def work(tx: Tx) -> None:
        await tx.run(CLAIM_RULES, rules=rules)

    await graph.write(work)


async def present_rules(graph: Graph) -> str | None:
    """The rules that records are to be understood by."""
    rows = await graph.read(PRESENT_RULES)
    return rows[0]["rules"] if rows else None


async def stored_rules(graph: Graph, knowledge: Knowledge, *, claim: bool = True) -> Knowledge | None:
    """New knowledge when the graph's tree is not the one known, else None. A worker claims the new rules at once."""
    version = await stored_version(graph)
    if version is None or version == knowledge.taxonomy.version:
        return None
    tree = await read_taxonomy(graph)
    if tree is None:
        return None
    changed = Knowledge(tree)
    if claim:
        await claim_rules(graph, changed.version)
    return changed


async def refresh_stale(graph: Graph, knowledge: Knowledge, rows: int) -> Touched:
    """Understand some records of other rules anew; empty when none is left, or when these are not the present rules."""
    rules = knowledge.version
    if await present_rules(graph) != rules:
        return Touched()
    offers = {row["key"] for row in await graph.read(STALE_OFFERS, rules=rules, rows=rows)}
    items = {row["key"] for row in await graph.read(STALE_ITEMS, rules=rules, rows=rows)}
    suppliers = {row["key"] for row in await graph.read(STALE_SUPPLIERS, rules=rules, rows=rows)}

    async def work(tx: Tx) -> None:
        await refresh_suppliers(tx, suppliers, knowledge)
        await relink_offers(tx, offers, knowledge)
        await relink_items(tx, items, knowledge)

    if offers or items or suppliers:
        await graph.write(work)
    return Touched(suppliers=suppliers, offers=offers, items=items)
