"""The plant that makes the offer runs."""

from graph.matching.criteria.base import MET, NOT_MET, Findings, Pair
from schemas.matches import Criterion

ACTIVE = "active"


def judge(pair: Pair, out: Findings) -> None:
    """Idle, closed, planned and reviving units alike cannot deliver today."""
    state = pair.supplier.state_of(pair.offer.unit_id)
    out.add(Criterion(kind="unit_state", asked=ACTIVE, offered=state, finding=MET if state == ACTIVE else NOT_MET))
