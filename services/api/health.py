"""/healthz, /readyz, /metrics and the index."""

import asyncio
import time
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field

from schemas.errors import UnavailableError
from schemas.topics import TOPICS
from services.api import examples as x
from services.api.deps import Deps, Services
from services.api.metrics import Metrics
from services.api.openapi import answers
from streams.admin import admin, known_topics

router = APIRouter(tags=["service"])
CHECK_SECONDS: Final = 5.0
KEPT_SECONDS: Final = 1.0


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str


class Ready(BaseModel):
    """Everything that is needed is there."""

    status: Literal["ready"] = "ready"
    neo4j: str = Field(description="Version of the server.")
    topics: int = Field(description="How many of the registry's topics exist: all.")


class Index(BaseModel):
    """Where to begin."""

    name: str
    version: str
    links: dict[str, str]


class Readiness:
    """Asks both servers at most once a second, however many ask us."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._found: Ready | UnavailableError | None = None
        self._at = 0.0

    async def check(self, services: Services) -> Ready:
        """What is there. UnavailableError: what is not."""
        async with self._lock:
            if self._found is None or time.monotonic() - self._at > KEPT_SECONDS:
                self._found = await _look(services)
                self._at = time.monotonic()
        if isinstance(self._found, UnavailableError):
            raise UnavailableError(self._found.detail, hint=self._found.hint)
        return self._found


async def _look(services: Services) -> Ready | UnavailableError:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            server, there = await asyncio.gather(
                services.graph.check(), asyncio.to_thread(_topics, services), return_exceptions=True
            )
    except TimeoutError:
        return UnavailableError(f"Kafka or Neo4j did not answer within {CHECK_SECONDS:.0f} s.")
    for found in (server, there):
        if isinstance(found, UnavailableError):
            return found
        if isinstance(found, BaseException):
            raise found
    assert isinstance(server, dict)  # noqa: S101 - what is no exception is the answer
    assert isinstance(there, set)  # noqa: S101 - as above
    lacking = [topic.name for topic in TOPICS if topic.name not in there]
    if lacking:
        hint = "Make them with `peyvand topics create`."
        return UnavailableError(f"Kafka has no topic {', '.join(lacking)}.", hint=hint)
    return Ready(neo4j=server["version"], topics=len(there))


def _topics(services: Services) -> set[str]:
    with admin(services.settings) as client:
        return set(known_topics(client))


def readiness_of(request: Request) -> Readiness:
    """The app's readiness check."""
    return request.app.state.readiness


def metrics_of(request: Request) -> Metrics:
    """The app's metrics."""
    return request.app.state.metrics


@router.get("/", summary="Where to begin", responses=answers(example=x.INDEX))
async def show_index(request: Request) -> Index:
    """Name, version and the addresses of the lists and documents."""
    base = "/v1"
    links = {
        name: f"{base}/{name}"
        for name in ("demands", "suppliers", "offers", "responses", "events", "classes", "search")
    }
    documents = {"documentation": "/docs", "openapi": "/openapi.json"}
    service = {name: f"/{name}" for name in ("healthz", "readyz", "metrics")}
    return Index(name="Peyvand", version=request.app.version, links={**links, **documents, **service})


@router.get("/healthz", summary="Is the process alive?", responses=answers(example=x.HEALTH))
async def show_health(request: Request) -> Health:
    """Answers while the process runs, whatever else is down."""
    return Health(version=request.app.version)


@router.get("/readyz", summary="Can it work?", responses=answers(example=x.READY))
async def show_readiness(services: Deps, readiness: Annotated[Readiness, Depends(readiness_of)]) -> Ready:
    """200 when Kafka and Neo4j answer and every topic exists; else 503, saying what is not there."""
    return await readiness.check(services)


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses={**answers(), 200: {"content": {CONTENT_TYPE_LATEST.partition(";")[0]: {"schema": {"type": "string"}}}}},
)
async def show_metrics(services: Deps, metrics: Annotated[Metrics, Depends(metrics_of)]) -> Response:
    """Requests by route and time, lag per topic, the outbox, and what the graph holds."""
    return Response(await metrics.text(services), media_type=CONTENT_TYPE_LATEST)
