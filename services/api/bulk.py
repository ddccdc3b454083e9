"""/v1/bulk: tables of suppliers, offers and demands as CSV or XLSX, imported row by row."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from pydantic import BaseModel, Field

from schemas.errors import NotFoundError
from services.access.principals import Principal, Role
from services.access.sending import may_send, remember
from services.api import bulk_examples as x
from services.api.access import Caller
from services.api.deps import Deps, Services
from services.api.openapi import answers
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import MediaTypeError, TooLargeError
from services.imports.bulk.desk import Desk, JobState, Ordered, Progress, Sentence, new_id, now
from services.imports.bulk.job import Servers
from services.imports.bulk.subjects import KindName

router = APIRouter(prefix="/v1/bulk", tags=["events"])

MOST_BYTES: Final = 100_000_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES: Final = ("text/csv", XLSX, "application/octet-stream")
MOST_LOOKED_AT: Final = 20_000
"""Rows that one page looks through."""
SEES_ALL: Final = frozenset({Role.REGISTRAR, Role.ADMIN})
Job = Annotated[str, PathParameter(min_length=1, max_length=100, description="The import's id, as it was answered.")]
RowStatus = Literal["accepted", "unchanged", "refused"]


class BulkImport(BaseModel):
    """An import and how far it is."""

    id: str
    kind: KindName
    state: JobState = Field(description="`waiting`: for servers that are away. `done` and `failed` are the end.")
    dry_run: bool
    accepted: int = Field(description="Rows that became events (in a dry run: would become).")
    unchanged: int = Field(description="Rows that say what is recorded already.")
    refused: int = Field(description="Rows that were left out; see `rows`.")
    share: float = Field(description="How much of the file was read, 0 to 1.")
    notes: list[Sentence] = Field(description="What was noticed of the file: its encoding, sheets that were left out.")
    error: Sentence | None = Field(description="Why it failed, or what it waits for.")
    created: str
    finished: str | None
    status: str = Field(description="Address of this.")
    rows: str = Field(description="Address of the rows' statuses.")


class BulkProblem(BaseModel):
    """One thing that is wrong in a row."""

    cell: str | None = Field(default=None, description="The cell as spreadsheets name it, such as B17.")
    column: str | None = Field(default=None, description="Its column's header as written.")
    en: str
    fa: str


class BulkEvent(BaseModel):
    """The event that a row became, with others of the same demand."""

    id: str
    type: str
    version: int


class BulkRow(BaseModel):
    """What became of one row."""

    row: int = Field(description="Its number in the spreadsheet.")
    status: RowStatus
    subject: str | None = Field(default=None, description="Supplier id, `supplier~offer`, or demand id.")
    event: BulkEvent | None = None
    problems: list[BulkProblem] = []
    note: Sentence | None = None


def _takes() -> dict[str, Any]:
    content = {
        "text/csv": {"schema": {"type": "string"}, "examples": x.TABLES},
        XLSX: {"schema": {"type": "string", "format": "binary"}, "examples": {}},
    }
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/{kind}",
    status_code=202,
    summary="Import a table",
    openapi_extra=_takes(),
    responses=answers(413, 415, 422, 429, example=x.IMPORT, status=202),
)
async def import_table(
    services: Deps,
    request: Request,
    response: Response,
    me: Caller,
    kind: KindName,
    dry_run: Annotated[bool, Query(description="Publish nothing; tell what would become of each row.")] = False,
    reopen: Annotated[bool, Query(description="Publish again what was cancelled or withdrawn.")] = False,
    sheet: Annotated[
        str | None, Query(max_length=100, description="Sheet of a workbook; the first shown one with headers.")
    ] = None,
) -> BulkImport:
    """Import a CSV or XLSX file of up to 100 MB whose rows are suppliers, offers, or items of demands.

    Headers may be Persian or English; `peyvand import template` makes a table with all of them. Rows are taken or refused
    one by one, each with the cell and the reason; each is judged by who sends it. A row that says what is recorded
    already changes nothing, so the same file may be sent again.
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in TYPES:
        msg = f"The body is said to be {said!r}, but a table is taken here." if said else "The media type is not said."
        raise MediaTypeError(msg, hint=f"Send the header Content-Type: text/csv or {XLSX}.")
    order = Ordered(
        id=new_id(), kind=kind, sheet=sheet, dry_run=dry_run, reopen=reopen, role=me.role, subject=me.subject,
        name=me.name, created=now(),
    )  # fmt: skip
    await desk_of(request).take(order, _bounded(request))
    shown = _shown(services, order, Progress())
    response.headers["Location"] = shown.status
    return shown


@router.get("/imports/{job_id}", summary="How far an import is", responses=answers(404, 422, example=x.IMPORT))
async def show_import(services: Deps, request: Request, me: Caller, job_id: Job) -> BulkImport:
    """What was ordered, how many rows are dealt with, and how it ended. Only who ordered it, registrars and admins see it."""
    order, progress = await to_thread.run_sync(_own, desk_of(request), job_id, me)
    return _shown(services, order, progress)


@router.get("/imports/{job_id}/rows", summary="What became of each row", responses=answers(404, 422, example=x.ROWS))
async def list_import_rows(
    request: Request,
    me: Caller,
    job_id: Job,
    status: Annotated[RowStatus | None, Query(description="Only rows of this status.")] = None,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[BulkRow]:
    """The rows that are dealt with, in the order of the file. A page of one status may be empty and yet have a next one."""
    [start] = keys_of(cursor, (0,))
    desk = desk_of(request)
    await to_thread.run_sync(_own, desk, job_id, me)
    rows, after = await to_thread.run_sync(_rows, desk.rows(job_id), start, status, limit)
    return Page(items=rows, next=cursor_of(after) if after is not None else None)


def new_desk(services: Services) -> Desk:
    """The desk of a process: its jobs are sent by whom they were ordered, and to this process's servers."""

    async def servers(principal: Principal) -> Servers:
        return Servers(
            services.settings,
            services.graph,
            services.publisher,
            services.knowledge.taxonomy,
            permit=lambda sent: may_send(principal, sent, services.door.owners),
            sent=lambda events: remember([event.data for event in events], services.door.owners),
        )

    return Desk(services.settings.data_dir, servers)


def desk_of(request: Request) -> Desk:
    """The desk of the app that answers."""
    return request.app.state.desk


async def _bounded(request: Request) -> AsyncIterator[bytes]:
    """The body part by part. TooLargeError: it is larger than this door."""
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            msg = f"The file has more than {MOST_BYTES} bytes."
            raise TooLargeError(msg, hint="Cut the table in parts, or use `peyvand import table`.")
        yield part


def _own(desk: Desk, job: str, me: Principal) -> tuple[Ordered, Progress]:
    """A job that this principal may see. NotFoundError: there is none, or it is another's."""
    found = desk.find(job)
    if found is None or (me.role not in SEES_ALL and found[0].name != me.name):
        msg = "There is no such import of yours."
        raise NotFoundError(msg, hint="Imports are kept for 30 days at the machine that took them.")
    return found


def _shown(services: Services, order: Ordered, progress: Progress) -> BulkImport:
    status = services.links.to("bulk", "imports", order.id)
    return BulkImport(
        id=order.id, kind=order.kind, dry_run=order.dry_run, created=order.created, status=status, rows=f"{status}/rows",
        **dict(progress),
    )  # fmt: skip


def _rows(path: Path, start: int, status: RowStatus | None, limit: int) -> tuple[list[BulkRow], int | None]:
    """Rows from a byte of the log on, and where to go on; None at its end. A start within a row begins at the next."""
    found: list[BulkRow] = []
    wanted: Callable[[BulkRow], bool] = (lambda row: row.status == status) if status else (lambda _: True)
    try:
        with path.open("rb") as log:
            if start > 0:
                log.seek(start - 1)
                log.readline()
            for _ in range(MOST_LOOKED_AT):
                place = log.tell()
                line = log.readline()
                if not line.endswith(b"\n"):
                    return found, None
                row = BulkRow.model_validate_json(line)
                if wanted(row):
                    if len(found) == limit:
                        return found, place
                    found.append(row)
            return found, log.tell()
    except FileNotFoundError:
        return [], None
