"""The gate before the routes, and the guard at each: who asks, whether the role may, and whether it is its own."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.access.log import Entry
from schemas.errors import PeyvandError
from services.access.asked import Asked, begin, current
from services.access.door import Knock
from services.access.policy import Grant, changes, is_private, route_grant
from services.access.principals import LOCAL, STAFF, Principal, Role
from services.access.words import anonymous, denied, no_pair, not_there
from services.api.deps import Services, services_of
from services.api.problems import FieldsError, ProblemError, ProblemResponse, headers_of, problem_of

PROBES: Final = frozenset({"/healthz", "/readyz"})
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES: Final = frozenset({"POST", "PUT", "DELETE"})
_TAG: Final = re.compile(r'(W/)?"(\d{1,16})"')
KEYS: Final = "/v1/keys"
LONGEST: Final = 300


class Gate:
    """ASGI middleware that finds out who asks, and writes down what was done.

    Probes are let through without a question: they must answer while the graph is away.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401, 403 or 429, or let the request in under its principal's name."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        services: Services = scope["app"].state.services
        try:
            principal = await services.door.enter(_knock(scope))
            condition = header(scope, b"if-match") if is_write(scope) else None
            request = Asked(principal, expected=_expected(condition))
        except PeyvandError as error:
            response = ProblemResponse(problem_of(error, scope["path"]), headers_of(error))
            await response(scope, receive, send)
            return
        begin(request)

        async def noted(message: Message) -> None:
            started = message["type"] == "http.response.start" and not request.replayed
            if started and _logged(scope, principal, message["status"]):
                await _log(services, scope, request, message["status"])
            await send(message)

        await self._app(scope, receive, noted)


async def guard(request: Request) -> None:
    """Refuse what the policy's table does not grant. What is another's answers as if it were not there.

    UnauthenticatedError, ForbiddenError: the role may not, whatever the address names. NotFoundError: it is not the
    principal's own.
    """
    route, principal = request.scope["route"], current()
    match route_grant(request.method, route.path_format, principal.role):
        case Grant.ALLOWED:
            return
        case Grant.OWN:
            await _own(services_of(request), principal, request.path_params, request.query_params)
        case Grant.DENIED:
            what = f"use {request.method} {route.path_format}"
            raise anonymous() if principal.role is Role.ANONYMOUS else denied(principal.role, what)


async def _own(services: Services, principal: Principal, path: Mapping[str, str], query: Mapping[str, str]) -> None:
    """Look at whose the address is. Where it does not say, `accept` looks at what is sent."""
    if principal.role is Role.SUPPLIER:
        if "supplier_id" in path and path["supplier_id"] != principal.subject:
            raise not_there("supplier", path["supplier_id"], named=False)
        if "offer_id" in path and query.get("supplier", principal.subject) != principal.subject:
            if "item_id" in path:
                raise no_pair(path["demand_id"], path["item_id"], path["offer_id"])
            raise not_there("offer", path["offer_id"], named=False)
    elif principal.role is Role.AGENCY and "demand_id" in path:
        demand = path["demand_id"]
        owners = await services.door.owners.of([demand])
        if owners.get(demand) != principal.subject:
            raise not_there("demand", demand, named=False)


def own_supplier(named: str | None) -> str | None:
    """The supplier that an offer is looked for at: the one named, else the supplier that asks, else any."""
    principal = current()
    return principal.subject if named is None and principal.role is Role.SUPPLIER else named


def caller() -> Principal:
    """Who asks, for a route's parameters."""
    return current()


Caller = Annotated[Principal, Depends(caller)]


def is_write(scope: Scope) -> bool:
    """Tell whether a request is for a route that changes something; what is for none is refused by the router."""
    if scope["method"] not in WRITES:
        return False
    routes: Iterable[APIRoute] = scope["app"].state.routes
    return any(scope["method"] in route.methods and route.path_regex.match(scope["path"]) for route in routes)


def header(scope: Scope, name: bytes) -> str | None:
    """A header of a request."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def address_of(scope: Scope) -> str | None:
    """The address of the network that a request came from; a trusted proxy has put in that of its client."""
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else None


def _knock(scope: Scope) -> Knock:
    return Knock(
        authorization=header(scope, b"authorization"),
        address=address_of(scope),
        host=header(scope, b"host"),
        origin=header(scope, b"origin"),
        writes=scope["method"] not in READS,
    )


def _expected(condition: str | None) -> frozenset[int] | None:
    """The versions that If-Match names: None without it, none of them for `*`. FieldsError: it is of another form.

    A weak tag matches nothing (RFC 9110, 13.1.1); it stands as version -1, which nothing has.
    """
    if condition is None or condition.strip() == "*":
        return None if condition is None else frozenset()
    found = [_TAG.fullmatch(tag.strip()) for tag in condition.split(",")]
    if len(condition) > LONGEST or not all(found):
        hint = 'It is the ETag of what was read, such as "7", or *.'
        raise FieldsError([ProblemError(detail="This is no condition.", parameter="if-match", hint=hint)])
    return frozenset(int(tag[2]) if tag is not None and not tag[1] else -1 for tag in found)


def _template(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path_format", scope["path"])


def _logged(scope: Scope, principal: Principal, status: int) -> bool:
    """Writes that were done, and what staff has read of what is somebody's own."""
    method, path = scope["method"], _template(scope)
    if status >= 400:  # noqa: PLR2004 - what was refused was not done
        return False
    if changes(method, path):
        return not path.startswith(KEYS)  # the entries of keys are of the transactions that change them
    return principal.role in STAFF and principal is not LOCAL and is_private(method, path)


async def _log(services: Services, scope: Scope, request: Asked, status: int) -> None:
    entry = Entry(
        principal=request.principal.urn,
        role=request.principal.role.value,
        subject=request.principal.subject,
        action=f"{scope['method']} {_template(scope)}"[:LONGEST],
        target=scope["path"].encode("utf-8", "replace").decode()[:LONGEST],
        status=status,
        events=list(request.sent),
        address=address_of(scope),
    )
    if request.sent or scope["method"] in READS:
        services.door.trail.add(entry)
    else:
        await services.door.trail.keep(entry)
