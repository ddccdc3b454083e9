"""What every criterion is given and gives back."""

from typing import NamedTuple

from graph.matching.facts import ItemFacts, OfferFacts, SupplierFacts
from graph.matching.knowledge import Knowledge
from schemas.matches import Criterion, Finding, Missing

MET, NOT_MET, SILENT, EXPIRED = Finding.MET, Finding.NOT_MET, Finding.SILENT, Finding.EXPIRED


class Pair(NamedTuple):
    """The facts of one pair; `today` is a day's ordinal, `committed` in the offer's capacity unit."""

    item: ItemFacts
    offer: OfferFacts
    supplier: SupplierFacts
    today: int
    committed: float
    knowledge: Knowledge


class Relation(NamedTuple):
    """How an offer's thing stands to an item's: a key of thing.SURE, "related" or "unlike"; and what told it."""

    kind: str
    told: str


class Findings(NamedTuple):
    """Criteria in the order they are told, and the hard points that are not met."""

    criteria: list[Criterion]
    missing: list[Missing]

    def add(self, criterion: Criterion) -> None:
        """Add a criterion; one that is not met becomes a missing point."""
        self.criteria.append(criterion)
        if criterion.finding is not MET:
            self.missing.append(Missing(kind=criterion.kind, name=criterion.name))


def line(text: str) -> str:
    """Cut a text to what a criterion may carry."""
    return text if len(text) <= 300 else f"{text[:297]}..."  # noqa: PLR2004 - the width of a table cell


def number(value: float) -> str:
    """Write a number for people: no exponent below a billion, no needless digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004
