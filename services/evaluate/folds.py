"""Measuring what is learnt from a history: held-out folds in which nothing of a demand leaks into its training."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.advice.embed import Embedder
from graph.advice.learn.awards import AwardRanker
from graph.advice.learn.codes import CodeRanker
from graph.advice.learn.history import Past, name_key

FOLDS: Final = 5
LEVELS: Final = (8, 4, 2)
TOPS: Final = (1, 5, 10)
_OPENING: Final = 150
_DEEP: Final = 400


@dataclass(frozen=True, slots=True)
class Stage:
    """One arrangement of what the ranker is given."""

    name: str
    history: bool
    labels: bool
    embeddings: bool


STAGES: Final = (
    Stage("labels, words only", history=False, labels=True, embeddings=False),
    Stage("history, words only", history=True, labels=False, embeddings=False),
    Stage("labels and history, words only", history=True, labels=True, embeddings=False),
    Stage("labels, embeddings", history=False, labels=True, embeddings=True),
    Stage("history, words and embeddings", history=True, labels=False, embeddings=True),
    Stage("labels and history, words and embeddings", history=True, labels=True, embeddings=True),
)


def groups(history: Sequence[Past], *, by_buyer: bool) -> list[int]:
    """A group number for each demand: those with the same words in title or opening (and, if asked, one buyer) share it."""
    parents = list(range(len(history)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    seen: dict[str, int] = {}
    for place, each in enumerate(history):
        title, _, rest = each.text.partition(". ")
        keys = [f"t{_letters(title)}", f"d{_letters(rest)[:_OPENING]}"]
        if by_buyer and each.buyer:
            keys.append(f"b{name_key(each.buyer)}")
        for key in keys:
            if len(key) < FOLDS * 2:
                continue
            if key in seen:
                parents[root(place)] = root(seen[key])
            seen[key] = place
    return [root(place) for place in range(len(history))]


def fold_of(history: Sequence[Past], grouped: Sequence[int]) -> list[int]:
    """The fold of each demand, by the hash of its group's first id: the same on every machine."""
    return [
        int(hashlib.md5(history[group].id.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS for group in grouped
    ]


def measure_codes(
    history: Sequence[Past], labels: Mapping[str, str], embedder: Embedder | None, *, by_buyer: bool
) -> list[dict[str, Any]]:
    """For each stage the share of held-out demands whose main code is among the first 1, 5, 10; by digits compared."""
    folds = fold_of(history, groups(history, by_buyer=by_buyer))
    rows: list[dict[str, Any]] = []
    for stage in STAGES:
        if stage.embeddings and embedder is None:
            continue
        hits: dict[str, int] = defaultdict(int)
        tested = 0
        for fold in range(FOLDS):
            train = [each for each, number in zip(history, folds, strict=True) if number != fold]
            test = [each for each, number in zip(history, folds, strict=True) if number == fold and each.main]
            ranker = CodeRanker(
                train if stage.history else [], labels if stage.labels else {}, embedder if stage.embeddings else None
            )
            for each, ranked in zip(test, ranker.rank([one.text for one in test], _DEEP), strict=True):
                tested += 1
                for level in LEVELS:
                    order = list(dict.fromkeys(code[:level] for code, _ in ranked))
                    for count in TOPS:
                        hits[f"{level}@{count}"] += each.main[:level] in order[:count]
        figures = {
            f"{level}@{count}": round(hits[f"{level}@{count}"] / max(1, tested), 4)
            for level in LEVELS
            for count in TOPS
        }
        rows.append({"stage": stage.name, **figures, "tested": tested})
    return rows


def measure_awards(history: Sequence[Past], embedder: Embedder | None, *, by_buyer: bool) -> dict[str, Any]:
    """Share of held-out awarded demands with a winner among the first ten, of those whose winner won before."""
    rows = [each for each in history if each.suppliers]
    folds = fold_of(rows, groups(rows, by_buyer=by_buyer))
    hit1 = hit10 = known = 0
    for fold in range(FOLDS):
        train = [each for each, number in zip(rows, folds, strict=True) if number != fold]
        test = [each for each, number in zip(rows, folds, strict=True) if number == fold]
        ranker = AwardRanker(train, embedder)
        for each, ranked in zip(test, ranker.rank([one.text for one in test], TOPS[-1]), strict=True):
            winners = {name_key(name) for name in each.suppliers}
            if not winners & ranker.known:
                continue
            known += 1
            order = [name_key(found.supplier) for found in ranked]
            hit1 += bool(winners & set(order[:1]))
            hit10 += bool(winners & set(order))
    return {
        "awarded": len(rows), "winner_known": known, "hit@1": round(hit1 / max(1, known), 4),
        "hit@10": round(hit10 / max(1, known), 4), "embeddings": embedder is not None,
    }  # fmt: skip


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())
