"""Advice on demands: the simulator, equivalents of imports, consortia, unmet needs, classes, suppliers to invite."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from graph.advice.ask import able, consortium_of, equivalents_of, simulate_demand, stored_demand
from graph.advice.equivalents import Equivalents
from graph.advice.learn.classify import Asked
from graph.advice.needs import needs
from graph.advice.recommend import Recommended, recommend
from graph.advice.simulate import Simulation
from graph.reads.names import supplier_names
from schemas.base import Id, Line, Model, Text
from schemas.demands import Demand, DemandItem, DemandPublished
from schemas.errors import NotFoundError
from services.advice_json import classified_plain
from services.api import advice_examples as x
from services.api.bodies import Body, checked, read_json
from services.api.deps import Deps, Services, SubjectId
from services.api.learner import Learner, learner_of
from services.api.openapi import answers, body_schema, strict_schema, takes_schema
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import FieldsError, ProblemError
from services.api.suppliers import not_there
from services.api.unmatched import ConsortiumOut, UnmetNeedOut, consortium_out, unmet_need_out
from services.drafts import completed, demand_text, has_quantity

router = APIRouter(prefix="/v1")

DRAFT: Final = Body(DemandPublished, "DemandDraft", record="demand")
MOST: Final = 200
ROWS: Final = 10
Learnt = Annotated[Learner, Depends(learner_of)]
ItemId = Annotated[Id, Path(description="The item of the demand.")]
T = TypeVar("T")


class TextToClassify(Model):
    """A text whose classes and codes are wanted."""

    id: Line | None = None
    title: Text
    description: Text = ""


class ScoredClass(BaseModel):
    """A product class with a score from 0 to 1."""

    id: str
    score: float


class ScoredCode(BaseModel):
    """A code of a foreign classification with a score from 0 to 1."""

    code: str
    score: float


class ClassifiedOut(BaseModel):
    """Classes and codes of a text, best first."""

    id: str
    classes: list[ScoredClass]
    cpv: list[ScoredCode]
    hs: list[ScoredCode]


class RecommendedOut(BaseModel):
    """Suppliers to look at or invite for a demand, best first. None of them is a match for that."""

    id: str
    suppliers: list[Recommended]


class SimulationOut(BaseModel):
    """What each item of a draft would find."""

    items: list[Simulation] = Field(description="In the order of the draft's items, at most 50.")


def _draft_schema() -> dict[str, Any]:
    """The schema of a demand, of which a draft may leave out what is given at publication."""
    schema = body_schema(DRAFT)
    item = schema["$defs"]["DemandItem-Input"]
    own = {**item, "title": "DraftItem", "required": ["title"]}
    items = {**schema["properties"]["items"], "items": {"$ref": "#/components/schemas/DraftItem-Input"}}
    return {
        **schema,
        "properties": {**schema["properties"], "items": items},
        "required": [name for name in schema["required"] if name not in ("id", "buyer", "title")],
        "$defs": {**schema["$defs"], "DraftItem-Input": own},
    }


def _texts_schema() -> dict[str, Any]:
    schema = strict_schema(TextToClassify)
    defs = {**schema.pop("$defs", {}), "TextToClassify-Input": schema}
    one = {"$ref": "#/components/schemas/TextToClassify-Input"}
    return {
        "title": "TextsToClassify",
        "anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST}],
        "$defs": defs,
    }


@router.post(
    "/demands/simulate",
    tags=["demands"],
    summary="Simulate a demand before it is published",
    openapi_extra=takes_schema("DemandDraft", _draft_schema(), {"brake blocks": x.DRAFT}),
    responses=answers(413, 415, 422, example=x.SIMULATION),
)
async def simulate_draft(services: Deps, request: Request) -> SimulationOut:
    """Who could serve it now, and how many suppliers each clause removes: alone, and given all others.

    Nothing is published. `id`, `buyer` and `title` may be left out. A supplier counts as removed by a clause when none
    of its offers of the thing passes it; as silent when its offer does not say.
    """
    demand = _draft(await read_json(request))
    return SimulationOut(items=await simulate_demand(services.graph, demand, services.knowledge, services.today()))


@router.get(
    "/demands/{demand_id}/items/{item_id}/equivalents",
    tags=["demands"],
    summary="Domestic equivalents of an imported item",
    responses=answers(404, 422, example=x.EQUIVALENTS),
)
async def show_equivalents(services: Deps, demand_id: SubjectId, item_id: ItemId) -> Equivalents:
    """Who makes what is imported now, who nearly does and at what gap; `unmet` with the causes where nobody does.

    Brand, foreign part numbers and HS code of the item help to find it and are never asked of it.
    """
    demand, item = await _item(services, demand_id, item_id)
    return await equivalents_of(services.graph, demand, item, services.knowledge, services.today())


@router.get(
    "/demands/{demand_id}/items/{item_id}/consortium",
    tags=["demands"],
    summary="Offers that together have the quantity",
    responses=answers(404, 422, example=x.CONSORTIUM),
)
async def show_consortium(services: Deps, demand_id: SubjectId, item_id: ItemId) -> ConsortiumOut:
    """The fewest offers, at most four and one a supplier, that together deliver what no single one can.

    A proposal and no match. What is awarded already is not counted again, nor is who declined or has no capacity now.
    """
    demand, item = await _item(services, demand_id, item_id)
    found = await consortium_of(services.graph, demand, item, services.knowledge, services.today())
    return consortium_out(found)


@router.get(
    "/needs",
    tags=["demands"],
    summary="Unmet needs",
    responses=answers(422, example=x.NEEDS),
)
async def list_needs(
    services: Deps,
    imported: Annotated[bool, Query(description="Only items that name an import.")] = False,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[UnmetNeedOut]:
    """Open demand items that nobody can serve now, with why: who cannot is told apart from who does not say.

    Read from the matches that stand: a need opens and closes with them, and with its demand.
    """
    [after] = keys_of(cursor, ("",))
    rows = await needs(services.graph, after, limit + 1, services.knowledge, services.today(), imported=imported)
    shown = rows[:limit]
    return Page(
        items=[unmet_need_out(row) for row in shown],
        next=cursor_of(shown[-1].key) if len(rows) > limit else None,
    )


@router.post(
    "/classify",
    tags=["catalogue"],
    summary="Classes and codes of a text",
    openapi_extra=takes_schema("TextsToClassify", _texts_schema(), {"one text": x.TEXT, "several": [x.TEXT]}),
    responses=answers(413, 415, 422, example=x.CLASSIFIED),
)
async def classify_texts(learner: Learnt, request: Request) -> ClassifiedOut | list[ClassifiedOut]:
    """One text or an array of them, in any language: product classes, CPV and HS codes, best first.

    Learnt from the demands in the graph that carry CPV codes, the labels of loaded codes, and the tree's own names.
    """
    sent = await read_json(request)
    texts = _each(sent, lambda one, at: checked(TextToClassify, one, one, at=at))
    classifier, _ = await learner.learnt()
    asked = [Asked(each.id or str(number), each.title, each.description) for number, each in enumerate(texts, 1)]
    found = await asyncio.to_thread(classifier.classify, asked)
    done = [ClassifiedOut.model_validate(classified_plain(each)) for each in found]
    return done if isinstance(sent, list) else done[0]


@router.post(
    "/recommend",
    tags=["suppliers"],
    summary="Suppliers to invite",
    openapi_extra=takes_schema("DemandDraft", _draft_schema(), {"brake blocks": x.DRAFT}),
    responses=answers(413, 415, 422, example=x.RECOMMENDED),
)
async def recommend_suppliers(services: Deps, learner: Learnt, request: Request) -> RecommendedOut:
    """Suppliers for a draft, by what they make and by similar demands they won. For inviting: it makes no match."""
    sent = await read_json(request)
    demand = _draft(sent)
    _, ranker = await learner.learnt()
    [won] = await asyncio.to_thread(ranker.rank, [demand_text(demand)], ROWS)
    sized = has_quantity(sent)
    capable = await able(services.graph, demand, services.knowledge, services.today(), sized=sized)
    names = await supplier_names(services.graph, [each.supplier for each in won])
    return RecommendedOut(id=demand.id, suppliers=recommend(capable, won, names, ROWS))


def _draft(sent: Any) -> Demand:
    whole = completed(cast("dict[str, Any]", sent)) if isinstance(sent, dict) else sent
    return cast("DemandPublished", DRAFT.draft(whole, "#").data).demand


def _each(sent: Any, read: Callable[[Any, str], T]) -> list[T]:
    """One value, or each of an array."""
    if not isinstance(sent, list):
        return [read(sent, "#")]
    rows = cast("list[Any]", sent)
    if not 1 <= len(rows) <= MOST:
        raise FieldsError([ProblemError(detail=f"From 1 to {MOST} texts are taken at once.", pointer="#")])
    return [read(one, f"#/{number}") for number, one in enumerate(rows)]


async def _item(services: Services, demand_id: str, item_id: str) -> tuple[Demand, DemandItem]:
    demand = await stored_demand(services.graph, demand_id)
    if demand is None:
        raise not_there("demand", demand_id, named=False)
    for item in demand.items:
        if item.id == item_id:
            return demand, item
    msg = f"Demand {demand_id!r} has no item {item_id!r}."
    raise NotFoundError(msg, hint=f"It has {', '.join(item.id for item in demand.items)}.")
