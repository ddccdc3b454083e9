"""How releases merge into one, by the standard's own rules (OCDS 1.1, "Merging"), without asking the network for its schema.

Arrays of objects with an id merge by it. Fields named here are left out of the merged release, or replaced whole:
arrays of objects that have no id. Sources: the release schema's `omitWhenMerged` and `wholeListMerge`; what `location` and
`itemAttributes` add.
"""

from collections.abc import Iterator
from typing import Final

MergeRules = dict[tuple[str, ...], str]

_OMIT: Final = ("id", "date", "tag", "publisher", "links")
_ITEMS: Final = ("tender.items", "awards.items", "contracts.items")
_WHOLE: Final = (
    "parties.roles", "parties.additionalIdentifiers", "parties.details.classifications", "buyer.additionalIdentifiers",
    "tender.procuringEntity.additionalIdentifiers", "tender.tenderers.additionalIdentifiers",
    "awards.suppliers.additionalIdentifiers", "tender.submissionMethod", "tender.additionalProcurementCategories",
    "tender.identifiers", "tender.deliveryLocations", "tender.deliveryAddresses", "contracts.identifiers",
    "tender.amendments.changes", "awards.amendments.changes", "contracts.amendments.changes",
    "planning.project.additionalClassifications", "planning.project.locations",
)  # fmt: skip
_WHOLE_OF_ITEMS: Final = ("additionalClassifications", "deliveryLocations", "deliveryAddresses", "relatedLots")


def _rules() -> Iterator[tuple[tuple[str, ...], str]]:
    for name in _OMIT:
        yield (name,), "omitWhenMerged"
    for path in (*_WHOLE, *(f"{items}.{name}" for items in _ITEMS for name in _WHOLE_OF_ITEMS)):
        yield tuple(path.split(".")), "wholeListMerge"


RULES: Final[MergeRules] = dict(_rules())
