"""The API's root: settings, the app, what it stands on, and serving it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import structlog
import uvicorn
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from graph.driver import Graph
from graph.knowledge import default_knowledge
from schemas.errors import UnavailableError
from schemas.logs import set_up_logging
from schemas.settings import Settings, load_settings
from services.access.openness import require_safe
from services.api import (
    access_docs,
    access_headers,
    access_keys,
    access_log,
    advice,
    audit,
    bulk,
    demands,
    docs_page,
    endpoints,
    events,
    health,
    inbox,
    matches,
    ocds,
    offers,
    openapi,
    problems,
    responses,
    suppliers,
    taxonomy,
)
from services.api.access import Gate, guard
from services.api.access_repeat import Repeatable
from services.api.deadline import SECONDS, Deadline
from services.api.deps import Services
from services.api.metrics import Counted, Metrics
from streams.publish import KafkaPublisher

log = structlog.get_logger()

ROUTERS: Final = (
    demands.router, matches.router, suppliers.router, offers.router, responses.router, inbox.router,
    endpoints.router, audit.router, advice.router, events.router, taxonomy.router,
    ocds.router, bulk.router, access_keys.router, access_log.router, health.router,
)  # fmt: skip
PUBLISH_SECONDS: Final = 10.0
DESCRIPTION: Final = """
Peyvand links what buyers need to the domestic suppliers that can serve it, the moment it is published.

**Reading** answers from the graph. Lists are paged: `limit` rows, then `next` as `cursor`.

**Writing** answers 202: the event is in the log, and the graph follows within moments. `status` in the answer says
whether it has. Events carry a version of their subject; leave it out and the next one is given. The higher version
wins, whenever it arrives, so repeating a write with its version does nothing twice.

**Who asks** says so by `Authorization: Bearer <key or token>`; `GET /v1/me` tells whom the service takes one for. What is
not for a role is 403; what is another's answers 404, as if it were not there.

**Repeating and editing**: a write with an `Idempotency-Key` is done once, however often it is sent; an edit with
`If-Match` is done only while the version that was read is the present one.

**Errors** are problem documents (RFC 9457): `detail` says what is wrong, `errors` where, `hint` what to do.
"""


def create_app(settings: Settings, *, deadline: float = SECONDS) -> FastAPI:
    """The app; its servers are connected while its lifespan runs. Requests get 503 after `deadline` seconds."""
    app = FastAPI(
        title="Peyvand",
        version=_version(),
        summary="Demands meet the domestic suppliers that can serve them.",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_lifespan,
        generate_unique_id_function=_operation_id,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(guard)],
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.readiness = health.Readiness()
    app.state.routes = [route for router in ROUTERS for route in router.routes]
    for router in ROUTERS:
        app.include_router(router)
    problems.add_to(app)
    openapi.add_to(app, ROUTERS, access_docs.describe)
    docs_page.add_to(app)
    app.add_middleware(Repeatable)
    app.add_middleware(Gate)
    app.add_middleware(Deadline, seconds=deadline)
    access_headers.add_to(app, settings)
    app.add_middleware(Counted, metrics=app.state.metrics)
    return app


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. InvalidInputError when that would open the service to others unasked."""
    require_safe(settings)
    set_up_logging(settings)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run()


def from_environment() -> FastAPI:
    """The app by the settings of the environment: `uvicorn --factory services.api.app:from_environment`."""
    settings = load_settings()
    set_up_logging(settings)
    return create_app(settings)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    settings: Settings = app.state.settings
    graph = Graph(settings)
    publisher = KafkaPublisher(settings, timeout_seconds=PUBLISH_SECONDS)
    knowledge = await asyncio.to_thread(default_knowledge)
    services = app.state.services = Services(settings, graph, publisher, knowledge)
    connecting = asyncio.create_task(_connect(publisher))
    following = asyncio.create_task(services.follow_rules())
    keeping = asyncio.create_task(services.door.keep())
    desk = app.state.desk = bulk.new_desk(services)
    desk.start()
    if services.door.open:
        log.warning("api.open", means="whoever reaches this address is admin; see docs/access.md")
    log.info("api.started", host=settings.api_host, port=settings.api_port)
    try:
        yield
    finally:
        await desk.stop()
        for task in (connecting, following, keeping):
            task.cancel()
        await asyncio.gather(connecting, following, keeping, return_exceptions=True)
        await services.door.close()
        await services.news.stop()
        await publisher.stop()
        await graph.close()
        log.info("api.stopped")


async def _connect(publisher: KafkaPublisher) -> None:
    """So that the first write does not wait for it; the servers may come later."""
    try:
        await publisher.start()
    except UnavailableError as error:
        log.warning("api.no-kafka-yet", error=error.detail)


def _operation_id(route: APIRoute) -> str:
    return route.name


def _version() -> str:
    try:
        return version("peyvand")
    except PackageNotFoundError:
        return "0.0.0"
