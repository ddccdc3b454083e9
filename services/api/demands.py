"""/v1/demands: what buyers want, and its life."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from graph.reads import demands as reads
from schemas.base import Id
from schemas.demands import DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from services.access.fields import audience
from services.access.principals import Role
from services.api import examples as x
from services.api.access import Caller
from services.api.access_views import SeenAs, etag, shown_to
from services.api.bodies import Body
from services.api.deps import Deps, SubjectId
from services.api.models import DemandOut, DemandRow
from services.api.openapi import answers, takes
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import FieldsError, ProblemError
from services.api.shapes import demand_out, demand_row
from services.api.suppliers import not_there, record_id, same_id
from services.api.writing import Accepted, accept

router = APIRouter(prefix="/v1/demands", tags=["demands"])

PUBLISH: Final = Body(DemandPublished, "DemandPublication", record="demand", examples={"brake blocks": x.DEMAND})
AMEND: Final = Body(DemandAmended, "DemandAmendment", record="demand", examples={"more of it": x.DEMAND_CHANGE})
CANCEL: Final = Body(
    DemandCancelled, "Cancellation", given=("demand_id",), examples={"for want of money": x.CANCELLATION}
)
AWARD: Final = Body(DemandAwarded, "Award", given=("demand_id",), examples={"the whole item": x.AWARD})


@router.get("", summary="List demands", responses=answers(422, example=x.page(x.DEMAND_ROW)))
async def list_demands(
    services: Deps,
    buyer: Annotated[Id | None, Query(description="Only those of this buyer (its id).")] = None,
    only_open: Annotated[bool, Query(alias="open", description="Only those with an open item.")] = False,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[DemandRow]:
    """Demands in the order of their ids; `buyer` and `open` cannot be combined."""
    if buyer is not None and only_open:
        detail = "buyer and open cannot be combined."
        raise FieldsError([ProblemError(detail=detail, parameter="open", hint="Leave one of them out.")])
    [after] = keys_of(cursor, ("",))
    rows = await reads.demands(services.graph, after, limit + 1, buyer=buyer, only_open=only_open)
    found = [demand_row(row) for row in rows[:limit]]
    return Page(items=found, next=cursor_of(found[-1].id) if len(rows) > limit else None)


@router.post(
    "",
    status_code=202,
    summary="Publish a demand",
    openapi_extra=takes(PUBLISH),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def publish_demand(services: Deps, request: Request, response: Response) -> Accepted:
    """Open a demand, again if it had been cancelled. Capable suppliers are told at once. Publishes DemandPublished."""
    draft = await PUBLISH.read(request)
    return await accept(services, draft, services.links.to("demands", record_id(draft, "demand")), response)


@router.get("/{demand_id}", summary="Show a demand", responses=answers(404, 422, example=x.DEMAND_OUT))
async def show_demand(
    services: Deps, demand_id: SubjectId, me: Caller, response: Response, seen_as: SeenAs = None
) -> DemandOut:
    """The demand's record with the standing of its items and its awards. `as` previews what others see."""
    row = await reads.demand(services.graph, demand_id)
    if row is None or row["body"] is None:
        raise not_there("demand", demand_id, named=row is not None)
    response.headers["ETag"] = etag(row["version"], row["standing_version"])
    return shown_to(demand_out(row, services.today()), audience(me, Role.AGENCY, row["buyer"]), seen_as)


@router.put(
    "/{demand_id}",
    status_code=202,
    summary="Amend a demand",
    openapi_extra=takes(AMEND),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def amend_demand(services: Deps, demand_id: SubjectId, request: Request, response: Response) -> Accepted:
    """Replace the demand's whole record; a cancelled one stays cancelled. Publishes DemandAmended."""
    draft = await AMEND.read(request)
    same_id(draft, "demand", demand_id)
    return await accept(services, draft, services.links.to("demands", demand_id), response)


@router.post(
    "/{demand_id}/cancel",
    status_code=202,
    summary="Cancel a demand",
    openapi_extra=takes(CANCEL),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def cancel_demand(services: Deps, demand_id: SubjectId, request: Request, response: Response) -> Accepted:
    """Say that the demand no longer stands: its matches are withdrawn. Publishes DemandCancelled."""
    draft = await CANCEL.read(request, demand_id=demand_id)
    return await accept(services, draft, services.links.to("demands", demand_id), response)


@router.post(
    "/{demand_id}/awards",
    status_code=202,
    summary="Award an item",
    openapi_extra=takes(AWARD),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def award_item(services: Deps, demand_id: SubjectId, request: Request, response: Response) -> Accepted:
    """Give an item, or a part of its quantity, to a supplier; `complete` closes the item. Publishes DemandAwarded."""
    draft = await AWARD.read(request, demand_id=demand_id)
    return await accept(services, draft, services.links.to("demands", demand_id), response)
