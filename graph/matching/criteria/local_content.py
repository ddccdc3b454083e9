"""The share of domestic value is not below the asked one."""

from graph.matching.criteria.base import MET, NOT_MET, SILENT, Findings, Pair, number
from schemas.matches import Criterion


def judge(pair: Pair, out: Findings) -> None:
    """Judge only where the demand asks for a share."""
    asked, offered = pair.item.min_local, pair.offer.local_content
    if asked is None or asked <= 0:
        return
    finding = SILENT if offered is None else MET if offered >= asked else NOT_MET
    shown = "not stated" if offered is None else f"{number(offered)} %"
    out.add(Criterion(kind="local_content", asked=f">= {number(asked)} %", offered=shown, finding=finding))
