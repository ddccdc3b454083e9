"""The rules that hold for a graph: the packaged lexicons with the tree that the graph holds."""

from graph.driver import Graph
from graph.due import stored_rules
from graph.knowledge import Knowledge, default_knowledge


async def present_knowledge(graph: Graph) -> Knowledge:
    """Knowledge by the graph's own tree; the packaged one where no other was loaded."""
    packaged = default_knowledge()
    return await stored_rules(graph, packaged) or packaged
