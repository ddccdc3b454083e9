"""The asked quantity is not below the offer's minimum order."""

from graph.matching.criteria.base import MET, NOT_MET, Findings, Pair, line, number
from graph.matching.criteria.counting import comparable
from schemas.matches import Criterion


def judge(pair: Pair, out: Findings) -> None:
    """Judge only where the offer has a minimum; units that cannot be compared are let pass."""
    offer, item = pair.offer, pair.item
    if not offer.min_order:
        return
    wanted = comparable(pair, item.quantity_base, item.counting, offer.min_order_counting)
    met = wanted is None or wanted >= offer.min_order * (1 - 1e-9)
    asked = line(f"{number(item.quantity)} {item.unit}".strip())
    out.add(
        Criterion(
            kind="min_order",
            asked=asked,
            offered=line(f"at least {offer.min_order_shown}"),
            finding=MET if met else NOT_MET,
        )
    )
