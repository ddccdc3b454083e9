"""Is it the thing? Own class or narrower, a process that makes it to drawing, or, where no class knows it, equal words."""

from typing import Final

from graph.matching.criteria import likeness
from graph.matching.criteria.base import MET, NOT_MET, Pair, Relation, line
from graph.matching.facts import ClassHit, ItemFacts, OfferFacts, SupplierFacts
from graph.matching.knowledge import Knowledge
from graph.matching.partnumbers import number_key
from graph.matching.things import BESIDE
from schemas.matches import Criterion

#: Relations, and how sure each makes that the thing is right.
SURE: Final = {
    "same": 1.0,
    "narrower": 0.95,
    "broader": 0.75,
    "variant": 0.5,
    "process": 0.8,
    "words": 0.6,
    "evidence": 0.6,
    "part-number": 0.9,
}
_MAIN = 0.7
_LEAST = 0.4
#: A record whose best class scores less is not known by its class.
PRODUCT, CAPABILITY = "product", "capability"
KNOWN: Final = 0.92
_PLAIN = 0.9


def relate(item: ItemFacts, offer: OfferFacts, supplier: SupplierFacts, knowledge: Knowledge) -> Relation:
    """Compare what the two records are about. Requirements are looked at only where no class tells."""
    asked, held = main(item.hits, knowledge), main(offer.hits, knowledge)
    if offer.kind != CAPABILITY and _conflict(item.domains, offer.domains, knowledge):
        return Relation("unlike", f"for {', '.join(offer.domains)}, not {', '.join(item.domains)}")
    denied = next((want.id for want in asked if want.id in offer.denied), "")
    if denied:
        return Relation("related", f"{denied} is not made, says the offer")
    return (
        (_process(item, held, knowledge) if offer.kind == CAPABILITY else None)
        or _by_class(asked, held, offer, knowledge)
        or (_variant(asked, held, knowledge) if item.standards and not item.to_drawing else None)
        or _unknown(item, offer, supplier, knowledge)
        or Relation("unlike", "")
    )


def _process(item: ItemFacts, held: tuple[ClassHit, ...], knowledge: Knowledge) -> Relation | None:
    """Return whether a workshop's process makes the item."""
    # A part that is not asked to drawing has a maker's own design: only its first process can do it alone.
    asked = item.processes if item.to_drawing else item.processes[:1]
    told: Relation | None = None
    for have in held:
        for process in asked:
            if process in knowledge.up[have.id]:
                return Relation("process", have.id)
            if have.id in knowledge.up[process] and item.to_drawing:
                told = Relation("process", have.id)
    return told


def _by_class(
    asked: tuple[ClassHit, ...], held: tuple[ClassHit, ...], offer: OfferFacts, knowledge: Knowledge
) -> Relation | None:
    """Return how the classes stand to each other: the same, or the offer's narrower, or named more broadly."""
    up, told = knowledge.up, dict[str, Relation]()
    for want in asked:
        if offer.kind != CAPABILITY and knowledge.taxonomy.classes[want.id].form == "process":
            continue  # a product named after a process is a machine for it
        for have in held:
            if BESIDE in (want.source, have.source):
                continue  # "valve covers" are no valves
            if want.id == have.id:
                return Relation("same", have.id)
            if want.id in up[have.id]:
                told["narrower"] = Relation("narrower", have.id)
            elif have.id in up[want.id] and _broadly(have, held, want.id, knowledge):
                told["broader"] = Relation("broader", have.id)
    return told.get("narrower") or told.get("broader")


def _unknown(item: ItemFacts, offer: OfferFacts, supplier: SupplierFacts, knowledge: Knowledge) -> Relation | None:
    """Return what part numbers, words, standards and properties tell of records that no class knows for sure."""
    if known(item.hits, "item", knowledge) and known(offer.hits, offer.kind, knowledge):
        return None
    same = set(item.part_numbers) & set(offer.part_numbers) or stands_in_for(item, offer)
    if same and not likeness.other_things(item, offer):
        return Relation("part-number", "")
    return likeness.compare(item, offer, supplier, knowledge)


def stands_in_for(item: ItemFacts, offer: OfferFacts) -> tuple[str, ...]:
    """Return the foreign numbers of an item that an offer carries, or says that it replaces."""
    return tuple(number for number in item.imports if number_key(number) in offer.keys) if item.imports else ()


def excluded(pair: Pair) -> str:
    """Return what of the offer the demand's text expressly does not want, or nothing.

    What a value of the offer says too ("conductor: aluminium") is left to the requirement that asks for it.
    """
    item, offer, up = pair.item, pair.offer, pair.knowledge.up
    asked, held = main(item.hits, pair.knowledge), main(offer.hits, pair.knowledge)
    wanted = {above for want in asked for above in up[want.id]}
    meant = any(want.id in up[have.id] for want in asked for have in held)
    for have in () if meant else held:
        if any(each in up[have.id] and each not in wanted for each in item.excluded):
            return have.id
    return next((word for word, _ in offer.terms if word in item.rejects), "")


def _variant(asked: tuple[ClassHit, ...], held: tuple[ClassHit, ...], knowledge: Knowledge) -> Relation | None:
    for want in asked:
        for have in held:
            if have.id in knowledge.kin[want.id]:
                return Relation("variant", have.id)
    return None


def known(hits: tuple[ClassHit, ...], kind: str, knowledge: Knowledge) -> bool:
    """Tell whether a record is well known by its class. A product that only names a process is not."""
    if not hits or hits[0].score < KNOWN:
        return False
    return kind != PRODUCT or knowledge.taxonomy.classes[hits[0].id].form != "process"


def main(hits: tuple[ClassHit, ...], knowledge: Knowledge) -> tuple[ClassHit, ...]:
    """Return the hits that say what the record is: those near to the best, without what a narrower one implies."""
    near = [hit for hit in hits if hit.score >= max(_LEAST, _MAIN * hits[0].score)]
    up = knowledge.up
    return tuple(
        hit
        for hit in near
        if not any(o.id != hit.id and hit.id in up[o.id] and hit.score < _PLAIN * o.score for o in near)
    )


def judge(pair: Pair, relation: Relation) -> Criterion:
    """Tell the relation as a criterion."""
    right = relation.kind in SURE
    told = f" ({relation.kind}{': ' if relation.told else ''}{relation.told})"
    return Criterion(
        kind="thing", asked=line(pair.item.title), offered=line(pair.offer.title + told), finding=MET if right else NOT_MET,
        layer=relation.kind, confidence=SURE.get(relation.kind, 0.9),
    )  # fmt: skip


def _broadly(have: ClassHit, held: tuple[ClassHit, ...], want: str, knowledge: Knowledge) -> bool:
    """Tell whether an offer speaks of a near broader class only, not of another special kind of it."""
    return knowledge.near_above(have.id, want) and not any(
        other.id != have.id and have.id in knowledge.up[other.id] for other in held
    )


def _conflict(one: tuple[str, ...], other: tuple[str, ...], knowledge: Knowledge) -> bool:
    """Tell whether two records are for domains that do not share their goods."""
    mine, theirs = set(one), set(other)
    if not mine or not theirs or not mine.isdisjoint(theirs):
        return False
    return not any(mine & group and theirs & group for group in knowledge.akin)
