"""What embeddings add to the order of an item's candidates: measured, and never part of a verdict."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph.advice.embed import Embedder, blended
from graph.matching.goldset import GoldSet
from schemas.matches import Outcome, Verdict
from services.evaluate.compare import Pair

DEPTH: Final = 10
_ORDER: Final = {Outcome.MATCH: 3.0, Outcome.NEAR_MISS: 2.0, Outcome.RELATED: 1.0, Outcome.UNLIKE: 0.0}


def rerank_gain(gold: GoldSet, verdicts: Mapping[Pair, Verdict]) -> dict[str, Any]:
    """Mean nDCG@10 of the candidates' order against the judged grades, as it is and with embeddings.

    Three orders are measured: by verdict and score; the same with embeddings breaking up equal verdicts; and by
    embeddings alone. `available` is False, and only the first is told, where the extra `rerank` is not installed.
    """
    grades = {(each.demand_id, each.offer_id): each.grade for each in gold.judgments}
    found: dict[str, list[str]] = defaultdict(list)
    for demand, offer in sorted(verdicts):
        found[demand].append(offer)
    scores = {pair: _ORDER[one.outcome] + min(one.score, 0.999) for pair, one in verdicts.items()}
    done: dict[str, Any] = {"ndcg_rules": _mean(found, scores, grades), "available": False}
    embedder = Embedder.load()
    if embedder is None:
        return done
    titles = {each.id: f"{each.title}. {each.description}" for each in (*gold.offers, *gold.demands)}
    likeness = embedder.likeness({demand: titles[demand] for demand in found}, titles, found)
    embedder.keep()
    mixed = {
        pair: _ORDER[one.outcome] + min(blended(one.score, likeness.get(pair, 0.0)), 0.999)
        for pair, one in verdicts.items()
    }
    done |= {
        "available": True,
        "ndcg_rerank": _mean(found, mixed, grades),
        "ndcg_embeddings_alone": _mean(found, likeness, grades),
    }
    done["gain"] = round(done["ndcg_rerank"] - done["ndcg_rules"], 4)
    return done


def _mean(found: Mapping[str, Sequence[str]], scores: Mapping[Pair, float], grades: Mapping[Pair, int]) -> float:
    shares: list[float] = []
    for demand, offers in found.items():
        ranked = sorted(offers, key=lambda offer: (-scores.get((demand, offer), 0.0), offer))
        gains = [grades.get((demand, offer), 0) for offer in ranked]
        ideal = _dcg(sorted(gains, reverse=True))
        if ideal:
            shares.append(_dcg(gains) / ideal)
    return round(sum(shares) / len(shares), 4) if shares else 1.0


def _dcg(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains[:DEPTH]))
