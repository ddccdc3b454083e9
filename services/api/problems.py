"""Every error as a problem document (RFC 9457): what is wrong, where, what to do. No trace ever leaves."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from schemas.errors import InvalidInputError, PeyvandError, UnavailableError
from services.access.errors import AccessError

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
PREFIX: Final = "urn:peyvand:problem:"
RETRY_SECONDS: Final = 5
MOST_ERRORS: Final = 50


class ProblemError(BaseModel):
    """One of several things that are wrong."""

    detail: str = Field(description="What is wrong, in a sentence.")
    pointer: str | None = Field(
        default=None, description="Where in the body: a JSON Pointer as URI fragment (RFC 6901)."
    )
    parameter: str | None = Field(default=None, description="Which parameter of the address or query.")
    hint: str | None = Field(default=None, description="What to do.")


class Problem(BaseModel):
    """An error as RFC 9457 has it, with a hint and the single errors."""

    type: str = Field(description="Stable name of the kind of problem, a URN.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong this time.")
    hint: str | None = Field(default=None, description="What to do.")
    instance: str = Field(description="The path that was asked for.")
    errors: list[ProblemError] = Field(default_factory=list[ProblemError], description="One entry per wrong field.")


class FieldsError(InvalidInputError):
    """Input with one or more wrong fields, each named."""

    def __init__(self, errors: Sequence[ProblemError], *, hint: str = "") -> None:
        first = errors[0]
        where = first.pointer or first.parameter
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{where}: {first.detail}{more}" if where else f"{first.detail}{more}", hint=hint)
        self.errors = list(errors[:MOST_ERRORS])


class TooLargeError(PeyvandError):
    """The body is larger than the door."""

    status: ClassVar[int] = 413
    slug: ClassVar[str] = "too-large"
    title: ClassVar[str] = "The body is too large"


class MediaTypeError(PeyvandError):
    """The body is not said to be JSON."""

    status: ClassVar[int] = 415
    slug: ClassVar[str] = "media-type"
    title: ClassVar[str] = "The media type of the body is not taken here"


class ProblemResponse(Response):
    """A problem as a response. Characters that UTF-8 cannot carry become question marks."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        content = problem.model_dump_json(exclude_none=True).encode("utf-8", "replace")
        super().__init__(content, problem.status, headers)


def add_to(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_exception_handler(PeyvandError, _known)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unknown)


def problem_of(error: PeyvandError, instance: str) -> Problem:
    """The problem document of an error."""
    return Problem(
        type=PREFIX + error.slug,
        title=error.title,
        status=error.status,
        detail=_plain(error.detail),
        hint=error.hint or None,
        instance=_plain(instance),
        errors=error.errors if isinstance(error, FieldsError) else [],
    )


def headers_of(error: PeyvandError) -> dict[str, str]:
    """When to come again, where that helps; how to say who asks, where that is the matter."""
    if isinstance(error, AccessError):
        return error.headers
    return {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, UnavailableError) else {}


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, PeyvandError)  # noqa: S101 - registered for this class only
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("api.failed", path=request.url.path, slug=error.slug, error=error.detail)
    return ProblemResponse(problem_of(error, request.url.path), headers_of(error))


async def _parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    found = [_parameter(one) for one in error.errors()]
    return ProblemResponse(problem_of(FieldsError(found), request.url.path))


def _parameter(one: Mapping[str, Any]) -> ProblemError:
    where, *rest = one["loc"]
    name = ".".join(str(part) for part in rest)
    return ProblemError(detail=_plain(f"{one['msg']} (in the {where})"), parameter=_plain(name))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    status = HTTPStatus(error.status_code)
    path = _plain(request.url.path)
    detail, hint, headers = str(error.detail), None, error.headers
    if status is HTTPStatus.NOT_FOUND:
        detail, hint = f"There is nothing at {path}.", "GET / lists what there is; /docs describes it."
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = _allowed(request)
        detail, hint = f"{request.method} cannot be used on {path}.", f"It takes {allowed}."
        headers = {"Allow": allowed}
    slug = status.phrase.lower().replace(" ", "-")
    problem = Problem(
        type=PREFIX + slug, title=status.phrase, status=status.value, detail=detail, hint=hint, instance=path, errors=[]
    )
    return ProblemResponse(problem, headers)


def _allowed(request: Request) -> str:
    """The methods of all routes at this path; the router itself names those of one."""
    routes: Iterable[APIRoute] = request.app.state.routes
    found = [route for route in routes if route.path_regex.match(request.url.path)]
    found = [route for route in found if not route.param_convertors] or found  # a path of its own goes before a pattern
    methods = {method for route in found for method in route.methods or ()} or {"GET", "HEAD"}
    return ", ".join(sorted(methods))


async def _gone(request: Request, _error: Exception) -> Response:
    """Whoever sent the request has hung up before its end: nobody reads this."""
    return ProblemResponse(problem_of(InvalidInputError("The body did not come whole."), request.url.path))


async def _unknown(request: Request, error: Exception) -> Response:
    log.error("api.crashed", path=request.url.path, exc_info=error)
    internal = PeyvandError(
        "The request could not be answered because of a fault in Peyvand; it was logged.",
        hint="Try again; if it stays, tell the operators the time and the path.",
    )
    return ProblemResponse(problem_of(internal, request.url.path))


def _plain(text: str) -> str:
    """A text that every JSON reader takes: without lone surrogates."""
    return text.encode("utf-8", "replace").decode()
