"""A sieve before the verdict: it leaves out pairs that surely neither match nor nearly match.

`decide` refuses an offer that is not the thing, is of no maker, is not to be had, or lacks more than MOST_MISSING
points. Here only what is certain is counted, so nothing that `decide` lets through is left out; what passes is decided.
An offer's side is made once, of its facts, and stored beside them; an item's side is asked with. graph/sieve.py holds
the same tests in Cypher. `said` is a text of tagged lines, so that a test is whether it contains a line:

w: a category of a property without unit   u: of one with unit   x: the whole text   p: part number   n: standard
f: a role that makers do not have          d: domain             b: class named broadly   c, m: what capacity and
minimum order are counted in               s: a unit that stands still   k: a capability   v: no class knows it for sure
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from graph.matching.criteria.attributes import BOUND, EQUAL, SAME_FORCE
from graph.matching.criteria.base import line as cut
from graph.matching.criteria.maker import meant
from graph.matching.criteria.thing import CAPABILITY, known, main
from graph.matching.facts import ItemFacts, Mark, OfferFacts, Role, StandardMark, SupplierFacts
from graph.matching.keys import Around, around
from graph.matching.knowledge import Knowledge

INDEXED: Final = 4
"""A record is found under so many classes at most; one that has more is not known for sure."""
_FAR: Final = 1e300
VAGUE, ABLE = "\nv\n", "\nk\n"

Span = tuple[str, float, float]


class OfferSide(NamedTuple):
    """What is stored of an offer. Figures: capacity a day, lead time, least order, local content, first and last day."""

    said: str
    dims: list[str]
    lows: list[float]
    highs: list[float]
    daily: float | None
    lead: int | None
    least: float | None
    local: float | None
    starts: int | None
    ends: int | None

    def properties(self) -> dict[str, Any]:
        """As properties of the offer's node."""
        return {f"sieve_{name}": value for name, value in self._asdict().items()}


class Asked(NamedTuple):
    """One requirement: lines of which any says that it is met, and spans of which any may hold the value."""

    lines: tuple[str, ...]
    spans: tuple[Span, ...]


class ItemSide(NamedTuple):
    """What an item asks with: where to look, and what an offer there must not lack."""

    around: Around
    keys: tuple[str, ...]
    vague: bool
    variants: bool
    strict: tuple[tuple[str, ...], ...]
    broad: tuple[str, ...]
    faults: tuple[str, ...]
    domains: tuple[str, ...]
    days: int | None
    today: int
    amount: float
    counted: tuple[str, ...]
    ordered: tuple[str, ...]
    local: float | None
    numbers: tuple[str, ...]
    asked: tuple[Asked, ...]
    standards: tuple[tuple[str, ...], ...]


def offer_side(offer: OfferFacts, knowledge: Knowledge) -> OfferSide:
    """Make an offer's side of its facts."""
    held = main(offer.hits, knowledge)
    lines = ["x: " + offer.text + " "]
    lines += [f"{'u' if mark.dimension else 'w'}:{word}" for mark in offer.attributes for word in mark.words]
    lines += [f"p:{number}" for number in offer.part_numbers]
    lines += [f"n:{name}" for mark in offer.standards for name in _norms(mark, knowledge)]
    lines += _faults(offer.roles, knowledge)
    lines += [f"d:{domain}" for domain in offer.domains]
    lines += [
        f"b:{have.id}"
        for have in held
        if not any(other.id != have.id and have.id in knowledge.up[other.id] for other in held)
    ]
    lines += [f"c:{offer.counting}", f"m:{offer.min_order_counting}"]
    lines += ["k"] if offer.kind == CAPABILITY else []
    lines += ["v"] if not known(offer.hits, offer.kind, knowledge) or len(held) > INDEXED else []
    spans = [span for mark in offer.attributes for span in _offered(mark)]
    return OfferSide(
        _said(lines), [span[0] for span in spans], [span[1] for span in spans], [span[2] for span in spans],
        offer.capacity_per_day, offer.lead_time, offer.min_order or None, offer.local_content, offer.valid_from,
        offer.valid_until,
    )  # fmt: skip


def supplier_side(supplier: SupplierFacts, knowledge: Knowledge) -> str:
    """Make a supplier's side: the standards it holds, the roles it has, the units that stand still."""
    lines = [f"n:{name}" for mark in supplier.certificates for name in _norms(mark, knowledge)]
    lines += _faults(supplier.roles, knowledge)
    lines += [f"s:{unit}" for unit, state in supplier.unit_states if state != "active"]
    return _said(lines)


def item_side(item: ItemFacts, knowledge: Knowledge, today: date) -> ItemSide:
    """Make the side of an item for a day."""
    grammar = knowledge.standards
    products = [group for group in item.standards if any(map(grammar.is_product, group))]
    otherwise = any(not any(map(str.isdigit, cut(mark.shown))) for mark in item.requirements)
    places = around(item, knowledge)
    allowed = meant(item, knowledge)
    day = today.toordinal()
    return ItemSide(
        around=places,
        keys=item.keys,
        vague=not known(item.hits, "item", knowledge) or len(main(item.hits, knowledge)) > INDEXED,
        variants=bool(item.standards) and not item.to_drawing and bool(products or otherwise),
        strict=() if otherwise else tuple(_lines("n", _names(group, knowledge)) for group in products),
        broad=_lines("b", places.wider),
        faults=_lines("f", sorted(knowledge.faults - allowed)),
        domains=_lines("d", sorted(_shared(item.domains, knowledge))),
        days=None if item.needed_by is None else item.needed_by - day,
        today=day,
        amount=item.quantity_base,
        counted=_lines("c", (item.counting, "")) if item.counting else ("\nc:",),
        ordered=_lines("m", (item.counting, "")) if item.counting else ("\nm:",),
        local=item.min_local or None,
        numbers=_lines("p", item.part_numbers),
        asked=tuple(one for mark in item.requirements if (one := _asked(mark)) is not None),
        standards=tuple(_lines("n", _names(group, knowledge)) for group in item.standards),
    )


def _said(lines: Iterable[str]) -> str:
    return "\n".join(("", *dict.fromkeys(lines), ""))


def _lines(tag: str, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"\n{tag}:{value}\n" for value in values)


def _norms(mark: StandardMark, knowledge: Knowledge) -> list[str]:
    """Return what two standards have in common where one meets the other, whatever their parts and grades."""
    return knowledge.standards.documents(mark)


def _names(group: Sequence[StandardMark], knowledge: Knowledge) -> list[str]:
    return list(dict.fromkeys(name for mark in group for name in _norms(mark, knowledge)))


def _faults(roles: Iterable[Role], knowledge: Knowledge) -> list[str]:
    decides = knowledge.role_weights["decides"]
    return [f"f:{role.id}" for role in roles if role.id in knowledge.faults and role.strength >= decides]


def _shared(domains: tuple[str, ...], knowledge: Knowledge) -> set[str]:
    """Return the domains whose goods these may be."""
    mine = set(domains)
    return mine.union(*(group for group in knowledge.akin if group & mine)) if mine else mine


def _offered(mark: Mark) -> list[Span]:
    """Return the stretches of numbers that a mark offers, in base units."""
    if mark.points:
        return [(mark.dimension, point, point) for point in mark.points]
    if mark.low is None and mark.high is None:
        return []
    return [(mark.dimension, -_FAR if mark.low is None else mark.low, _FAR if mark.high is None else mark.high)]


def _asked(mark: Mark) -> Asked | None:
    """Return what a requirement can be met by, or None where too much might."""
    if not mark.dimension and (mark.points or mark.low is not None or mark.high is not None):
        return None  # a bare number is compared with whatever unit the offer has
    lines: list[str] = []
    for word in mark.words:
        if word[0] == "~":
            lines.append(f" {word[1:]} ")
            continue
        lines.append(f"\nw:{word}\n")
        if not (mark.dimension and mark.points):
            lines.append(f"\nu:{word}\n")
    if mark.mode in ("equals", "one_of"):
        targets = mark.points or ((mark.low,) if mark.low is not None and mark.low == mark.high else ())
        spans = [span for value in targets for span in _widened(mark, value, value, EQUAL)]
    else:
        low = -_FAR if mark.low is None else mark.low
        high = _FAR if mark.high is None else mark.high
        spans = _widened(mark, low, high, BOUND)
    return Asked(tuple(lines), tuple(spans))


def _widened(mark: Mark, low: float, high: float, slack: float) -> list[Span]:
    """Return a stretch in the asked dimension, as written for offers without unit, and as force or mass."""
    found = [(mark.dimension, *_loose(low, high, slack))]
    one, other_end = _bare(mark, low), _bare(mark, high)
    found.append(("", *_loose(min(one, other_end), max(one, other_end), slack)))
    other = SAME_FORCE.get(mark.dimension)
    if other:
        found.append((other[0], *_loose(low * other[1], high * other[1], slack)))
    return found


def _bare(mark: Mark, value: float) -> float:
    return value if abs(value) >= _FAR else (value - mark.offset) / mark.factor


def _loose(low: float, high: float, slack: float) -> tuple[float, float]:
    """Widen a stretch by twice the slack of a comparison, so that rounding leaves nothing out."""
    more = 2 * slack * max((abs(each) for each in (low, high) if abs(each) < _FAR), default=0.0)
    return low - more, high + more
