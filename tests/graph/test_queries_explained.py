"""Every Cypher literal is planned by the real server: no full scan, no cartesian product, where none is meant."""

import importlib
import inspect
import pkgutil
import re

import pytest
from neo4j import GraphDatabase

import graph as graph_package

# What reads a whole label on purpose, and why that is right
WHOLE_LABELS = {
    "graph.checksum": "a checksum looks at everything",
    "graph.reads.progress.COUNTS": "answered from Neo4j's count store",
    "graph.facets": "a judgment looks at everything",
    "graph.rebuild.DELETE_ALL": "deletes everything",
    "graph.rebuild.FINISH_CURSORS": "a few dozen cursors",
    "graph.cursors.ALL_CURSORS": "a few dozen cursors",
    "graph.outbox.WAITING": "answered from the index on Outbox.at; the outbox is short",
    "graph.taxonomy_store.RETIRE_CLASSES": "some thousand classes, when a tree is loaded",
    "graph.taxonomy_store.UNLINK_CLASSES": "some thousand classes, when a tree is loaded",
    "graph.taxonomy_store.READ_CLASSES": "some thousand classes, when a tree is loaded",
}
SCANS = {"AllNodesScan", "NodeByLabelScan", "UnionNodeByLabelsScan", "DirectedAllRelationshipsScan",
         "UndirectedAllRelationshipsScan", "DirectedRelationshipTypeScan", "UndirectedRelationshipTypeScan",
         "CartesianProduct"}  # fmt: skip


def literals() -> dict[str, str]:
    """Every Cypher constant of the graph package by its full name."""
    found: dict[str, str] = {}
    for info in pkgutil.walk_packages(graph_package.__path__, "graph."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if not name.isupper() or not re.search(rf"^{name}(:.*)? = ", inspect.getsource(module), re.MULTILINE):
                continue  # constants only, each where it is defined
            texts = value.items() if isinstance(value, dict) else [("", value)]
            for key, text in texts:
                if isinstance(text, str) and any(f"{word} " in text for word in ("MATCH", "MERGE", "UNWIND")):
                    found[f"{info.name}.{name}" + (f".{key}" if key else "")] = text
    return found


LITERALS = literals()


@pytest.fixture(scope="module")
def session(stack, prepared):
    e = stack.endpoints
    with GraphDatabase.driver(e.neo4j_uri, auth=(e.neo4j_user, e.neo4j_password)) as driver, driver.session() as opened:
        yield opened


def operators(plan: dict) -> list[str]:
    here = [plan["operatorType"].partition("@")[0]]
    return here + [name for child in plan.get("children", []) for name in operators(child)]


def test_there_are_queries_to_explain():
    assert len(LITERALS) > 60


@pytest.mark.parametrize("name", sorted(LITERALS))
def test_plan_has_no_scan(name, session):
    summary = session.run("EXPLAIN " + LITERALS[name]).consume()
    found = set(operators(summary.plan)) & SCANS
    meant = any(name.startswith(known) for known in WHOLE_LABELS)
    assert meant or not found, f"{name} uses {sorted(found)}"
