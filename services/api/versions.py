"""Versions for events that bring none: above what the graph has of the subject, and above what was given out here."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from graph.changes import offer_key
from graph.driver import Graph
from graph.reads.versions import AWARDS, DEMANDS, OFFERS, RESPONSES, SUPPLIERS, UNITS, highest_versions
from graph.writes.suppliers import unit_key
from schemas.base import Model
from schemas.demands import DemandAmended, DemandAwarded, DemandCancelled, DemandPublished, item_key
from schemas.ids import derived
from schemas.offers import CapacityReported, ProductChanged, ProductRegistered, ProductWithdrawn
from schemas.responses import SupplierResponded
from schemas.suppliers import (
    SupplierChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierSuspended,
    UnitStateChanged,
)

Subject = tuple[str, str]
KEPT: Final = 100_000


def _response(data: Any) -> str:
    item = item_key(data.demand_id, data.item_id)
    return derived("response", item, offer_key(data.supplier_id, data.offer_id))


SUBJECTS: Final[Mapping[type[Model], tuple[str, Callable[[Any], str]]]] = {
    SupplierRegistered: (SUPPLIERS, lambda data: data.supplier.id),
    SupplierChanged: (SUPPLIERS, lambda data: data.supplier.id),
    SupplierSuspended: (SUPPLIERS, lambda data: data.supplier_id),
    SupplierReinstated: (SUPPLIERS, lambda data: data.supplier_id),
    UnitStateChanged: (UNITS, lambda data: unit_key(data.supplier_id, data.unit_id)),
    ProductRegistered: (OFFERS, lambda data: offer_key(data.offer.supplier_id, data.offer.id)),
    ProductChanged: (OFFERS, lambda data: offer_key(data.offer.supplier_id, data.offer.id)),
    ProductWithdrawn: (OFFERS, lambda data: offer_key(data.supplier_id, data.offer_id)),
    CapacityReported: (OFFERS, lambda data: offer_key(data.supplier_id, data.offer_id)),
    DemandPublished: (DEMANDS, lambda data: data.demand.id),
    DemandAmended: (DEMANDS, lambda data: data.demand.id),
    DemandCancelled: (DEMANDS, lambda data: data.demand_id),
    DemandAwarded: (AWARDS, lambda data: derived("award", data.demand_id, data.award_id)),
    SupplierResponded: (RESPONSES, _response),
}
"""The subject that each event's version counts for: its kind and key in the graph."""


def subject_of(data: Model) -> Subject:
    """Kind and key of what an event is about."""
    kind, key = SUBJECTS[type(data)]
    return kind, key(data)


class Versions:
    """Gives out versions. Two processes may give out the same one; then the greater event id wins, everywhere alike."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._last: OrderedDict[Subject, int] = OrderedDict()

    async def numbered(self, drafts: Sequence[tuple[Model, bool]]) -> list[Model]:
        """The data in order; where the flag is False, with the next version of its subject."""
        known = await self._known({subject_of(data) for data, numbered in drafts if not numbered})
        done: list[Model] = []
        for data, numbered in drafts:
            subject = subject_of(data)
            given: int = data.version if numbered else max(known[subject], self._last.get(subject, 0)) + 1  # type: ignore[attr-defined]
            done.append(data if numbered else data.model_copy(update={"version": given}))
            self._remember(subject, given)
        return done

    async def highest(self, subject: Subject) -> int:
        """The highest version of a subject that the graph has or that was given out here; 0 when there is none."""
        known = await self._known([subject])
        return max(known[subject], self._last.get(subject, 0))

    async def _known(self, subjects: Iterable[Subject]) -> dict[Subject, int]:
        kinds: dict[str, list[str]] = {}
        for kind, key in sorted(subjects):
            kinds.setdefault(kind, []).append(key)
        found: dict[Subject, int] = {}
        for kind, keys in kinds.items():
            found |= {(kind, key): n for key, n in (await highest_versions(self._graph, kind, keys)).items()}
        return found

    def _remember(self, subject: Subject, version: int) -> None:
        self._last[subject] = max(version, self._last.get(subject, 0))
        self._last.move_to_end(subject)
        while len(self._last) > KEPT:
            self._last.popitem(last=False)
