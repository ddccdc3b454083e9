"""Who may do what, as a table of routes. With schemas.roles.EVENTS, who may send which event, it is all that others look at.

`+` allowed, `o` for its own only, `-` denied; the columns are anonymous, agency, supplier, task force, registrar, admin.
What is an agency's own is a demand whose buyer it is; a supplier's own is its record, offers, news and answers. Where
the address does not say whose something is, the table of events decides by what is sent. A table of /v1/bulk is taken of
whoever may send any of it and judged row by row; whose import it is, the registrar and the admin see it.
"""

from collections.abc import Mapping
from typing import Final

from schemas.roles import ROLES, Grant, Grants, Role, table

_ROUTES: Final = """
GET     /                                                                      + + + + + +
GET     /healthz                                                               + + + + + +
GET     /readyz                                                                + + + + + +
GET     /metrics                                                               - - - + - +
GET     /docs                                                                  + + + + + +
GET     /v1/me                                                                 + + + + + +
GET     /v1/keys                                                               - - - - - +
POST    /v1/keys                                                               - - - - - +
GET     /v1/keys/{key_id}                                                      - - - - - +
POST    /v1/keys/{key_id}/rotate                                               - - - - - +
DELETE  /v1/keys/{key_id}                                                      - - - - - +
GET     /v1/audit-log                                                          - - - - - +

GET     /v1/demands                                                            + + + + + +
POST    /v1/demands                                                            - o - - - +
POST    /v1/demands/simulate                                                   - + - + - +
GET     /v1/demands/{demand_id}                                                + + + + + +
PUT     /v1/demands/{demand_id}                                                - o - - - +
POST    /v1/demands/{demand_id}/cancel                                         - o - - - +
POST    /v1/demands/{demand_id}/awards                                         - o - - - +
GET     /v1/demands/{demand_id}/matches                                        - o - + - +
GET     /v1/demands/{demand_id}/audit                                          - o - + - +
GET     /v1/demands/{demand_id}/responses                                      - o - + - +
GET     /v1/demands/{demand_id}/items/{item_id}/equivalents                    - o - + - +
GET     /v1/demands/{demand_id}/items/{item_id}/consortium                     - o - + - +
GET     /v1/demands/{demand_id}/items/{item_id}/offers/{offer_id}/explanation  - o o + - +

GET     /v1/suppliers                                                          + + + + + +
POST    /v1/suppliers                                                          - - o - + +
GET     /v1/suppliers/{supplier_id}                                            + + + + + +
PUT     /v1/suppliers/{supplier_id}                                            - - o - + +
POST    /v1/suppliers/{supplier_id}/suspend                                    - - - - + +
POST    /v1/suppliers/{supplier_id}/reinstate                                  - - - - + +
POST    /v1/suppliers/{supplier_id}/units/{unit_id}/state                      - - o - + +
GET     /v1/suppliers/{supplier_id}/matches                                    - - o + - +
GET     /v1/suppliers/{supplier_id}/inbox                                      - - o + - +
GET     /v1/suppliers/{supplier_id}/inbox/stream                               - - o + - +
POST    /v1/suppliers/{supplier_id}/inbox/read                                 - - o - - +
GET     /v1/suppliers/{supplier_id}/preferences                                - - o - - +
PUT     /v1/suppliers/{supplier_id}/preferences                                - - o - - +
GET     /v1/suppliers/{supplier_id}/endpoints                                  - - o - - +
POST    /v1/suppliers/{supplier_id}/endpoints                                  - - o - - +
GET     /v1/suppliers/{supplier_id}/endpoints/{endpoint_id}                    - - o - - +
PUT     /v1/suppliers/{supplier_id}/endpoints/{endpoint_id}                    - - o - - +
DELETE  /v1/suppliers/{supplier_id}/endpoints/{endpoint_id}                    - - o - - +
POST    /v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/rotate             - - o - - +
POST    /v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/ping               - - o - - +
GET     /v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/deliveries         - - o - - +
POST    /v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/deliveries/{delivery_id}/replay  - - o - - +
POST    /v1/recommend                                                          - + - + + +

GET     /v1/offers                                                             + + + + + +
POST    /v1/offers                                                             - - o - + +
GET     /v1/offers/{offer_id}                                                  + + + + + +
PUT     /v1/offers/{offer_id}                                                  - - o - + +
DELETE  /v1/offers/{offer_id}                                                  - - o - + +
POST    /v1/offers/{offer_id}/capacity                                         - - o - + +
POST    /v1/responses                                                          - - o - - +

POST    /v1/events                                                             - o o - o +
GET     /v1/events/{event_id}                                                  - + + + + +
POST    /v1/bulk/{kind}                                                        - + + - + +
GET     /v1/bulk/imports/{job_id}                                              - o o - + +
GET     /v1/bulk/imports/{job_id}/rows                                         - o o - + +
POST    /v1/ocds/releases                                                      - o - - - +
GET     /v1/ocds/releases/{ocid}                                               + + + + + +
GET     /v1/ocds/records/{ocid}                                                + + + + + +
GET     /v1/ocds/extension/{name}                                              + + + + + +
GET     /v1/needs                                                              - - - + + +
GET     /v1/classes                                                            + + + + + +
GET     /v1/classes/{class_id}                                                 + + + + + +
GET     /v1/search                                                             + + + + + +
POST    /v1/classify                                                           - + + + + +
"""

ROUTES: Final[Mapping[tuple[str, str], Grants]] = {(k[0], k[1]): row for k, row in table(_ROUTES, 2).items()}
"""By method and path template."""
ONLY_READ: Final = frozenset({("POST", "/v1/demands/simulate"), ("POST", "/v1/recommend"), ("POST", "/v1/classify")})
"""Routes that take a body and change nothing."""
SECRETS: Final = frozenset({
    ("POST", "/v1/keys"), ("POST", "/v1/keys/{key_id}/rotate"), ("POST", "/v1/suppliers/{supplier_id}/endpoints"),
    ("POST", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/rotate"),
})  # fmt: skip
"""Routes whose answer holds a secret that is shown once."""
OUTSIDE: Final = frozenset({"/openapi.json", "/docs-assets"})
"""What is served beside the routes, to everybody: the description of the API, and files of its page."""


def is_private(method: str, path: str) -> bool:
    """Tell whether a route shows what is somebody's own, or the doors' own records."""
    row = ROUTES.get((method, path), {})
    return Grant.OWN in row.values() or all(row.get(role) is Grant.DENIED for role in ROLES if role is not Role.ADMIN)


def changes(method: str, path: str) -> bool:
    """Tell whether a route changes anything."""
    return method not in {"GET", "HEAD", "OPTIONS"} and (method, path) not in ONLY_READ


def route_grant(method: str, path: str, role: Role) -> Grant:
    """What a role may do at a route. A route without a row is the admin's alone."""
    row = ROUTES.get((method, path))
    if row is None:
        return Grant.ALLOWED if role is Role.ADMIN else Grant.DENIED
    return row[role]
