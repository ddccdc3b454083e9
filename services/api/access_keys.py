"""/v1/keys and /v1/me: who may ask, and who asks."""

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from graph import clock
from graph.access import keys as store
from graph.driver import Row
from schemas.base import Model
from services.access import issuing
from services.access.issuing import By
from services.access.keys import Made, NewKey
from services.access.principals import Role
from services.api.access import Caller, address_of
from services.api.bodies import checked, read_json
from services.api.deps import Deps, Services
from services.api.openapi import answers, strict_schema, takes_schema
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.audits import Time, moment

router = APIRouter(prefix="/v1", tags=["access"])

KeyId = Annotated[str, Path(pattern=r"^[0-9a-z]{1,40}$", description="Its id, which is the middle part of its text.")]
State = Literal["active", "expired", "revoked"]


class KeyOut(BaseModel):
    """A key, without its secret."""

    id: str
    name: str
    role: Role
    subject: str | None
    source: str | None = Field(description="What the source of its own CloudEvents may begin with.")
    state: State
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: Time
    last_used_at: Time = Field(description="To the hour.")
    replaces: str | None = Field(description="The key in whose place it was made.")


class KeyMade(BaseModel):
    """A new key. Its text is shown this once."""

    id: str
    key: str = Field(description="Send it as `Authorization: Bearer <key>`.")
    expires_at: datetime
    location: str


class Replacement(Model):
    """How a key is gone over from."""

    overlap_hours: float = Field(default=24.0, ge=0, le=24 * 30, description="How long the old key still holds.")
    days: int = Field(default=365, ge=1, le=1830, description="Days until the new key ends.")


class Me(BaseModel):
    """Who asks, as this service sees it."""

    role: Role
    subject: str | None = Field(description="Buyer id of an agency, supplier id of a supplier.")
    name: str = Field(description="The name in the log and in events.")
    access: Literal["open", "keys"]
    expires_at: Time = Field(description="When the key or token ends.")


_AT: Final = "2026-11-24T08:00:00Z"
_KEY: Final = {
    "id": "9f2c5d1e0b7a4c63", "name": "RAI procurement", "role": "agency", "subject": "rai", "source": "urn:rai:",
    "state": "active", "created_at": _AT, "created_by": "urn:peyvand:cli", "expires_at": "2027-11-24T08:00:00Z",
    "revoked_at": None, "last_used_at": _AT, "replaces": None,
}  # fmt: skip
_MADE: Final = {
    "id": _KEY["id"], "key": f"pvk_{_KEY['id']}_for-the-documentation-only", "expires_at": _KEY["expires_at"],
    "location": f"/v1/keys/{_KEY['id']}",
}  # fmt: skip
_NEW: Final = {"name": "RAI procurement", "role": "agency", "subject": "rai", "source": "urn:rai:", "days": 365}
_ME: Final = {
    "role": "agency", "subject": "rai", "name": f"urn:peyvand:key:{_KEY['id']}", "access": "keys",
    "expires_at": _KEY["expires_at"],
}  # fmt: skip


@router.get("/me", summary="Who asks", responses=answers(example=_ME))
async def show_me(services: Deps, me: Caller) -> Me:
    """The role and the organisation that the key or token of this request stands for."""
    return Me(
        role=me.role,
        subject=me.subject,
        name=me.urn,
        access="open" if services.door.open else "keys",
        expires_at=moment(me.expires_at),
    )


@router.get("/keys", summary="List keys", responses=answers(422, example={"items": [_KEY], "next": None}))
async def list_keys(services: Deps, limit: Limit = DEFAULT_ROWS, cursor: CursorText = None) -> Page[KeyOut]:
    """All keys in the order of their ids, also those that have ended."""
    [after] = keys_of(cursor, ("",))
    rows = await store.keys(services.graph, after, limit + 1)
    found = [_key_out(row) for row in rows[:limit]]
    return Page(items=found, next=cursor_of(found[-1].id) if len(rows) > limit else None)


@router.post(
    "/keys",
    status_code=201,
    summary="Make a key",
    openapi_extra=takes_schema("NewKey", strict_schema(NewKey), {"an agency": _NEW}),
    responses=answers(409, 413, 415, 422, example=_MADE, status=201),
)
async def make_key(services: Deps, me: Caller, request: Request, response: Response) -> KeyMade:
    """Make a key for an organisation or a program. Only its hash is kept: the text in the answer is shown this once."""
    body = await read_json(request)
    made = await issuing.issue(services.graph, checked(NewKey, body, body), _by(me, request, "POST /v1/keys"))
    return _made(services, made, response)


@router.get("/keys/{key_id}", summary="Show a key", responses=answers(404, 422, example=_KEY))
async def show_key(services: Deps, key_id: KeyId) -> KeyOut:
    """One key, without its secret."""
    row = await store.key(services.graph, key_id)
    if row is None:
        raise issuing.no_key(key_id)
    return _key_out(row)


@router.post(
    "/keys/{key_id}/rotate",
    status_code=201,
    summary="Replace a key",
    openapi_extra=takes_schema("Replacement", strict_schema(Replacement), {"a day of both": {"overlap_hours": 24}}),
    responses=answers(404, 409, 413, 415, 422, example=_MADE, status=201),
)
async def replace_key(services: Deps, me: Caller, key_id: KeyId, request: Request, response: Response) -> KeyMade:
    """Make a key of the same kind. Both hold for the overlap; then the old one ends."""
    body = await read_json(request)
    wish = checked(Replacement, body, body)
    by = _by(me, request, "POST /v1/keys/{key_id}/rotate")
    made = await issuing.replace(services.graph, key_id, by, overlap_hours=wish.overlap_hours, days=wish.days)
    services.door.keys.forget(key_id)
    return _made(services, made, response)


@router.delete(
    "/keys/{key_id}", status_code=204, summary="Revoke a key", responses=answers(404, 422), response_class=Response
)
async def revoke_key(services: Deps, me: Caller, key_id: KeyId, request: Request) -> None:
    """End a key: here at once, at other API processes within seconds, streams included."""
    await issuing.revoke(services.graph, key_id, _by(me, request, "DELETE /v1/keys/{key_id}"))
    services.door.keys.forget(key_id)


def _by(me: Caller, request: Request, action: str) -> By:
    return By(me, action, address_of(request.scope))


def _made(services: Services, made: Made, response: Response) -> KeyMade:
    location = services.links.to("keys", made.row["id"])
    response.headers["Location"] = location
    response.headers["Cache-Control"] = "no-store"
    ends = moment(made.row["expires_at"])
    assert ends is not None  # noqa: S101 - every key ends
    return KeyMade(id=made.row["id"], key=made.text, expires_at=ends, location=location)


def _key_out(row: Row) -> KeyOut:
    times = {name: moment(row[name]) for name in ("created_at", "expires_at", "revoked_at", "last_used_at")}
    rest = {name: row[name] for name in ("id", "name", "role", "subject", "source", "created_by", "replaces")}
    return KeyOut.model_validate({**rest, **times, "state": issuing.state_of(row, clock.now())})
