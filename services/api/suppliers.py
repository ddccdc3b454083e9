"""/v1/suppliers: the register of suppliers, their plants and standing."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from graph.reads import suppliers as reads
from schemas.base import Id
from schemas.suppliers import (
    SupplierChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierSuspended,
    UnitStateChanged,
)
from services.access.fields import audience
from services.access.principals import Role
from services.access.words import not_there as not_there
from services.api import examples as x
from services.api.access import Caller
from services.api.access_views import SeenAs, etag, shown_to
from services.api.bodies import Body, Draft
from services.api.deps import Deps, SubjectId
from services.api.models import SupplierOut, SupplierRow
from services.api.openapi import answers, takes
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import FieldsError, ProblemError
from services.api.shapes import supplier_out
from services.api.writing import Accepted, accept

router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"])

REGISTER: Final = Body(SupplierRegistered, "SupplierRegistration", record="supplier", examples={"a maker": x.SUPPLIER})
CHANGE: Final = Body(SupplierChanged, "SupplierChange", record="supplier", examples={"renewed": x.SUPPLIER_CHANGE})
SUSPEND: Final = Body(SupplierSuspended, "Suspension", given=("supplier_id",), examples={"until a day": x.SUSPENSION})
REINSTATE: Final = Body(
    SupplierReinstated, "Reinstatement", given=("supplier_id",), examples={"with a reason": x.REINSTATEMENT}
)
UNIT_STATE: Final = Body(
    UnitStateChanged, "UnitStateReport", given=("supplier_id", "unit_id"), examples={"revival": x.UNIT_STATE}
)


@router.get("", summary="List suppliers", responses=answers(422, example=x.page(x.SUPPLIER_ROW)))
async def list_suppliers(services: Deps, limit: Limit = DEFAULT_ROWS, cursor: CursorText = None) -> Page[SupplierRow]:
    """Registered suppliers in the order of their ids."""
    [after] = keys_of(cursor, ("",))
    rows = await reads.suppliers(services.graph, after, limit + 1)
    found = [SupplierRow(**row) for row in rows[:limit]]
    return Page(items=found, next=cursor_of(found[-1].id) if len(rows) > limit else None)


@router.post(
    "",
    status_code=202,
    summary="Register a supplier",
    openapi_extra=takes(REGISTER),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def register_supplier(services: Deps, request: Request, response: Response) -> Accepted:
    """Put a supplier into the register, or send its whole record again. Publishes SupplierRegistered."""
    draft = await REGISTER.read(request)
    return await accept(services, draft, services.links.to("suppliers", record_id(draft, "supplier")), response)


@router.get("/{supplier_id}", summary="Show a supplier", responses=answers(404, 422, example=x.SUPPLIER_OUT))
async def show_supplier(
    services: Deps, supplier_id: SubjectId, me: Caller, response: Response, seen_as: SeenAs = None
) -> SupplierOut:
    """The supplier's record with its standing and the present states of its plants. `as` previews what others see."""
    row = await reads.supplier(services.graph, supplier_id)
    if row is None or row["body"] is None:
        raise not_there("supplier", supplier_id, named=row is not None)
    response.headers["ETag"] = etag(row["version"], row["standing_version"])
    return shown_to(supplier_out(row), audience(me, Role.SUPPLIER, supplier_id), seen_as)


@router.put(
    "/{supplier_id}",
    status_code=202,
    summary="Change a supplier",
    openapi_extra=takes(CHANGE),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def change_supplier(services: Deps, supplier_id: SubjectId, request: Request, response: Response) -> Accepted:
    """Replace the supplier's whole record. Publishes SupplierChanged."""
    draft = await CHANGE.read(request)
    same_id(draft, "supplier", supplier_id)
    return await accept(services, draft, services.links.to("suppliers", supplier_id), response)


@router.post(
    "/{supplier_id}/suspend",
    status_code=202,
    summary="Suspend a supplier",
    openapi_extra=takes(SUSPEND),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def suspend_supplier(services: Deps, supplier_id: SubjectId, request: Request, response: Response) -> Accepted:
    """Say that the supplier may not deliver: all its matches are withdrawn. Publishes SupplierSuspended."""
    draft = await SUSPEND.read(request, supplier_id=supplier_id)
    return await accept(services, draft, services.links.to("suppliers", supplier_id), response)


@router.post(
    "/{supplier_id}/reinstate",
    status_code=202,
    summary="Reinstate a supplier",
    openapi_extra=takes(REINSTATE),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def reinstate_supplier(services: Deps, supplier_id: SubjectId, request: Request, response: Response) -> Accepted:
    """End a suspension: what matches is told again. Publishes SupplierReinstated."""
    draft = await REINSTATE.read(request, supplier_id=supplier_id)
    return await accept(services, draft, services.links.to("suppliers", supplier_id), response)


@router.post(
    "/{supplier_id}/units/{unit_id}/state",
    status_code=202,
    summary="Report the state of a plant",
    openapi_extra=takes(UNIT_STATE),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def report_unit_state(
    services: Deps,
    supplier_id: SubjectId,
    unit_id: Annotated[Id, Path(description="The plant; `main` where the supplier lists none.")],
    request: Request,
    response: Response,
) -> Accepted:
    """Say that a plant runs, stands idle, closed, or is being revived and what that needs. Publishes UnitStateChanged."""
    draft = await UNIT_STATE.read(request, supplier_id=supplier_id, unit_id=unit_id)
    return await accept(services, draft, services.links.to("suppliers", supplier_id), response)


def record_id(draft: Draft, record: str) -> str:
    """The id of the record in a draft."""
    return getattr(draft.data, record).id


def same_id(draft: Draft, record: str, wanted: str) -> None:
    """Refuse a record whose id is not that of the address."""
    found = record_id(draft, record)
    if found != wanted:
        detail = f"The record is of {found!r}, but the address names {wanted!r}."
        raise FieldsError([ProblemError(detail=detail, pointer="#/id", hint="Send it to its own address.")])
