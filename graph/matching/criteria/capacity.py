"""What can be made between the end of the lead time and the needed day, less what is already awarded, suffices."""

from graph.matching.criteria.base import MET, NOT_MET, SILENT, Findings, Pair, line, number
from graph.matching.criteria.counting import comparable
from schemas.matches import Criterion

_ROUNDING = 1e-9
_UNSURE = 0.6


def judge(pair: Pair, out: Findings) -> float:
    """Return the share of the asked quantity that can be delivered (1 where nothing limits it)."""
    item, offer = pair.item, pair.offer
    asked = line(f"{number(item.quantity)} {item.unit}".strip())
    if offer.capacity_per_day is None:
        out.add(Criterion(kind="capacity", asked=asked, offered="not stated", finding=SILENT))
        return 0.0
    if item.needed_by is None:
        return 1.0
    days = max(0, item.needed_by - pair.today - (offer.lead_time or 0))
    free = max(0.0, offer.capacity_per_day * days - pair.committed * offer.capacity_factor)
    wanted = comparable(pair, item.quantity_base, item.counting, offer.counting)
    if wanted is None:
        # Pieces against tonnes without any weight: nothing says that it is too much.
        out.add(
            Criterion(kind="capacity", asked=asked, offered=line(offer.capacity_shown), finding=MET, confidence=_UNSURE)
        )
        return 1.0
    met = free >= wanted * (1 - _ROUNDING)
    share = 1.0 if wanted <= 0 else free / wanted
    offered = line(f"{offer.capacity_shown}, {days} days: {share:.0%} of it")
    out.add(Criterion(kind="capacity", asked=asked, offered=offered, finding=MET if met else NOT_MET))
    return share
