"""/v1/demands/{id}/audit and /responses: who was told of a demand, and what suppliers answered."""

from typing import Any, Final

from fastapi import APIRouter

from graph.reads import audit as reads
from graph.reads.matches import demand_head
from graph.reads.responses import responses as read_responses
from schemas.responses import SupplierResponded
from services.api import examples as x
from services.api import telling as t
from services.api.deps import Deps, SubjectId
from services.api.openapi import answers
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.suppliers import not_there
from services.audits import AuditOut, audit_out

router = APIRouter(prefix="/v1/demands/{demand_id}", tags=["telling"])

EXAMPLE_RESPONSE: Final = {
    "at": "2026-11-24T08:00:00+00:00", "event_id": "7f1d7d3c", "version": 1, "supplier_id": "sup-azar-friction",
    "supplier": "Azar", "item": "1", "item_title": "composite brake blocks", "offer_id": "off-k-block",
    "offer": "Composite brake block, K type", "answer": "decline", "reason": "no_capacity", "response": x.DECLINE,
}  # fmt: skip


@router.get("/audit", summary="Who was told, and who was not", responses=answers(404, 422, example=t.EXAMPLE_AUDIT))
async def audit_demand(services: Deps, demand_id: SubjectId) -> AuditOut:
    """Per item: every telling with its time, rules and channels; and every offer that was looked at and not told, and why.

    Tellings are as they were made; why others were not told is decided by present facts.
    """
    found = await reads.audit(services.graph, demand_id, services.knowledge, services.today())
    if found is None:
        raise not_there("demand", demand_id, named=False)
    return audit_out(found)


@router.get(
    "/responses",
    summary="What suppliers answered",
    responses=answers(404, 422, example={"items": [EXAMPLE_RESPONSE], "next": None}),
)
async def list_responses(
    services: Deps, demand_id: SubjectId, limit: Limit = DEFAULT_ROWS, cursor: CursorText = None
) -> Page[t.ResponseOut]:
    """Standing answers to the demand's items, in the order in which they were given."""
    at, last = keys_of(cursor, ("", ""))
    rows = await read_responses(services.graph, demand_id, (at, last), limit + 1)
    if not rows:
        head = await demand_head(services.graph, demand_id)
        if head is None or not head["published"]:
            raise not_there("demand", demand_id, named=head is not None)
    shown = rows[:limit]
    return Page(
        items=[_response(row) for row in shown],
        next=cursor_of(shown[-1]["at"], shown[-1]["id"]) if len(rows) > limit else None,
    )


def _response(row: dict[str, Any]) -> t.ResponseOut:
    data = SupplierResponded.model_validate_json(row["body"])
    return t.ResponseOut(
        at=row["at"] or None,
        event_id=row["event"],
        version=row["version"],
        supplier_id=row["supplier"],
        supplier=row["supplier_name"],
        item=row["item"],
        item_title=row["item_title"],
        offer_id=data.offer_id,
        offer=row["offer_title"],
        answer=data.answer,
        reason=data.reason,
        response=data,
    )
