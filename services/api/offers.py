"""/v1/offers: what suppliers can deliver. An offer's id is unique within its supplier."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from graph.changes import offer_key
from graph.reads import offers as reads
from schemas.base import Id, Line
from schemas.errors import ConflictError
from schemas.offers import CapacityReported, ProductChanged, ProductRegistered, ProductWithdrawn
from services.access.fields import audience
from services.access.principals import Role
from services.api import examples as x
from services.api.access import Caller, own_supplier
from services.api.access_views import SeenAs, etag, shown_to
from services.api.bodies import Body, Draft, read_json
from services.api.deps import Deps, Services, SubjectId
from services.api.models import OfferOut, OfferRow
from services.api.openapi import answers, takes
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import FieldsError, ProblemError
from services.api.shapes import offer_out, offer_row
from services.api.suppliers import not_there, same_id
from services.api.writing import Accepted, accept

router = APIRouter(prefix="/v1/offers", tags=["offers"])

REGISTER: Final = Body(ProductRegistered, "OfferRegistration", record="offer", examples={"a product": x.OFFER})
CHANGE: Final = Body(ProductChanged, "OfferChange", record="offer", examples={"a new test report": x.OFFER_CHANGE})
CAPACITY: Final = Body(
    CapacityReported, "CapacityReport", given=("supplier_id", "offer_id"), examples={"per month": x.CAPACITY}
)

SupplierQuery = Annotated[
    Id | None, Query(description="The supplier. Needed only where several have an offer of this id.")
]


@router.get("", summary="List offers", responses=answers(422, example=x.page(x.OFFER_ROW)))
async def list_offers(
    services: Deps,
    me: Caller,
    supplier: Annotated[Id | None, Query(description="Only those of this supplier.")] = None,
    in_class: Annotated[Id | None, Query(alias="class", description="Only those directly in this class.")] = None,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[OfferRow]:
    """Offers in the order of supplier and id; `supplier` and `class` cannot be combined."""
    if supplier is not None and in_class is not None:
        detail = "supplier and class cannot be combined."
        raise FieldsError([ProblemError(detail=detail, parameter="class", hint="Leave one of them out.")])
    [after] = keys_of(cursor, ("",))
    rows = await reads.offers(services.graph, after, limit + 1, supplier=supplier, in_class=in_class)
    page = rows[:limit]
    return Page(
        items=[shown_to(offer_row(row), audience(me, Role.SUPPLIER, row["supplier"])) for row in page],
        next=cursor_of(page[-1]["key"]) if len(rows) > limit else None,
    )


@router.post(
    "",
    status_code=202,
    summary="Register an offer",
    openapi_extra=takes(REGISTER),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def register_offer(services: Deps, request: Request, response: Response) -> Accepted:
    """Put a product or a capability into the register, again if it had been withdrawn. Publishes ProductRegistered."""
    draft = await REGISTER.read(request)
    offer = draft.data.offer  # type: ignore[attr-defined] - REGISTER makes ProductRegistered
    return await accept(services, draft, _location(services, offer.supplier_id, offer.id), response)


@router.get("/{offer_id}", summary="Show an offer", responses=answers(404, 409, 422, example=x.OFFER_OUT))
async def show_offer(
    services: Deps,
    offer_id: SubjectId,
    me: Caller,
    response: Response,
    supplier: SupplierQuery = None,
    seen_as: SeenAs = None,
) -> OfferOut:
    """The offer's record with the capacity that holds now, its classes, and how often it matches.

    `as` previews what others see.
    """
    owner = await owner_of(services, offer_id, supplier)
    row = await reads.offer(services.graph, offer_key(owner, offer_id))
    if row is None or row["body"] is None:
        raise not_there("offer", offer_id, named=row is not None)
    response.headers["ETag"] = etag(row["version"], row["standing_version"], row["capacity_version"])
    return shown_to(offer_out(row), audience(me, Role.SUPPLIER, owner), seen_as)


@router.put(
    "/{offer_id}",
    status_code=202,
    summary="Change an offer",
    openapi_extra=takes(CHANGE),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def change_offer(
    services: Deps, offer_id: SubjectId, request: Request, response: Response, supplier: SupplierQuery = None
) -> Accepted:
    """Replace the offer's whole record; its `supplier_id` says whose it is. Publishes ProductChanged."""
    draft = await CHANGE.read(request)
    same_id(draft, "offer", offer_id)
    owner: str = draft.data.offer.supplier_id  # type: ignore[attr-defined] - CHANGE makes ProductChanged
    if supplier is not None and supplier != owner:
        detail = f"The record is of supplier {owner!r}, but the address names {supplier!r}."
        raise FieldsError([ProblemError(detail=detail, pointer="#/supplier_id", hint="Make them the same.")])
    return await accept(services, draft, _location(services, owner, offer_id), response)


@router.delete(
    "/{offer_id}",
    status_code=202,
    summary="Withdraw an offer",
    responses=answers(404, 409, 422, example=x.ACCEPTED, status=202),
)
async def withdraw_offer(
    services: Deps,
    offer_id: SubjectId,
    response: Response,
    supplier: SupplierQuery = None,
    reason: Annotated[Line | None, Query(description="Why.")] = None,
) -> Accepted:
    """Say that the offer no longer stands: its matches are withdrawn. Publishes ProductWithdrawn."""
    owner = await owner_of(services, offer_id, own_supplier(supplier))
    data = ProductWithdrawn(version=1, supplier_id=owner, offer_id=offer_id, reason=reason)
    return await accept(services, Draft(data, numbered=False), _location(services, owner, offer_id), response)


@router.post(
    "/{offer_id}/capacity",
    status_code=202,
    summary="Report an offer's capacity",
    openapi_extra=takes(CAPACITY),
    responses=answers(404, 409, 413, 415, 422, example=x.ACCEPTED, status=202),
)
async def report_capacity(
    services: Deps, offer_id: SubjectId, request: Request, response: Response, supplier: SupplierQuery = None
) -> Accepted:
    """Say what can be delivered now; takes the place of the capacity in the record. Publishes CapacityReported."""
    body = await read_json(request)
    owner = await owner_of(services, offer_id, own_supplier(supplier))
    draft = CAPACITY.draft(body, "#", supplier_id=owner, offer_id=offer_id)
    return await accept(services, draft, _location(services, owner, offer_id), response)


async def owner_of(services: Services, offer_id: str, supplier: str | None) -> str:
    """The supplier of an offer. NotFoundError: none has it; ConflictError: several have it and none was named."""
    if supplier is not None:
        return supplier
    found = await reads.suppliers_with_offer(services.graph, offer_id)
    if not found:
        raise not_there("offer", offer_id, named=False)
    if len(found) > 1:
        msg = f"Offer {offer_id!r} exists at several suppliers: {', '.join(found)}."
        raise ConflictError(msg, hint=f"Add the supplier to the address: ?supplier={found[0]}")
    return found[0]


def _location(services: Services, supplier: str, offer_id: str) -> str:
    return services.links.to("offers", offer_id, supplier=supplier)
