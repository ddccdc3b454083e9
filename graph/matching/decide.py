"""One verdict for one pair of item and offer, out of their facts alone."""

from datetime import date
from typing import Final

from graph.matching.criteria import (
    attributes,
    capacity,
    local_content,
    maker,
    min_order,
    part_numbers,
    standards,
    thing,
    timing,
    unit_state,
)
from graph.matching.criteria.base import EXPIRED, MET, NOT_MET, Findings, Pair
from graph.matching.facts import ItemFacts, OfferFacts, SupplierFacts
from graph.matching.knowledge import Knowledge
from schemas.matches import Criterion, Missing, Outcome, Verdict

#: A right thing with more points missing than this is only related.
MOST_MISSING: Final = 2

_OWN_TERMS: Final = 0.85

#: Soft weights of the score of a match; they add up to 1.
WEIGHTS: Final = {"thing": 0.35, "evidence": 0.2, "headroom": 0.15, "time": 0.1, "local": 0.1, "validity": 0.1}


def decide(
    item: ItemFacts,
    offer: OfferFacts,
    supplier: SupplierFacts,
    *,
    today: date,
    committed: float = 0.0,
    knowledge: Knowledge,
) -> Verdict:
    """Return the verdict. `committed` is what was already awarded out of the offer's capacity, in its unit."""
    pair = Pair(item, offer, supplier, today.toordinal(), committed, knowledge)
    relation = thing.relate(item, offer, supplier, knowledge)
    told = thing.judge(pair, relation)
    if relation.kind not in thing.SURE:
        outcome = Outcome.UNLIKE if relation.kind == "unlike" else Outcome.RELATED
        return Verdict(outcome=outcome, criteria=(told,), summary=_short("not the thing asked for", relation.told))
    unfit = maker.judge(pair)
    if unfit is not None:
        return Verdict(outcome=Outcome.UNLIKE, criteria=(told, unfit), summary=_short("no maker of it", unfit.offered))
    closed = _closed(pair)
    if closed is not None:
        return Verdict(outcome=Outcome.RELATED, criteria=(told, closed), summary=closed.offered)
    out = Findings([told], [])
    part_numbers.judge(pair, out)
    standards.judge(pair, out)
    attributes.judge(pair, out)
    local_content.judge(pair, out)
    unit_state.judge(pair, out)
    share = capacity.judge(pair, out) if timing.judge(pair, out) else 0.0
    min_order.judge(pair, out)
    if relation.kind == "process" and not item.to_drawing and not _speaks_of_part(pair, out):
        return Verdict(
            outcome=Outcome.RELATED, missing=tuple(out.missing), criteria=tuple(out.criteria),
            summary="could make the part, but its offer does not speak of it",
        )  # fmt: skip
    if relation.kind == "variant" and not (_same_standard(pair, out) or _asked_otherwise(out)):
        return Verdict(
            outcome=Outcome.RELATED, missing=tuple(out.missing), criteria=tuple(out.criteria), summary="another kind of the thing asked for"
        )  # fmt: skip
    return _verdict(pair, out, share)


def _same_standard(pair: Pair, out: Findings) -> bool:
    """Tell whether a variant of the thing is made to the very product standards asked, so that only points differ."""
    grammar = pair.knowledge.standards
    told = [each for each in out.criteria if each.kind == "standard"]
    asked = [
        found for found, group in zip(told, pair.item.standards, strict=True) if any(map(grammar.is_product, group))
    ]
    return bool(asked) and all(each.finding in (MET, EXPIRED) for each in asked)


def _asked_otherwise(out: Findings) -> bool:
    """Tell whether a requirement says what makes a variant another kind: "process: forged" of cast balls."""
    return any(_is_category(each) for each in out.criteria)


def _is_category(told: Criterion) -> bool:
    """Tell whether a criterion is a category asked and another one offered."""
    return told.kind == "attribute" and told.finding is NOT_MET and not any(map(str.isdigit, told.asked))


def _speaks_of_part(pair: Pair, out: Findings) -> bool:
    """Tell whether a process's offer meets half of the asked properties in the part's own terms."""
    if pair.item.part_numbers:
        return False
    if pair.item.hits and pair.item.hits[0].id in pair.item.processes:
        return True  # the demand is for the process itself
    asked = [each for each in out.criteria if each.kind == "attribute"]
    told = [each for each in asked if each.finding is MET and each.confidence >= _OWN_TERMS]
    return bool(asked) and 2 * len(told) >= len(asked)


def _closed(pair: Pair) -> Criterion | None:
    """Return why nothing of this offer can be had at all: suspended, or outside its validity."""
    offer, today = pair.offer, pair.today
    if pair.supplier.suspended:
        return Criterion(kind="state", asked="may deliver", offered="supplier is suspended", finding=NOT_MET)
    if offer.valid_until is not None and offer.valid_until < today:
        until = date.fromordinal(offer.valid_until).isoformat()
        return Criterion(kind="state", asked="stands today", offered=f"offer ended on {until}", finding=NOT_MET)
    if offer.valid_from is not None and offer.valid_from > today:
        start = date.fromordinal(offer.valid_from).isoformat()
        return Criterion(kind="state", asked="stands today", offered=f"offer begins on {start}", finding=NOT_MET)
    return None


def _verdict(pair: Pair, out: Findings, share: float) -> Verdict:
    missing = tuple(out.missing)
    criteria = tuple(out.criteria)
    score = _score(pair, criteria, share)
    refused = thing.excluded(pair)
    if refused and len(missing) != 1 and not any(map(_is_category, criteria)):
        # What the demand's text excludes is one more point; alone it may be what the one missing point says too.
        return Verdict(
            outcome=Outcome.RELATED, score=score, missing=missing, criteria=criteria, summary=_short("excluded by the demand", refused)
        )  # fmt: skip
    if not missing:
        return Verdict(outcome=Outcome.MATCH, score=score, criteria=criteria, summary="meets every point asked")
    outcome = Outcome.NEAR_MISS if len(missing) <= MOST_MISSING else Outcome.RELATED
    words = ", ".join(_point(point) for point in missing)
    return Verdict(outcome=outcome, score=score, missing=missing, criteria=criteria, summary=_short("missing", words))


def _point(missing: Missing) -> str:
    kind = missing.kind.replace("_", " ")
    return f"{kind} {missing.name}" if missing.name else kind


def _short(head: str, rest: str) -> str:
    return f"{head}: {rest}"[:300] if rest else head


def _score(pair: Pair, criteria: tuple[Criterion, ...], share: float) -> float:
    """Weigh what ranks offers that fit: see WEIGHTS. Between 0 and 1, equal facts give equal scores."""
    offer, item = pair.offer, pair.item
    hard = [each.confidence for each in criteria[1:] if each.kind in ("attribute", "standard")]
    evidence = sum(hard) / len(hard) if hard else 0.5
    headroom = min(1.0, max(0.0, share - 1.0)) if share else 0.0
    span = item.needed_by - pair.today if item.needed_by else 0
    time = 0.5 if span <= 0 or offer.lead_time is None else max(0.0, 1 - offer.lead_time / span)
    local = (offer.local_content if offer.local_content is not None else 50.0) / 100
    dated = [
        mark.valid_until for mark in (*offer.standards, *pair.supplier.certificates) if mark.valid_until >= pair.today
    ]
    validity = 1.0 if not dated or item.needed_by is None else sum(day >= item.needed_by for day in dated) / len(dated)
    parts = {
        "thing": criteria[0].confidence, "evidence": evidence, "headroom": headroom, "time": time, "local": local, "validity": validity,
    }  # fmt: skip
    return round(sum(WEIGHTS[name] * value for name, value in parts.items()), 4)
