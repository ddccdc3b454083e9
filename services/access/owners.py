"""Whose demands are: as the graph has it, and as this process has just sent it."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from graph.access.owners import buyers
from graph.driver import Graph

KEPT: Final = 10_000


class Owners:
    """Buyers of demands. What was sent a moment ago is known before the graph has it; the graph, once it has, is right."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sent: OrderedDict[str, str] = OrderedDict()

    async def of(self, demands: Iterable[str]) -> dict[str, str]:
        """Buyer ids by demand id; a demand that nobody has published is left out."""
        asked = sorted(set(demands))
        if not asked:
            return {}
        sent = {one: self._sent[one] for one in asked if one in self._sent}
        return sent | await buyers(self._graph, asked)

    def remember(self, demand: str, buyer: str) -> None:
        """Keep whose demand was sent, until newer ones push it out."""
        self._sent.setdefault(demand, buyer)
        self._sent.move_to_end(demand)
        while len(self._sent) > KEPT:
            self._sent.popitem(last=False)
