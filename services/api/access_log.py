"""/v1/audit-log: who did what."""

import re
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from graph.access.log import AFTER_ALL, BEFORE_ALL, entries
from graph.driver import Row
from services.api.deps import Deps
from services.api.openapi import answers
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import FieldsError, ProblemError
from services.audits import moment

router = APIRouter(prefix="/v1/audit-log", tags=["access"])


class EntryOut(BaseModel):
    """One thing that somebody did."""

    id: str
    at: datetime
    principal: str
    role: str
    subject: str | None = Field(description="The organisation that the principal spoke for.")
    action: str = Field(description="Method and route, or the command.")
    target: str = Field(description="The path that it was done to.")
    status: int = Field(description="The HTTP status; 0 for a command.")
    events: list[str] = Field(description="Ids of the events that it became.")
    address: str | None = Field(description="The address of the network that it came from.")
    note: str | None


_ENTRY: Final = {
    "id": "01795507200000-000001-9f2c5d1e", "at": "2026-11-24T08:00:00Z", "principal": "urn:peyvand:key:9f2c5d1e0b7a4c63",
    "role": "agency", "subject": "rai", "action": "PUT /v1/demands/{demand_id}", "target": "/v1/demands/dem-2027-0041",
    "status": 202, "events": ["7d1f5f9e-3f0e-4b52-9a51-0d6a3f1d9c11"], "address": "192.0.2.7", "note": None,
}  # fmt: skip
LAST: Final = 10**14 - 1


def _written(value: object) -> object:
    """Refuse numbers, which would be read as seconds since 1970."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\dT", value):
        msg = "a time is written as 2027-03-31T08:00:00Z"
        raise ValueError(msg)
    return value


Moment = Annotated[AwareDatetime | None, BeforeValidator(_written), Query(description="ISO 8601, with its offset.")]


@router.get("", summary="Who did what", responses=answers(422, example={"items": [_ENTRY], "next": None}))
async def list_log(
    services: Deps,
    principal: Annotated[str | None, Query(max_length=300, description="Only of this one, by its whole name.")] = None,
    target: Annotated[str | None, Query(max_length=300, description="Only what was done to this path.")] = None,
    since: Moment = None,
    until: Moment = None,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[EntryOut]:
    """Writes of everybody, keys that were made and ended, and all that admins' keys were used for, newest first.

    `principal` and `target` cannot be combined. An entry of a write that became an event follows within moments.
    """
    if principal is not None and target is not None:
        detail = "principal and target cannot be combined."
        raise FieldsError([ProblemError(detail=detail, parameter="target", hint="Leave one of them out.")])
    [before] = keys_of(cursor, (_edge(until, AFTER_ALL),))
    rows = await entries(
        services.graph, _edge(since, BEFORE_ALL), before, limit + 1, principal=principal, target=target
    )
    shown = rows[:limit]
    return Page(
        items=[_entry_out(row) for row in shown], next=cursor_of(shown[-1]["id"]) if len(rows) > limit else None
    )


def _edge(at: datetime | None, otherwise: str) -> str:
    """The id that stands at a time."""
    return otherwise if at is None else f"{min(max(0, int(at.timestamp() * 1000)), LAST):014d}"


def _entry_out(row: Row) -> EntryOut:
    return EntryOut.model_validate({**row, "at": moment(row["at"]), "events": row["events"] or []})
