"""What a slice of events changes: rows per kind, each the newest of its subject, and what was touched.

Every row belongs to one facet of one subject (the supplier's profile, its standing, one unit's state, an offer's
content, its standing, its capacity, a demand's content, its standing, an award, an answer). A facet is replaced
whole by the event with the highest version, of equal versions the one with the greater event id. So the graph is
the same whatever the order of the events, however they were cut into slices, and however often one was sent.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas.base import ITEM_SEPARATOR, Model

Row = dict[str, Any]

SUPPLIERS, STANDINGS, UNIT_STATES, UNIT_HISTORY = "suppliers", "standings", "unit_states", "unit_history"
OFFERS, OFFER_STANDINGS, CAPACITIES = "offers", "offer_standings", "capacities"
DEMANDS, DEMAND_STANDINGS, AWARDS = "demands", "demand_standings", "awards"
DEMAND_HISTORY = "demand_history"
RESPONSES, NOTICES = "responses", "notices"


def offer_key(supplier_id: str, offer_id: str) -> str:
    """The one name of an offer in the graph. It holds the supplier's id, so no supplier can take another's offer."""
    return f"{supplier_id}{ITEM_SEPARATOR}{offer_id}"


@dataclass(frozen=True, slots=True)
class Change:
    """One facet of one subject as one event says it is."""

    kind: str
    key: str
    version: int
    event: str
    data: Model
    more: Row = field(default_factory=dict[str, Any])


KINDS_TOUCHED = ("suppliers", "offers", "items", "demands")


@dataclass(slots=True)
class Touched:
    """Subjects whose matches have to be decided again."""

    suppliers: set[str] = field(default_factory=set[str])
    offers: set[str] = field(default_factory=set[str])
    items: set[str] = field(default_factory=set[str])
    demands: set[str] = field(default_factory=set[str])

    def __bool__(self) -> bool:
        return bool(self.suppliers or self.offers or self.items or self.demands)

    def to_json(self) -> str:
        """Text that from_json reads; stored with a cursor until the subjects are decided."""
        return json.dumps({name: sorted(getattr(self, name)) for name in KINDS_TOUCHED}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Touched":
        """What to_json wrote."""
        return cls(**{name: set(keys) for name, keys in json.loads(text).items()})

    def update(self, other: "Touched") -> None:
        """Take in what another has touched."""
        self.suppliers |= other.suppliers
        self.offers |= other.offers
        self.items |= other.items
        self.demands |= other.demands


class Changes:
    """The changes of one slice, folded: per kind and key the one with the greatest (version, event id) stays."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._kinds: dict[str, dict[str, Change]] = {}
        for change in changes:
            self.add(change)

    def add(self, change: Change) -> None:
        """Fold in one change."""
        kept = self._kinds.setdefault(change.kind, {})
        old = kept.get(change.key)
        if old is None or (change.version, change.event) > (old.version, old.event):
            kept[change.key] = change

    def of(self, kind: str) -> list[Change]:
        """Changes of one kind, sorted by key so that all transactions lock in the same order."""
        return [change for _, change in sorted(self._kinds.get(kind, {}).items())]

    def __iter__(self) -> Iterator[Change]:
        for kept in self._kinds.values():
            yield from kept.values()

    def __len__(self) -> int:
        return sum(len(kept) for kept in self._kinds.values())
