"""/v1/responses: what suppliers answer to matches."""

from typing import Final

from fastapi import APIRouter, Request, Response

from schemas.responses import SupplierResponded
from services.api import examples as x
from services.api.bodies import Body
from services.api.deps import Deps
from services.api.openapi import answers, takes
from services.api.writing import Accepted, accept

router = APIRouter(prefix="/v1/responses", tags=["responses"])

ANSWER: Final = Body(SupplierResponded, "SupplierAnswer", examples={"interest": x.INTEREST, "decline": x.DECLINE})


@router.post(
    "",
    status_code=202,
    summary="Answer a match",
    openapi_extra=takes(ANSWER),
    responses=answers(413, 415, 422, example=x.ACCEPTED, status=202),
)
async def answer_match(services: Deps, request: Request, response: Response) -> Accepted:
    """Say interest, ask, or decline with a reason. Publishes SupplierResponded.

    The last answer to an item with an offer stands.
    """
    draft = await ANSWER.read(request)
    data = draft.data
    assert isinstance(data, SupplierResponded)  # noqa: S101 - ANSWER makes nothing else
    location = services.links.to(
        "demands", data.demand_id, "items", data.item_id, "offers", data.offer_id, "explanation", supplier=data.supplier_id
    )  # fmt: skip
    return await accept(services, draft, location, response)
