"""The supplier makes the thing: no trader, repair shop, school, toy maker or builder of machines that make it."""

from typing import Final

from graph.matching.criteria.base import NOT_MET, Pair, line
from schemas.matches import Criterion

_WORK: Final = frozenset({"process", "service"})


def judge(pair: Pair) -> Criterion | None:
    """Return why the offer is none of a maker, or None. What the demand itself asks for (a repair) is no fault."""
    wanted = {role.id for role in pair.item.roles}
    if pair.item.hits and pair.knowledge.taxonomy.classes[pair.item.hits[0].id].form in _WORK:
        wanted.add("repair")  # who asks for rewinding asks a repair shop
    for role in (*pair.offer.roles, *pair.supplier.roles):
        if role.id in pair.knowledge.faults and role.strength >= pair.knowledge.role_weights["decides"] and role.id not in wanted:
            return Criterion(
                kind="maker", asked="a maker", offered=line(f"{role.id}: {role.evidence}"), finding=NOT_MET, layer="text",
                confidence=role.strength,
            )  # fmt: skip
    return None
