"""What the API has learnt from the graph's past demands: read and built now and then, shared by all requests."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import structlog
from fastapi import Request

from graph.advice.embed import Embedder
from graph.advice.learn.awards import AwardRanker
from graph.advice.learn.classify import Classifier
from graph.advice.learn.history import Past
from graph.knowledge import Knowledge
from graph.reads.history import code_labels, past_items
from services.api.deps import Services

log = structlog.get_logger()

FRESH_SECONDS: Final = 300.0


@dataclass(slots=True)
class Learner:
    """Builds classifier and ranker on first use, and anew when they are older than five minutes.

    Embeddings are used only where the extra is installed and all texts were embedded before (`peyvand classify`
    does): a request never waits for that.
    """

    services: Services
    _built: tuple[Classifier, AwardRanker] | None = None
    _at: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def learnt(self) -> tuple[Classifier, AwardRanker]:
        """The classifier and the ranker of past winners."""
        async with self._lock:
            if self._built is None or time.monotonic() - self._at > FRESH_SECONDS:
                graph = self.services.graph
                history, labels = await asyncio.gather(past_items(graph), code_labels(graph))
                self._built = await asyncio.to_thread(_build, self.services.knowledge, history, labels)
                self._at = time.monotonic()
                log.info("api.learnt", demands=len(history), labels=len(labels))
            return self._built


def learner_of(request: Request) -> Learner:
    """The learner of the app that answers."""
    state = request.app.state
    if not hasattr(state, "learner"):
        state.learner = Learner(state.services)
    return state.learner


def _build(knowledge: Knowledge, history: list[Past], labels: dict[str, str]) -> tuple[Classifier, AwardRanker]:
    embedder = Embedder.load() if history else None
    if embedder is not None and not embedder.has([each.text for each in history], list(labels.values())):
        embedder = None
    return Classifier(knowledge, history, labels, embedder), AwardRanker(history, embedder)
