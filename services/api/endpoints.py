"""/v1/suppliers/{id}/endpoints and /preferences: where and how a supplier wants to be told."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, NoReturn

from fastapi import APIRouter, Path, Query, Request, Response

from graph.delivery import endpoints as store
from graph.delivery import log as delivery_log
from graph.delivery.preferences import NONE_CHOSEN, preferences, put_preferences
from graph.reads.matches import supplier_exists
from schemas.base import Id
from schemas.delivery import DeliveryState, Endpoint, EndpointKind, Preferences
from schemas.errors import InvalidInputError, NotFoundError, PreconditionError
from services.access.asked import asked
from services.api import telling as t
from services.api.access_views import etag
from services.api.bodies import checked, read_json
from services.api.deps import Deps, Services, SubjectId
from services.api.openapi import answers, strict_schema, takes_schema
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import FieldsError, ProblemError
from services.api.suppliers import not_there
from streams.deliver.ssrf import check_url

router = APIRouter(prefix="/v1/suppliers/{supplier_id}", tags=["telling"])

EndpointId = Annotated[Id, Path(description="The endpoint.")]
TAKES_ENDPOINT: Final = takes_schema("EndpointRecord", strict_schema(Endpoint), {"webhook": t.EXAMPLE_ENDPOINT})
TAKES_PREFERENCES: Final = takes_schema(
    "PreferencesRecord", strict_schema(Preferences), {"a daily digest": t.EXAMPLE_PREFERENCES}
)


@router.get("/endpoints", summary="List endpoints", responses=answers(404, 422, example=[t.EXAMPLE_ENDPOINT_OUT]))
async def list_endpoints(services: Deps, supplier_id: SubjectId) -> list[t.EndpointOut]:
    """Webhooks and mail addresses of the supplier, oldest first."""
    await _known(services, supplier_id)
    return [t.endpoint_out(row) for row in await store.endpoints(services.graph, supplier_id)]


@router.post(
    "/endpoints",
    status_code=201,
    summary="Add an endpoint",
    openapi_extra=TAKES_ENDPOINT,
    responses=answers(404, 409, 413, 415, 422, example=t.EXAMPLE_MADE, status=201),
)
async def add_endpoint(services: Deps, supplier_id: SubjectId, request: Request, response: Response) -> t.EndpointMade:
    """Add a webhook or a mail address. What is told from now on is sent there; the secret is shown this once.

    Webhooks follow Standard Webhooks 1.0.0: verify `webhook-signature`, and keep `webhook-id`s: a delivery may come
    more than once under one id.
    """
    made = await store.add_endpoint(services.graph, supplier_id, await _endpoint(services, request))
    if made is None:
        raise not_there("supplier", supplier_id, named=False)
    location = services.links.to("suppliers", supplier_id, "endpoints", made["id"])
    response.headers["Location"] = location
    return t.EndpointMade(id=made["id"], secret=made["secret"], location=location)


@router.get(
    "/endpoints/{endpoint_id}", summary="Show an endpoint", responses=answers(404, 422, example=t.EXAMPLE_ENDPOINT_OUT)
)
async def show_endpoint(
    services: Deps, supplier_id: SubjectId, endpoint_id: EndpointId, response: Response
) -> t.EndpointOut:
    """One endpoint of the supplier."""
    row = await _row(services, supplier_id, endpoint_id)
    response.headers["ETag"] = etag(row["version"])
    return t.endpoint_out(row)


@router.put(
    "/endpoints/{endpoint_id}",
    summary="Change an endpoint",
    openapi_extra=TAKES_ENDPOINT,
    responses=answers(404, 413, 415, 422, example=t.EXAMPLE_ENDPOINT_OUT),
)
async def change_endpoint(
    services: Deps, supplier_id: SubjectId, endpoint_id: EndpointId, request: Request
) -> t.EndpointOut:
    """Replace what the endpoint is; its secret stays. Enabling it again sends what has waited."""
    record = await _endpoint(services, request)
    before = await _row(services, supplier_id, endpoint_id)
    if before["kind"] != record.kind.value:
        detail = f"The endpoint is a {before['kind']} and stays one."
        raise FieldsError([ProblemError(detail=detail, pointer="#/kind", hint="Add another endpoint.")])
    if not await store.change_endpoint(services.graph, supplier_id, endpoint_id, record, asked().expected):
        await _why_not(services, supplier_id, endpoint_id)
    return t.endpoint_out(await _row(services, supplier_id, endpoint_id))


@router.delete(
    "/endpoints/{endpoint_id}", status_code=204, summary="Remove an endpoint", responses=answers(404, 422), response_class=Response
)  # fmt: skip
async def remove_endpoint(services: Deps, supplier_id: SubjectId, endpoint_id: EndpointId) -> None:
    """Send nothing there any more. What was sent stays in the audit."""
    if not await store.remove_endpoint(services.graph, supplier_id, endpoint_id, asked().expected):
        await _why_not(services, supplier_id, endpoint_id)


@router.post(
    "/endpoints/{endpoint_id}/rotate",
    summary="Turn over the secret",
    responses=answers(404, 422, example=t.EXAMPLE_MADE),
)
async def rotate_endpoint_secret(services: Deps, supplier_id: SubjectId, endpoint_id: EndpointId) -> t.EndpointMade:
    """Make a new secret for a webhook. For 24 hours everything is signed with the old one too."""
    secret = await store.rotate_secret(services.graph, supplier_id, endpoint_id)
    if secret is None:
        raise _no_endpoint(supplier_id, endpoint_id)
    location = services.links.to("suppliers", supplier_id, "endpoints", endpoint_id)
    return t.EndpointMade(id=endpoint_id, secret=secret, location=location)


@router.post(
    "/endpoints/{endpoint_id}/ping",
    status_code=202,
    summary="Send a test",
    responses=answers(404, 422, example=t.EXAMPLE_QUEUED, status=202),
)
async def ping_endpoint(services: Deps, supplier_id: SubjectId, endpoint_id: EndpointId) -> t.Queued:
    """Queue a delivery of type `endpoint.ping`; the log says how it went."""
    made = await delivery_log.ping(services.graph, supplier_id, endpoint_id, datetime.now(UTC).isoformat())
    if made is None:
        raise _no_endpoint(supplier_id, endpoint_id)
    return _queued(services, supplier_id, endpoint_id, made)


@router.get(
    "/endpoints/{endpoint_id}/deliveries",
    summary="The log of deliveries",
    responses=answers(404, 422, example={"items": [t.EXAMPLE_DELIVERY], "next": None}),
)
async def list_deliveries(
    services: Deps,
    supplier_id: SubjectId,
    endpoint_id: EndpointId,
    state: Annotated[DeliveryState | None, Query(description="Only these.")] = None,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[t.DeliveryOut]:
    """What was, is to be, or will not be sent to the endpoint, newest first, with every attempt."""
    await _row(services, supplier_id, endpoint_id)
    [at, last] = keys_of(cursor, (FAR, ""))
    rows = await delivery_log.deliveries(services.graph, supplier_id, endpoint_id, (at, last), limit + 1, state)
    shown = rows[:limit]
    last_row = shown[-1] if len(rows) > limit else None
    return Page(
        items=[t.delivery_out(row) for row in shown],
        next=cursor_of(last_row["planned_at"], last_row["id"]) if last_row else None,
    )


@router.post(
    "/endpoints/{endpoint_id}/deliveries/{delivery_id}/replay",
    status_code=202,
    summary="Send a delivery again",
    responses=answers(404, 422, example=t.EXAMPLE_QUEUED, status=202),
)
async def replay_delivery(
    services: Deps,
    supplier_id: SubjectId,
    endpoint_id: EndpointId,
    delivery_id: Annotated[Id, Path(description="The delivery.")],
) -> t.Queued:
    """Queue a delivery once more, under its old id and with a fresh schedule."""
    if not await delivery_log.send_again(services.graph, supplier_id, endpoint_id, delivery_id):
        msg = f"There is no delivery {delivery_id!r} to endpoint {endpoint_id!r}."
        raise NotFoundError(msg, hint="Its log names them.")
    return _queued(services, supplier_id, endpoint_id, delivery_id)


@router.get("/preferences", summary="Show preferences", responses=answers(404, 422, example=t.EXAMPLE_PREFERENCES))
async def show_preferences(services: Deps, supplier_id: SubjectId, response: Response) -> Preferences:
    """What the supplier wants to hear of, and how; what it is by default where nothing was chosen."""
    await _known(services, supplier_id)
    chosen = await preferences(services.graph, supplier_id)
    response.headers["ETag"] = etag(chosen.version if chosen is not None else NONE_CHOSEN)
    return chosen or Preferences()


@router.put(
    "/preferences",
    summary="Choose preferences",
    openapi_extra=TAKES_PREFERENCES,
    responses=answers(404, 413, 415, 422, example=t.EXAMPLE_PREFERENCES),
)
async def choose_preferences(services: Deps, supplier_id: SubjectId, request: Request) -> Preferences:
    """Replace what the supplier chose; holds for news from now on. The inbox keeps everything. `version` is counted."""
    body = await read_json(request)
    wish = checked(Preferences, body, body)
    await _known(services, supplier_id)
    version = await put_preferences(services.graph, supplier_id, wish, asked().expected)
    return wish.model_copy(update={"version": version})


FAR: Final = 1e12


async def _endpoint(services: Services, request: Request) -> Endpoint:
    body: Any = await read_json(request)
    record = checked(Endpoint, body, body)
    if record.kind is EndpointKind.WEBHOOK:
        try:
            check_url(record.address, services.settings)
        except InvalidInputError as error:
            wrong = ProblemError(detail=error.detail, pointer="#/address", hint=error.hint or None)
            raise FieldsError([wrong]) from error
    return record


async def _known(services: Services, supplier_id: str) -> None:
    if not await supplier_exists(services.graph, supplier_id):
        raise not_there("supplier", supplier_id, named=False)


async def _row(services: Services, supplier_id: str, endpoint_id: str) -> dict[str, Any]:
    for row in await store.endpoints(services.graph, supplier_id):
        if row["id"] == endpoint_id:
            return row
    raise _no_endpoint(supplier_id, endpoint_id)


async def _why_not(services: Services, supplier_id: str, endpoint_id: str) -> NoReturn:
    """Why an endpoint was not changed: it is another version now, or there is none."""
    row = await _row(services, supplier_id, endpoint_id)
    msg = f"The present version is {row['version']}."
    raise PreconditionError(msg, hint="Read the endpoint again.")


def _no_endpoint(supplier_id: str, endpoint_id: str) -> NotFoundError:
    msg = f"There is no endpoint {endpoint_id!r} of supplier {supplier_id!r}, or it is none that has this."
    return NotFoundError(msg, hint="List the supplier's endpoints.")


def _queued(services: Services, supplier_id: str, endpoint_id: str, delivery: str) -> t.Queued:
    log = services.links.to("suppliers", supplier_id, "endpoints", endpoint_id, "deliveries")
    return t.Queued(delivery=delivery, log=log)
