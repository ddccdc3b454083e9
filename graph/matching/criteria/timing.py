"""The first delivery is possible before the day the goods are needed."""

from datetime import date

from graph.matching.criteria.base import MET, NOT_MET, Findings, Pair
from schemas.matches import Criterion


def judge(pair: Pair, out: Findings) -> bool:
    """Return whether there is any time left to deliver; a lead time too long is told here alone."""
    needed, lead = pair.item.needed_by, pair.offer.lead_time
    if needed is None or lead is None:
        return True
    met = pair.today + lead <= needed
    out.add(
        Criterion(
            kind="lead_time", asked=f"by {date.fromordinal(needed).isoformat()}", offered=f"{lead} days", finding=MET if met else NOT_MET
        )
    )  # fmt: skip
    return met
