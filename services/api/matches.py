"""Matches from both ends, with their explanation."""

import asyncio
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query

from graph.advice.unmatched import unmatched
from graph.reads import matches as reads
from graph.reads.explain import explain
from schemas.base import Id
from schemas.demands import item_key
from schemas.errors import ConflictError
from services.access.words import no_pair
from services.api import examples as x
from services.api.access import own_supplier
from services.api.deps import Deps, SubjectId
from services.api.models import DemandMatchesOut, ExplanationOut, SupplierMatchOut
from services.api.openapi import answers
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.shapes import explanation_out, item_matches_out, supplier_match_out
from services.api.suppliers import not_there

router = APIRouter(prefix="/v1")

PER_ITEM: Final = 20
LINKS: Final[dict[str | None, tuple[str, ...]]] = {
    None: (reads.MATCHES, reads.NEARLY),
    "match": (reads.MATCHES,),
    "near_miss": (reads.NEARLY,),
}


@router.get(
    "/demands/{demand_id}/matches",
    tags=["demands"],
    summary="Who can serve a demand, and why",
    responses=answers(404, 422, example=x.DEMAND_MATCHES),
)
async def show_demand_matches(
    services: Deps,
    demand_id: SubjectId,
    per_item: Annotated[
        int, Query(ge=1, le=100, description="Most matches, and most near misses, per item.")
    ] = PER_ITEM,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> DemandMatchesOut:
    """Per item of the demand: who can serve it, best first, and who nearly can.

    A capable offer comes with every point of the verdict; one that lacks a point or two with what is missing, in data
    and in words. An item that nobody can serve is an open need with its causes; where only the quantity is too large
    for each, `consortium` names offers that have it together, which are no matches.
    """
    [after] = keys_of(cursor, ("",))
    head, found = await asyncio.gather(
        reads.demand_head(services.graph, demand_id),
        reads.demand_matches(
            services.graph, demand_id, after, limit + 1, per_item, services.knowledge, services.today()
        ),
    )
    if head is None or not head["published"]:
        raise not_there("demand", demand_id, named=head is not None)
    shown = found[:limit]
    beside = await unmatched(services.graph, shown, services.knowledge, services.today())
    return DemandMatchesOut(
        demand_id=demand_id,
        title=head["title"],
        buyer_id=head["buyer"],
        buyer=head["buyer_name"],
        version=head["version"],
        cancelled=head["cancelled"],
        items=[item_matches_out(item, beside[item.row["key"]]) for item in shown],
        next=cursor_of(shown[-1].row["key"]) if len(found) > limit else None,
    )


@router.get(
    "/demands/{demand_id}/items/{item_id}/offers/{offer_id}/explanation",
    tags=["demands"],
    summary="Explain any pair",
    responses=answers(404, 409, 422, example=x.EXPLANATION),
)
async def explain_pair(
    services: Deps,
    demand_id: SubjectId,
    item_id: Annotated[Id, Path(description="The item of the demand.")],
    offer_id: Annotated[Id, Path(description="The offer.")],
    supplier: Annotated[
        Id | None, Query(description="The supplier. Needed only where several have an offer of this id.")
    ] = None,
) -> ExplanationOut:
    """Decide a pair of item and offer now, whether it stands as a match or not: every point asked, offered, found."""
    key, supplier = item_key(demand_id, item_id), own_supplier(supplier)
    try:
        found = await explain(
            services.graph, key, offer_id, supplier, knowledge=services.knowledge, today=services.today()
        )
    except ConflictError as error:
        raise ConflictError(error.detail, hint="Add the supplier to the address: ?supplier=...") from error
    if found is None:
        raise no_pair(demand_id, item_id, offer_id)
    return explanation_out(found, demand_id, item_id)


@router.get(
    "/suppliers/{supplier_id}/matches",
    tags=["suppliers"],
    summary="What a supplier can serve, and nearly can",
    responses=answers(404, 422, example=x.page(x.SUPPLIER_MATCH)),
)
async def list_supplier_matches(
    services: Deps,
    supplier_id: SubjectId,
    kind: Annotated[Literal["match", "near_miss"] | None, Query(description="Only these.")] = None,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[SupplierMatchOut]:
    """Open matches and near misses of the supplier's offers, in the order of item and offer."""
    item, offer = keys_of(cursor, ("", ""))
    rows = await reads.supplier_matches(services.graph, supplier_id, (item, offer), limit + 1, LINKS[kind])
    if rows is None:
        raise not_there("supplier", supplier_id, named=False)
    shown = rows[:limit]
    return Page(
        items=[supplier_match_out(row, services.links) for row in shown],
        next=cursor_of(shown[-1]["item_key"], shown[-1]["offer_key"]) if len(rows) > limit else None,
    )
