"""What must hold of a graph, said once."""

from graph.driver import Graph
from tests.oracle import Expected


async def assert_graph_is(graph: Graph, wanted: Expected) -> None:
    """No pair missed, none wrong, near misses with their points, links counted right."""
    rows = await graph.read("MATCH (i:DemandItem)-[m:MATCHES]->(o:Offer) RETURN i.key AS i, o.key AS o")
    got = [(row["i"], row["o"]) for row in rows]
    assert len(got) == len(set(got)), "a match stands twice"
    assert wanted.matches - set(got) == set(), "missed pairs"
    assert set(got) - wanted.matches == set(), "wrong open matches"
    rows = await graph.read(
        "MATCH (i:DemandItem)-[m:NEARLY_MATCHES]->(o:Offer) RETURN i.key AS i, o.key AS o, m.missing AS missing"
    )
    near = {(row["i"], row["o"]): frozenset(row["missing"]) for row in rows}
    assert near == wanted.near
    rows = await graph.read("MATCH (b:Buyer)-[l:CAN_BUY_FROM]->(s:Supplier) RETURN b.id AS b, s.id AS s, l.items AS n")
    assert {(row["b"], row["s"]): row["n"] for row in rows} == wanted.can_buy


async def assert_told_once(graph: Graph, wanted: Expected) -> None:
    """The ledger says open for what stands and nothing else, and every telling is in one notice."""
    rows = await graph.read(
        "MATCH (x:Match) WHERE x.told = 'open' RETURN x.item AS i, x.offer AS o, x.revision AS revision, x.id AS id"
    )
    assert {(row["i"], row["o"]) for row in rows} == wanted.matches
    notices = await graph.read(
        "MATCH (n:Notice) WHERE n.match IS NOT NULL RETURN n.match AS match, n.revision AS revision"
    )
    told = [(row["match"], row["revision"]) for row in notices]
    assert len(told) == len(set(told)), "a revision was told twice"
    ledger = {
        row["id"]: row["revision"]
        for row in await graph.read("MATCH (x:Match) WHERE x.revision > 0 RETURN x.id AS id, x.revision AS revision")
    }
    assert set(told) == {(match, n) for match, last in ledger.items() for n in range(1, last + 1)}, (
        "a revision was not told"
    )
