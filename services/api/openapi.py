"""The OpenAPI document: FastAPI's own, with our bodies, problems and examples set in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from services.api.bodies import Body
from services.api.problems import MEDIA_TYPE, PREFIX, Problem

PROBLEM_REF: Final = {"$ref": "#/components/schemas/Problem"}
SUFFIX: Final = "-Input"
TAGS: Final = [
    {"name": "demands", "description": "What buyers want: publish, amend, cancel, award; who can serve it, and why."},
    {"name": "suppliers", "description": "Who makes things: their plants, standing, matches and inbox."},
    {"name": "offers", "description": "What suppliers can deliver: products and capabilities."},
    {
        "name": "telling",
        "description": "How suppliers are told: inbox, live stream, webhooks, mail, what they choose; and who was told what.",
    },
    {"name": "responses", "description": "What suppliers answer."},
    {"name": "events", "description": "Any event at once, and how far an event has come."},
    {"name": "catalogue", "description": "The tree of product classes, and search."},
    {"name": "access", "description": "Who asks, keys, and the log of who did what."},
    {"name": "service", "description": "Whether the service is well."},
]
_SAID: Final[dict[int, tuple[str, str, str, str | None]]] = {
    401: (
        "unauthenticated",
        "Who asks is not known",
        "This needs a key or a token.",
        "Send Authorization: Bearer <key>.",
    ),
    403: ("forbidden", "This is not for this role", "The role supplier may not use GET /v1/keys.", None),
    404: ("not-found", "Not found", "There is no demand 'dem-none'.", "It may be on its way: see the status link."),
    409: ("conflict", "This cannot be done in the present state", "Offer 'off-1' exists at several suppliers.", None),
    412: ("precondition-failed", "It has changed since", "The present version is 8.", "Read it again."),
    413: ("too-large", "The body is too large", "The body has more than 1000000 bytes.", None),
    415: ("media-type", "The media type of the body is not taken here", "The body is said to be 'text/plain'.", None),
    422: ("invalid-input", "The input is not valid", "limit: Input should be less than or equal to 200", None),
    429: ("too-many-requests", "Too many requests", "Too much was asked in a short time.", "Come again in 3 s."),
    503: ("unavailable", "A service that Peyvand stands on is unavailable", "Neo4j cannot be reached.", None),
}
_AGAIN: Final = (429, 503)
"""Statuses that say when to come again."""
_BODIES: Final[dict[str, Mapping[str, Any]]] = {}


def answers(*statuses: int, example: Any = None, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: problems of these statuses and 503, and an example of what is answered."""
    said: dict[int | str, dict[str, Any]] = {code: problem(code) for code in sorted({*statuses, 503})}
    if example is not None:
        said[status] = {"content": {"application/json": {"example": example}}}
    return said


def problem(status: int) -> dict[str, Any]:
    """A problem of this status, as a response of the document."""
    slug, title, detail, hint = _SAID[status]
    example = {"type": PREFIX + slug, "title": title, "status": status, "detail": detail, "instance": "/v1/demands"}
    said: dict[str, Any] = {
        "description": title,
        "content": {MEDIA_TYPE: {"schema": PROBLEM_REF, "example": example | ({"hint": hint} if hint else {})}},
    }
    if status in _AGAIN:
        said["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return said


def takes(body: Body) -> dict[str, Any]:
    """The `openapi_extra` of a route with this body."""
    return takes_schema(body.name, body_schema(body), body.examples)


def takes_schema(name: str, schema: Mapping[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """The `openapi_extra` of a route with a body of this schema (its `$defs` named as components)."""
    _BODIES[name] = schema
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    if examples:
        content["examples"] = {key: {"value": value} for key, value in examples.items()}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def body_schema(body: Body) -> dict[str, Any]:
    """JSON Schema of a body: the event's data without what the address gives; a record with the event's fields."""
    schema = strict_schema(body.model)
    properties: dict[str, Any] = schema["properties"]
    required: list[str] = schema.get("required", [])
    if body.record is not None:
        beside = {name: properties[name] for name in body.envelope_fields()}
        record = schema["$defs"][properties[body.record]["$ref"].rsplit("/", 1)[1]]
        properties = {**record["properties"], **beside}
        required = list(record.get("required", []))
    version = {k: v for k, v in properties["version"].items() if k != "default"}
    version["description"] = "Left out, it is one above the subject's present version. The higher version wins."
    properties = {**properties, "version": version}
    return {
        **schema,
        "title": body.name,
        "properties": {name: value for name, value in properties.items() if name not in body.given},
        "required": [name for name in required if name not in (*body.given, "version")],
    }


def strict_schema(model: Any) -> dict[str, Any]:
    """JSON Schema of a model as it is taken at this door: no unknown fields. Its parts are components of their own."""
    template = "#/components/schemas/{model}" + SUFFIX
    schema = TypeAdapter(model).json_schema(mode="validation", ref_template=template)
    defs: dict[str, Any] = {f"{name}{SUFFIX}": part for name, part in schema.get("$defs", {}).items()}
    for part in (schema, *defs.values()):
        if "properties" in part:
            part["additionalProperties"] = False
    return {**schema, "$defs": defs}


def add_to(app: FastAPI, routers: Sequence[APIRouter], finish: Callable[[dict[str, Any]], None]) -> None:
    """Let the app, made of these routers, describe itself so; the document is made once. `finish` adds to it."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, routers)
            finish(app.openapi_schema)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign] - as FastAPI's documentation has it


def _document(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=TAGS,
        license_info=app.license_info,
    )
    _set_examples(routers, document)
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_components(_BODIES.items()))
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
    schemas.update(shape.pop("$defs", {}))
    schemas["Problem"] = shape
    return document


def _set_examples(routers: Iterable[APIRouter], document: dict[str, Any]) -> None:
    """Put the examples in again: FastAPI leaves out of them what is null."""
    for route in (route for router in routers for route in router.routes if isinstance(route, APIRoute)):
        for method in route.methods or ():
            said = document["paths"][route.path_format][method.lower()]["responses"]
            for status, response in route.responses.items():
                for kind, media in response.get("content", {}).items():
                    if "example" in media:
                        said[str(status)]["content"][kind]["example"] = media["example"]


def _components(bodies: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, schema in bodies:
        found.update(schema.get("$defs", {}))
        found[name] = {key: value for key, value in schema.items() if key != "$defs"}
    return found
