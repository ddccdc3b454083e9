"""Numbers for Prometheus: what was asked of the API, and how far the graph is behind the log."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph import clock
from graph.delivery.queue import waiting
from graph.reads.progress import counts, cursors, lag, unsent
from graph.slots import FREE_AFTER, slots
from schemas.errors import UnavailableError
from schemas.events import DEAD_LETTERS
from schemas.topics import CONSUMED
from services.api.deps import Services
from streams.admin import end_offsets

BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
KEPT_SECONDS: Final = 2.0


class Metrics:
    """Counters of one app, and gauges that are read when they are asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("peyvand_http_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "peyvand_http_request_seconds",
            "Time to answer.",
            ("method", "route"),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self._read: list[Metric] = []
        self._read_at = 0.0
        self._lock = asyncio.Lock()
        self.registry.register(_Gauges(self._read))  # type: ignore[arg-type] - it collects, which is all that is asked

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request under its route's template."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    async def text(self, services: Services) -> bytes:
        """Everything in Prometheus' text form. Gauges of a server that is away are left out, and `peyvand_up` is 0."""
        async with self._lock:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                self._read[:] = await _gauges(services)
                self._read_at = time.monotonic()
        return generate_latest(self.registry)


class _Gauges:
    """Hands the gauges that were read last to the registry."""

    def __init__(self, read: list[Metric]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        yield from self._read


async def _gauges(services: Services) -> list[Metric]:
    up = GaugeMetricFamily("peyvand_up", "1 when the server answers.", labels=["server"])
    made: list[Metric] = [up]
    graph = services.graph
    try:
        numbers, found, outbox, telling, workers = await asyncio.gather(
            counts(graph), cursors(graph), unsent(graph), waiting(graph), slots(graph, services.settings.group_id)
        )
    except UnavailableError:
        up.add_metric(["neo4j"], 0)
        return made
    up.add_metric(["neo4j"], 1)
    nodes = GaugeMetricFamily("peyvand_graph", "What the graph holds.", labels=["what"])
    for name, number in numbers.items():
        nodes.add_metric([name], number)
    alive = sum(row["silent_seconds"] < FREE_AFTER for row in workers)
    made += [
        nodes,
        GaugeMetricFamily("peyvand_outbox_rows", "News committed but not yet in the log.", value=outbox["rows"]),
        GaugeMetricFamily("peyvand_outbox_age_seconds", "Age of the oldest of them.", value=_age(outbox["oldest"])),
        GaugeMetricFamily("peyvand_deliveries_waiting", "Webhooks and mails not sent yet.", value=telling["waiting"]),
        GaugeMetricFamily(
            "peyvand_deliveries_age_seconds", "Age of the oldest of them.", value=_age(telling["oldest"])
        ),
        GaugeMetricFamily(
            "peyvand_endpoints_failing", "Endpoints whose last attempt failed.", value=telling["failing"]
        ),
        GaugeMetricFamily("peyvand_workers", "Workers that said lately that they live.", value=alive),
    ]
    try:
        ends = await asyncio.to_thread(end_offsets, services.settings)
    except UnavailableError:
        up.add_metric(["kafka"], 0)
        return made
    up.add_metric(["kafka"], 1)
    behind = GaugeMetricFamily("peyvand_lag_events", "Events in the log that are not yet matched.", labels=["topic"])
    for topic, number in lag(ends, found, frozenset(CONSUMED)).items():
        behind.add_metric([topic], number)
    dead = sum(end for tp, end in ends.items() if tp.rpartition(":")[0] == DEAD_LETTERS)
    letters = GaugeMetricFamily("peyvand_dead_letters", "Records that were set aside, ever.", value=dead)
    return [*made, behind, letters]


def _age(since: float | None) -> float:
    return max(0.0, clock.now() - since) if since is not None else 0.0


class Counted:
    """ASGI middleware that counts every request under its route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request once it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route: Any = scope.get("route")
            template = getattr(route, "path", "none")
            self._metrics.count(_method(scope["method"]), template, status, time.perf_counter() - started)


def _method(said: str) -> str:
    """The method, unless it is made up: labels must stay few."""
    return said if said in {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"} else "other"
