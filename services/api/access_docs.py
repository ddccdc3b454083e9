"""What the door adds to every route's description: who may, what it answers then, and the headers of writes."""

from typing import Any, Final

from services.access.policy import ROUTES, Grant, changes
from services.access.principals import Role
from services.api.access import PROBES
from services.api.openapi import problem

SCHEME: Final = "bearer"
WORDS: Final = {Grant.ALLOWED: "allowed", Grant.OWN: "own", Grant.DENIED: "denied"}
SHOWN_WITH_TAG: Final = frozenset({
    "/v1/demands/{demand_id}", "/v1/suppliers/{supplier_id}", "/v1/offers/{offer_id}",
    "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}", "/v1/suppliers/{supplier_id}/preferences",
})  # fmt: skip
"""What GET answers with an ETag, and PUT and DELETE take If-Match for."""
STANDING: Final = frozenset({
    "/v1/demands/{demand_id}/cancel", "/v1/suppliers/{supplier_id}/suspend", "/v1/suppliers/{supplier_id}/reinstate",
    "/v1/offers/{offer_id}/capacity",
})  # fmt: skip
"""Writes beside a record that are of its version too."""
_TAG_HEADER: Final = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}
_IF_MATCH: Final = {
    "name": "If-Match", "in": "header", "required": False,
    "description": "Do it only if this is still the present version: the ETag that was read, or `*` for any.",
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,16}")$'}, "example": '"7"',
}  # fmt: skip
_REPEATS: Final = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "description": "The writer's own name for this write, such as a UUID: sent again within 24 h, it is answered as it "
    "was and not done again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}  # fmt: skip


def describe(document: dict[str, Any]) -> None:
    """Add to an OpenAPI document what the door does, at each operation and in general."""
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes[SCHEME] = {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (`pvk_...`), or a token of the issuer that is set. Without it only what is public.",
    }
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if path not in PROBES:
                _operation(method.upper(), path, operation)


def _operation(method: str, path: str, operation: dict[str, Any]) -> None:
    row = ROUTES.get((method, path), {})
    operation["x-peyvand-roles"] = {role.value: WORDS[grant] for role, grant in row.items()}
    public = row.get(Role.ANONYMOUS) is Grant.ALLOWED
    operation["security"] = [{}, {SCHEME: []}] if public else [{SCHEME: []}]
    statuses = {401, 403, 429}
    if Grant.OWN in row.values():
        statuses.add(404)
    parameters: list[Any] = operation.setdefault("parameters", [])
    if changes(method, path):
        statuses |= {409, 422}
        parameters.append(_REPEATS)
        if path in STANDING or (path in SHOWN_WITH_TAG and method != "POST"):
            statuses.add(412)
            parameters.append(_IF_MATCH)
    elif path in SHOWN_WITH_TAG:
        operation["responses"]["200"].setdefault("headers", {}).update(_TAG_HEADER)
    if not parameters:
        del operation["parameters"]
    for status in sorted(statuses):
        operation["responses"].setdefault(str(status), problem(status))
