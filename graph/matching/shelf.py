"""Offers in memory, found as the graph finds them: by class and key, through the sieve."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from graph.matching.decide import MOST_MISSING
from graph.matching.facts import ItemFacts, OfferFacts, SupplierFacts
from graph.matching.knowledge import Knowledge
from graph.matching.sieve import ABLE, VAGUE, Asked, ItemSide, OfferSide, item_side, offer_side, supplier_side

_ROUNDING = 1e-6


class Stored(NamedTuple):
    """An offer as it stands on the shelf."""

    offer: OfferFacts
    supplier: SupplierFacts
    side: OfferSide
    maker: str


class Shelf:
    """Offers with their suppliers, under their classes and keys."""

    def __init__(self, offers: Iterable[tuple[OfferFacts, SupplierFacts]], knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._under: dict[str, dict[str, Stored]] = defaultdict(dict)
        for offer, supplier in offers:
            held = Stored(offer, supplier, offer_side(offer, knowledge), supplier_side(supplier, knowledge))
            for key in (*offer.classes, *offer.keys):
                self._under[key][offer.id] = held

    def candidates(self, item: ItemFacts, today: date) -> list[str]:
        """Ids of the offers that have to be decided for the item, sorted."""
        side = item_side(item, self._knowledge, today)
        return sorted({held.offer.id for strict, held in self._near(side) if passes(side, held, strict=strict)})

    def _near(self, item: ItemSide) -> Iterator[tuple[bool, Stored]]:
        for place in (*item.around.own, *item.keys):
            yield from ((False, held) for held in self._under.get(place, {}).values())
        for place in item.around.wider:
            for held in self._under.get(place, {}).values():
                if _unsure(item, held.side) or any(line in held.side.said for line in item.broad):
                    yield False, held
        for place in item.around.kin:
            for held in self._under.get(place, {}).values():
                if _unsure(item, held.side):
                    yield False, held
                elif item.variants:
                    yield True, held


def _unsure(item: ItemSide, offer: OfferSide) -> bool:
    """Tell whether more than classes may relate the two, or a process does."""
    return item.vague or VAGUE in offer.said or ABLE in offer.said


def passes(item: ItemSide, held: Stored, *, strict: bool = False) -> bool:
    """Tell whether the pair may match or nearly match. `strict`: it is a variant, made to the same product standards."""
    offer, said = held.side, held.side.said
    both = (said, held.maker)
    if held.supplier.suspended or (offer.ends is not None and offer.ends < item.today):
        return False
    if offer.starts is not None and offer.starts > item.today:
        return False
    if any(fault in one for fault in item.faults for one in both):
        return False
    if item.domains and ABLE not in said and "\nd:" in said and not any(line in said for line in item.domains):
        return False
    if strict and any(not any(line in one for line in group for one in both) for group in item.strict):
        return False
    lacks = _late(item, offer) + _too_few(item, offer)
    lacks += f"\ns:{held.offer.unit_id}\n" in held.maker
    lacks += item.local is not None and (offer.local is None or offer.local < item.local)
    lacks += bool(item.numbers) and ABLE not in said and not any(line in said for line in item.numbers)
    lacks += sum(not is_met(asked, offer) for asked in item.asked)
    lacks += sum(not any(line in one for line in group for one in both) for group in item.standards)
    return lacks <= MOST_MISSING


def _late(item: ItemSide, offer: OfferSide) -> bool:
    """Tell whether the lead time is too long, or the capacity is not told or too small."""
    lead = offer.lead or 0
    if item.days is not None and offer.lead is not None and lead > item.days:
        return True
    if offer.daily is None:
        return True
    if item.days is None or not any(line in offer.said for line in item.counted):
        return False
    return offer.daily * max(0, item.days - lead) < item.amount * (1 - _ROUNDING)


def _too_few(item: ItemSide, offer: OfferSide) -> bool:
    """Tell whether less is asked than the minimum order."""
    if offer.least is None or not any(line in offer.said for line in item.ordered):
        return False
    return item.amount < offer.least * (1 - _ROUNDING)


def is_met(asked: Asked, offer: OfferSide) -> bool:
    """Tell whether something of the offer may meet a requirement."""
    return any(line in offer.said for line in asked.lines) or any(
        dim == span[0] and low <= span[2] and high >= span[1]
        for span in asked.spans
        for dim, low, high in zip(offer.dims, offer.lows, offer.highs, strict=True)
    )
