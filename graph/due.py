"""What is due without an event: items not decided today, and records whose facts are of older rules."""

from datetime import date
from typing import Final

from graph.changes import Touched
from graph.driver import Graph, Tx
from graph.knowledge import Knowledge
from graph.taxonomy_store import read_taxonomy, stored_version
from graph.writes.demands import relink_items
from graph.writes.offers import relink_offers
from graph.writes.suppliers import refresh_suppliers

ALL_DUE = """
MATCH (i:DemandItem)
WHERE i.open = true
SET i.decided_on = ''
"""

# A renewed record is marked until its pairs are decided, so that a process that ends in between leaves it to others
MARK_OFFERS = """
UNWIND $keys AS key
MATCH (n:Offer {key: key})
WHERE $from IS NULL OR n.rules = $from
SET n.rules = $to
"""

MARK_ITEMS = """
UNWIND $keys AS key
MATCH (n:DemandItem {key: key})
WHERE $from IS NULL OR n.rules = $from
SET n.rules = $to
"""

MARK_SUPPLIERS = """
UNWIND $keys AS key
MATCH (n:Supplier {id: key})
WHERE $from IS NULL OR n.rules = $from
SET n.rules = $to
"""

DUE_ITEMS = """
MATCH (i:DemandItem)
WHERE i.open = true AND i.decided_on < $today
RETURN i.key AS key LIMIT $rows
"""

RENEWING: Final = "~"

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


async def stored_rules(graph: Graph, knowledge: Knowledge) -> Knowledge | None:
    """New knowledge when the graph's tree is not the one known, else None.

    Claims nothing: only `prepare` and `taxonomy load` do, else a worker of an older release would take the claim back.
    """
    version = await stored_version(graph)
    if version is None or version == knowledge.taxonomy.version:
        return None
    tree = await read_taxonomy(graph)
    return None if tree is None else Knowledge(tree)


async def refresh_stale(graph: Graph, knowledge: Knowledge, rows: int) -> Touched:
    """Understand some records of other rules anew; empty when none is left, or when these are not the present rules."""
    rules = knowledge.version
    if await present_rules(graph) != rules:
        return Touched()
    offers = {row["key"] for row in await graph.read(STALE_OFFERS, rules=rules, rows=rows)}
    items = {row["key"] for row in await graph.read(STALE_ITEMS, rules=rules, rows=rows)}
    suppliers = {row["key"] for row in await graph.read(STALE_SUPPLIERS, rules=rules, rows=rows)}

    touched = Touched(suppliers=suppliers, offers=offers, items=items)

    async def work(tx: Tx) -> None:
        await refresh_suppliers(tx, suppliers, knowledge)
        await relink_offers(tx, offers, knowledge)
        await relink_items(tx, items, knowledge)
        await _mark(tx, touched, None, rules + RENEWING)

    if touched:
        await graph.write(work)
    return touched


async def renewed(graph: Graph, touched: Touched, rules: str) -> None:
    """Say that the pairs of renewed records are decided."""

    async def work(tx: Tx) -> None:
        await _mark(tx, touched, rules + RENEWING, rules)

    await graph.write(work)


async def _mark(tx: Tx, touched: Touched, before: str | None, after: str) -> None:
    await tx.run(MARK_SUPPLIERS, keys=sorted(touched.suppliers), **{"from": before}, to=after)
    await tx.run(MARK_OFFERS, keys=sorted(touched.offers), **{"from": before}, to=after)
    await tx.run(MARK_ITEMS, keys=sorted(touched.items), **{"from": before}, to=after)


async def all_due(tx: Tx) -> None:
    """Have the upkeep decide every open item anew."""
    await tx.run(ALL_DUE)
