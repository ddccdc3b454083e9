"""/v1/suppliers/{id}/inbox: what a supplier was told: pages, a live stream, and how far it has read."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Request
from pydantic import Field
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from graph.delivery.preferences import inbox_state, read_up_to
from graph.reads import inbox as reads
from graph.reads.matches import supplier_exists
from schemas.base import Model
from services.access.asked import current
from services.api import examples as x
from services.api import telling as t
from services.api.bodies import checked, read_json
from services.api.deps import Deps, Services, SubjectId
from services.api.models import InboxOut
from services.api.openapi import answers, strict_schema, takes_schema
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, cursor_of, keys_of
from services.api.shapes import notice_out
from services.api.suppliers import not_there

router = APIRouter(prefix="/v1/suppliers/{supplier_id}/inbox", tags=["telling"])

HEARTBEAT_SECONDS: Final = 15
RETRY_MILLISECONDS: Final = 3000


class ReadMark(Model):
    """The last notice that was read."""

    seq: int = Field(ge=-1, lt=2**62, description="Its seq; everything up to it counts as read.")
    back: bool = Field(default=False, description="Move the mark back too, so that older news is unread again.")


@router.get("", summary="What a supplier was told", responses=answers(404, 422, example=x.INBOX))
async def show_inbox(
    services: Deps, supplier_id: SubjectId, limit: Limit = DEFAULT_ROWS, cursor: CursorText = None
) -> InboxOut:
    """News for the supplier in the order of telling. `next` is always given: ask with it later for what came since.

    Nothing is ever added below `watermark`, so a reader that goes on from `next` skips nothing.
    """
    [after] = keys_of(cursor, (-1,))
    rows, state = await asyncio.gather(
        reads.inbox(services.graph, supplier_id, after, limit + 1), inbox_state(services.graph, supplier_id)
    )
    if not rows:
        await _known(services, supplier_id)
    shown = rows[:limit]
    return InboxOut(
        items=[notice_out(row) for row in shown],
        next=cursor_of(shown[-1]["seq"] if shown else after),
        more=len(rows) > limit,
        **state,
    )


@router.post(
    "/read",
    summary="Say how far the inbox was read",
    openapi_extra=takes_schema("ReadMark", strict_schema(ReadMark), {"up to the fifth": {"seq": 4}}),
    responses=answers(404, 413, 415, 422, example={"read": 4, "unread": 0}),
)
async def mark_inbox_read(services: Deps, supplier_id: SubjectId, request: Request) -> t.ReadUpTo:
    """Everything up to `seq` counts as read. An older mark than the present one changes nothing, unless `back` is set."""
    body = await read_json(request)
    mark = checked(ReadMark, body, body)
    await _known(services, supplier_id)
    await read_up_to(services.graph, supplier_id, mark.seq, back=mark.back)
    state = await inbox_state(services.graph, supplier_id)
    return t.ReadUpTo(read=state["read"], unread=state["unread"])


@router.get(
    "/stream",
    summary="News as it comes",
    responses={
        **answers(404, 422),
        200: {"description": "Server-sent events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
    },
    response_class=EventSourceResponse,
)
async def stream_inbox(
    services: Deps,
    supplier_id: SubjectId,
    request: Request,
    after: Annotated[int | None, Query(ge=-1, lt=2**62, description="Begin after this seq; -1 for all.")] = None,
    seconds: Annotated[int, Query(ge=1, le=86_400, description="End after this long; clients connect again.")] = 3600,
    last_event_id: Annotated[
        str | None, Header(pattern=r"^(-1|\d{1,18})$", description="The seq that came last; sent by browsers.")
    ] = None,
) -> EventSourceResponse:
    """Server-sent events: `id` is the seq, `event` the kind, `data` the notice as in the inbox.

    A client that connects again with `Last-Event-ID` misses nothing. Without it and without `after`, the stream begins
    with what comes next. A comment is sent every 15 s. It ends when the key or token does.
    """
    await _known(services, supplier_id)
    services.door.may_stream(current())
    start = int(last_event_id) if last_event_id is not None else after
    if start is None:
        newest = await reads.inbox_newest(services.graph, supplier_id, 2**62, 1)
        start = newest[0]["seq"] if newest else -1
    return EventSourceResponse(
        _events(services, supplier_id, start, seconds, request), ping=HEARTBEAT_SECONDS, send_timeout=30
    )


async def _events(
    services: Services, supplier_id: str, after: int, seconds: float, request: Request
) -> AsyncIterator[ServerSentEvent]:
    me = current()
    with services.door.streaming(me):
        yield ServerSentEvent(comment="connected", retry=RETRY_MILLISECONDS)
        until = asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0 and not await request.is_disconnected():
            news = await services.news.after(supplier_id, after, left)
            if not await services.door.keys.still(me):
                return
            for row in news:
                after = row["seq"]
                yield ServerSentEvent(notice_out(row).model_dump_json(), event=row["kind"], id=str(after))


async def _known(services: Services, supplier_id: str) -> None:
    if not await supplier_exists(services.graph, supplier_id):
        raise not_there("supplier", supplier_id, named=False)
