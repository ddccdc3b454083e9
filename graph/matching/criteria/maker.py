"""The supplier makes the thing: no trader, repair shop, school, toy maker or builder of machines that make it."""

from typing import Final

from graph.matching.criteria.base import NOT_MET, Pair, line
from graph.matching.facts import ClassHit, ItemFacts
from graph.matching.knowledge import Knowledge
from schemas.matches import Criterion

_REPAIR: Final = "repair"
_SERVICE: Final = "service"
_WORK: Final = frozenset({"process", "service"})


def judge(pair: Pair) -> Criterion | None:
    """Return why the offer is none of a maker, or None. What the demand itself asks for (a repair) is no fault."""
    decides = pair.knowledge.role_weights["decides"]
    wanted = _said(pair.item, pair.knowledge)
    offered = {role.id for role in pair.offer.roles if role.strength >= decides}
    if _REPAIR in wanted and _REPAIR not in offered and _form(pair.offer.hits, pair.knowledge) not in _WORK:
        return _told("a repair", f"{_REPAIR}: not offered", 1.0)
    wanted = meant(pair.item, pair.knowledge)
    for role in (*pair.offer.roles, *pair.supplier.roles):
        if role.id in pair.knowledge.faults and role.strength >= decides and role.id not in wanted:
            return _told("a maker", f"{role.id}: {role.evidence}", role.strength)
    return None


def meant(item: ItemFacts, knowledge: Knowledge) -> set[str]:
    """Return the roles that an item asks for by its words or its class, which are no faults of an offer then."""
    wanted = _said(item, knowledge)
    if _form(item.hits, knowledge) in _WORK and not item.to_drawing:
        wanted.update((_REPAIR, _SERVICE))  # who asks for rewinding asks a repair shop
    if item.hits:
        wanted |= knowledge.roles_of(item.hits[0].id)
    return wanted


def _said(item: ItemFacts, knowledge: Knowledge) -> set[str]:
    return {role.id for role in item.roles if role.strength >= knowledge.role_weights["decides"]}


def _form(hits: tuple[ClassHit, ...], knowledge: Knowledge) -> str:
    return knowledge.taxonomy.classes[hits[0].id].form if hits else ""


def _told(asked: str, offered: str, confidence: float) -> Criterion:
    return Criterion(
        kind="maker", asked=asked, offered=line(offered), finding=NOT_MET, layer="text", confidence=confidence
    )
