"""Why nobody serves an item: the points that those who come nearest lack, and how many suppliers lack each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemas.matches import Finding, Verdict

NO_PRODUCER: Final = "no_producer"
"""No offer is of the thing at all."""
NOT_UNDERSTOOD: Final = "not_understood"
"""No offer was found, but neither was it understood what the thing is."""

_BEFORE: Final = frozenset({"thing", "maker", "state"})


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of missing point, and how many suppliers lack it.

    finding: `not_met` and `expired` say that they cannot, `silent` that they did not say so. `no_producer` and
    `not_understood` have none, and 0 suppliers.
    """

    kind: str
    finding: str | None
    suppliers: int


def causes(nearest: Iterable[tuple[str, Verdict]], *, known: bool = True) -> tuple[Cause, ...]:
    """Count what pairs of supplier id and verdict lack, the most frequent first.

    None at all is `no_producer`, or `not_understood` where no class of the thing is `known`.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    seen = False
    for supplier, verdict in nearest:
        seen = True
        for each in verdict.criteria:
            if each.kind not in _BEFORE and each.finding not in (Finding.MET, Finding.NOT_ASKED):
                found[each.kind, each.finding.value].add(supplier)
    if not seen:
        return (Cause(NO_PRODUCER if known else NOT_UNDERSTOOD, None, 0),)
    counted = [Cause(kind, finding, len(who)) for (kind, finding), who in found.items()]
    return tuple(sorted(counted, key=lambda each: (-each.suppliers, each.kind, each.finding or "")))
