"""Classes and codes of a text: what the own tree reads in it, and what past demands and labels say of its codes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.advice.embed import Embedder
from graph.advice.learn.codes import CodeRanker
from graph.advice.learn.history import Past, cpv
from graph.knowledge import Knowledge
from graph.matching.facts import ClassHit
from graph.matching.reading import read_texts
from graph.matching.text import is_persian

MOST: Final = 10
_RANKED: Final = 50
#: How much a class that the tree reads in the text adds to the share of its codes; it knows Persian and English.
TREE_PERSIAN: Final = 0.5
TREE_OTHER: Final = 0.1
_SURE: Final = 0.5
_LEAST: Final = 0.0005
_TELLING: Final = 0.01
_PRECISE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to be classified."""

    id: str
    title: str
    description: str = ""

    @property
    def text(self) -> str:
        """Title and description as one text."""
        return ". ".join(part for part in (self.title.strip(), self.description.strip()) if part)


@dataclass(frozen=True, slots=True)
class Classified:
    """Ids and codes with scores from 0 to 1, best first: own classes, CPV (8 digits), HS (4 or 6 digits)."""

    id: str
    classes: tuple[tuple[str, float], ...]
    cpv: tuple[tuple[str, float], ...]
    hs: tuple[tuple[str, float], ...]


class Classifier:
    """Built once for a history and the labels of CPV codes, then asked for any number of texts."""

    def __init__(
        self,
        knowledge: Knowledge,
        history: Sequence[Past] = (),
        labels: Mapping[str, str] | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._ranker = CodeRanker(history, labels or {}, embedder)

    def classify(self, asked: Sequence[Asked], most: int = MOST) -> list[Classified]:
        """Classify texts, each by itself."""
        ranked = self._ranker.rank([each.text for each in asked], _RANKED)
        return [self._one(each, codes, most) for each, codes in zip(asked, ranked, strict=True)]

    def _one(self, asked: Asked, ranked: Sequence[tuple[str, float]], most: int) -> Classified:
        tree = self._knowledge.taxonomy
        hits = read_texts(asked.title, asked.description, (), self._knowledge, wanted=True).hits
        codes = dict(ranked)
        weight = TREE_PERSIAN if is_persian(asked.text) or not ranked else TREE_OTHER
        for hit in hits:
            own = tree.classes[hit.id].codes.get("CPV", ())
            for code in own:
                full = cpv(code)
                codes[full] = codes.get(full, 0.0) + weight * hit.score / len(own)
        best = _best(codes, most)
        classes = self._classes(hits, best)
        return Classified(asked.id, _best(classes, most), best, _best(self._hs(classes), most))

    def _classes(self, hits: Sequence[ClassHit], codes: Sequence[tuple[str, float]]) -> dict[str, float]:
        """Classes read in the text, and behind them those that the likely codes lead to."""
        found: dict[str, float] = defaultdict(float)
        sure = max((hit.score for hit in hits), default=0.0)
        for code, share in codes:
            led = [each for each in self._knowledge.taxonomy.by_code("CPV", code) if each.precision >= _PRECISE]
            for each in led:
                found[each.class_id] += share * each.precision / len(led) * (1.0 if sure < _SURE else 1 - sure)
        for hit in hits:
            found[hit.id] = max(found[hit.id], min(1.0, hit.score))
        return {name: min(1.0, score) for name, score in found.items() if score >= _TELLING}

    def _hs(self, classes: Mapping[str, float]) -> dict[str, float]:
        found: dict[str, float] = {}
        for name, score in classes.items():
            for code in self._knowledge.taxonomy.classes[name].codes.get("HS", ()):
                found[code] = max(found.get(code, 0.0), score)
        return found


def _best(scores: Mapping[str, float], most: int) -> tuple[tuple[str, float], ...]:
    order = sorted((name for name in scores if scores[name] >= _LEAST), key=lambda name: (-scores[name], name))[:most]
    return tuple((name, round(min(1.0, scores[name]), 4)) for name in order)
