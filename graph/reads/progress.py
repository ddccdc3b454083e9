"""How far the graph is: cursors against the log, counts, what waits to be sent."""

from collections.abc import Mapping
from typing import Any

from graph.cursors import ALL_CURSORS
from graph.driver import Graph
from graph.outbox import waiting

COUNTS = """
CALL () { MATCH (n:Supplier) RETURN count(n) AS suppliers }
CALL () { MATCH (n:Offer) RETURN count(n) AS offers }
CALL () { MATCH (n:Demand) RETURN count(n) AS demands }
CALL () { MATCH (n:DemandItem) RETURN count(n) AS items }
CALL () { MATCH (n:DemandItem {open: true}) RETURN count(n) AS open_items }
CALL () { MATCH ()-[m:MATCHES]->() RETURN count(m) AS matches }
CALL () { MATCH ()-[m:NEARLY_MATCHES]->() RETURN count(m) AS near_misses }
CALL () { MATCH (n:Notice) RETURN count(n) AS notices }
CALL () { MATCH ()-[l:CAN_BUY_FROM]->() RETURN count(l) AS buyer_supplier_links }
CALL () { MATCH (n:ProductClass) RETURN count(n) AS classes }
RETURN suppliers, offers, demands, items, open_items, matches, near_misses, notices, buyer_supplier_links, classes
"""


async def counts(graph: Graph) -> dict[str, int]:
    """Numbers of nodes and relationships by what they are."""
    return (await graph.read(COUNTS))[0]


async def cursors(graph: Graph) -> dict[str, dict[str, Any]]:
    """`applied`, `matched` and `owner` by `topic:partition`."""
    return {row["tp"]: row for row in await graph.read(ALL_CURSORS)}


def lag(ends: Mapping[str, int], found: Mapping[str, Mapping[str, Any]], topics: frozenset[str]) -> dict[str, int]:
    """Events per topic that the graph has not yet taken all the way, from the log's end offsets and the cursors."""
    behind = dict.fromkeys(sorted(topics), 0)
    for tp, end in ends.items():
        topic = tp.rpartition(":")[0]
        if topic in topics:
            stands = found[tp]["matched"] if tp in found else 0
            behind[topic] += max(0, end - stands)
    return behind


def ahead(ends: Mapping[str, int], found: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Events by `topic:partition` that the graph has taken beyond the log's end: it was fed from another log."""
    beyond = {tp: row["applied"] - ends[tp] for tp, row in found.items() if tp in ends}
    return {tp: events for tp, events in sorted(beyond.items()) if events > 0}


async def unsent(graph: Graph) -> dict[str, Any]:
    """`rows` in the outbox and `oldest`, seconds since the epoch."""
    return await waiting(graph)
