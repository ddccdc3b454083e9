"""Every required property is offered: a value that satisfies it lies in what can be made."""

from functools import lru_cache

from graph.matching.criteria.base import MET, NOT_MET, SILENT, Findings, Pair, line
from graph.matching.facts import ItemFacts, Mark, OfferFacts
from graph.matching.knowledge import Knowledge
from graph.matching.names import AttributeNames
from schemas.matches import Criterion

_G = 9.80665  # newton that a kilogram weighs: the trade writes tonnes for forces
_KILOGRAM, _NEWTON = "kilogram", "kilogram * meter / second ** 2"
#: Dimensions of which a thing has many, each another property: a lone sibling there is no evidence.
_MANY = frozenset({"meter", "meter ** 2", "meter ** 3", "kilogram", "kelvin", "ratio", "count"})
#: What numbers may differ by, relatively: values asked as equal, and bounds.
EQUAL = 0.005
BOUND = 1e-6
#: Dimension -> the other one that is compared with it, and by what a number is multiplied there.
SAME_FORCE = {_KILOGRAM: (_NEWTON, _G), _NEWTON: (_KILOGRAM, 1 / _G)}
_SAID = 0.6
_WORD, _CODE, _NEVER = 3, 4, 1_000
_ABOUT = 2.5
_ENOUGH = 0.45
_BESIDE = 0.08


def judge(pair: Pair, out: Findings) -> None:
    """Judge each requirement against the attributes that mean the same property."""
    asked = pair.item.requirements
    if not asked:
        return
    serving = _serving(asked, pair.offer.attributes, pair.knowledge.names, capability=pair.offer.kind == "capability")
    for mark, rivals in zip(asked, serving, strict=True):
        out.add(_one(mark, rivals, pair.offer))


def speaks_of(item: ItemFacts, offer: OfferFacts, knowledge: Knowledge) -> float:
    """Return the share of the asked properties that an offer speaks of at all, 0 where nothing is asked."""
    asked = item.requirements
    if not asked:
        return 0.0
    serving = _serving(asked, offer.attributes, knowledge.names, capability=offer.kind == "capability")
    return sum(bool(rivals) for rivals in serving) / len(asked)


def _serving(
    asked: tuple[Mark, ...], offered: tuple[Mark, ...], names: AttributeNames, *, capability: bool
) -> list[list[tuple[float, Mark]]]:
    """Return for each requirement the (likeness, mark) that speak of it; a mark serves what it is likest to."""
    table = [[_alike(want, have, names) for want in asked] for have in offered]
    found: list[list[tuple[float, Mark]]] = [[] for _ in asked]
    for have, row in zip(offered, table, strict=True):
        best = max(row)
        for place, score in enumerate(row):
            if score >= _ENOUGH and (score >= best - _BESIDE or not have.dimension):
                found[place].append((score, have))
    for place, want in enumerate(asked):
        found[place] += _same_words(want, offered)
        if not found[place] and capability:
            found[place] = _limits(want, offered, names)
    _left_over(asked, offered, found, names)
    return found


def _limits(want: Mark, offered: tuple[Mark, ...], names: AttributeNames) -> list[tuple[float, Mark]]:
    """Return the limits of a process that bear on a size of the part: its turning diameter, its largest length."""
    return [
        (0.5, have)
        for have in offered
        if have.layer == "field" and have.mode == "range" and have.dimension == want.dimension and want.dimension
        and names.kindred(want.concepts, have.concepts)
    ]  # fmt: skip


def _same_words(want: Mark, offered: tuple[Mark, ...]) -> list[tuple[float, Mark]]:
    """Return attributes that carry the very category asked, whatever they are called: "grade: ER7" for «جنس»."""
    if want.dimension or not want.words:
        return []
    # Plain numbers say too little, but "1 3/8-6" asked as a text does not.
    least = _CODE if not want.points else _NEVER
    telling = {word for word in want.words if len(word) >= (least if word.replace(".", "").isdigit() else _WORD)}
    return [(0.5, have) for have in offered if not have.dimension and not telling.isdisjoint(have.words)]


def _left_over(
    asked: tuple[Mark, ...], offered: tuple[Mark, ...], found: list[list[tuple[float, Mark]]], names: AttributeNames
) -> None:
    """Pair the one requirement and the one attribute of a dimension that nothing else speaks of."""
    taken = {id(have) for rivals in found for _, have in rivals}
    for place, want in enumerate(asked):
        if found[place] or not want.dimension:
            continue
        open_ones = [i for i, other in enumerate(asked) if not found[i] and other.dimension == want.dimension]
        free = [
            have
            for have in offered
            if have.layer == "field" and have.dimension == want.dimension and id(have) not in taken
        ]
        if len(free) == 1 and len(open_ones) == 1 and _may_be(want, free[0], names):
            found[place] = [(0.4, free[0])]
        elif want.mode in ("equals", "one_of"):
            # «شاخه ۶ متری»: a text that says the very value, of nothing else that it names, says the property.
            said = [
                have
                for have in offered
                if have.layer != "field" and not have.concepts and have.points and have.dimension == want.dimension
            ]
            found[place] = [(0.4, have) for have in said if satisfies(want, have)]


def _may_be(want: Mark, have: Mark, names: AttributeNames) -> bool:
    """Tell whether a lone attribute may be the asked property although its name does not say so."""
    if not have.concepts or not want.concepts or any(names.concepts[each].dimension == "any" for each in have.concepts):
        return True
    if want.dimension not in _MANY and names.kindred(want.concepts, have.concepts):
        return True
    # A thing has many lengths: only one that fits and is about as large as the asked one is believed.
    return satisfies(want, have) and _about(want, have)


def _about(want: Mark, have: Mark) -> bool:
    asked = [value for value in (*want.points, want.low, want.high) if value]
    held = [value for value in (*have.points, have.low, have.high) if value]
    return any(1 / _ABOUT <= abs(one / other) <= _ABOUT for one in asked for other in held)


def _alike(want: Mark, have: Mark, names: AttributeNames) -> float:
    if not _same_dimension(want, have):
        return 0.0
    return names.likeness(
        want.concepts, want.tokens, have.concepts, have.tokens, bool(want.dimension or have.dimension)
    )


def _same_dimension(want: Mark, have: Mark) -> bool:
    one, other = want.dimension, have.dimension
    if one == other or not one or not other:
        return True
    return {one, other} == {_KILOGRAM, _NEWTON}


def _one(want: Mark, rivals: list[tuple[float, Mark]], offer: OfferFacts) -> Criterion:
    # What stands in a field is believed before what the text says.
    fields = [pair for pair in rivals if pair[1].layer == "field"]
    rivals = fields or rivals
    if not fields:
        said = next((word[1:] for word in want.words if word[0] == "~" and f" {word[1:]} " in offer.text), "")
        if said:
            return Criterion(
                kind="attribute", name=want.name, asked=line(want.shown), offered=line(said), finding=MET, layer="text", confidence=_SAID
            )  # fmt: skip
    if not rivals:
        return Criterion(kind="attribute", name=want.name, asked=line(want.shown), offered="not stated", finding=SILENT)
    best = max(score for score, _ in rivals)
    # Of categories any that speaks of it may hold the asked one: "grade: B+" beside "material: GS-52".
    near = [(score, have) for score, have in rivals if score >= best - _BESIDE or (not want.dimension and want.words)]
    near.sort(key=lambda rival: -rival[0])
    for score, have in near:
        if satisfies(want, have):
            return _told(want, have, score, met=True)
    return _told(want, near[0][1], near[0][0], met=False)


def _told(want: Mark, have: Mark, score: float, *, met: bool) -> Criterion:
    return Criterion(
        kind="attribute", name=want.name, asked=line(want.shown), offered=line(f"{have.name}: {have.shown}"),
        finding=MET if met else NOT_MET, layer=have.layer, confidence=round(min(score, 1.0), 2),
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def satisfies(want: Mark, have: Mark) -> bool:
    """Tell whether what is offered contains a value that satisfies what is asked."""
    if want.mode in ("equals", "one_of"):
        # Where both have units the digits alone say nothing: 25 kV is not 25 V.
        measured = bool(want.dimension and have.dimension and want.points)
        if not measured and set(want.words) & set(have.words):
            return True
        targets = want.points or ((want.low,) if want.low is not None and want.low == want.high else ())
        return any(_holds(_in(have, target, want), have) for target in targets)
    low = None if want.low is None else _in(have, want.low, want)
    high = None if want.high is None else _in(have, want.high, want)
    if have.points:
        return any(_within(point, low, high) for point in have.points)
    if have.low is None and have.high is None:
        return False
    slack = BOUND * max(abs(low or 0.0), abs(high or 0.0))
    above = low is None or have.high is None or have.high >= low - slack
    below = high is None or have.low is None or have.low <= high + slack
    return above and below


def _in(have: Mark, value: float, want: Mark) -> float:
    """Return an asked number as the offered side counts: base units, or as written where a unit is not stated."""
    if want.dimension == have.dimension:
        return value
    if not have.dimension:
        return (value - want.offset) / want.factor
    if not want.dimension:
        return value * have.factor + have.offset
    return value / _G if have.dimension == _KILOGRAM else value * _G


def _holds(target: float, have: Mark) -> bool:
    slack = EQUAL * abs(target)
    if have.points:
        return any(abs(point - target) <= slack for point in have.points)
    if have.low is None and have.high is None:
        return False
    return (have.low is None or have.low <= target + slack) and (have.high is None or have.high >= target - slack)


def _within(point: float, low: float | None, high: float | None) -> bool:
    slack = BOUND * abs(point)
    return (low is None or point >= low - slack) and (high is None or point <= high + slack)
