"""/v1/classes and /v1/search: the tree of product classes, and finding things by words."""

from typing import Annotated

from fastapi import APIRouter, Query

from graph.reads.classes import class_use
from graph.reads.search import MOST_HITS, search
from schemas.base import Id
from schemas.errors import NotFoundError
from services.api import examples as x
from services.api.deps import Deps, SubjectId
from services.api.hits import hit_of
from services.api.models import ClassOut, ClassRow, Hit
from services.api.openapi import answers
from services.api.paging import DEFAULT_ROWS, CursorText, Limit, Page, cursor_of, keys_of
from services.api.problems import FieldsError, ProblemError
from services.api.shapes import class_row

router = APIRouter(prefix="/v1", tags=["catalogue"])


@router.get("/classes", summary="List product classes", responses=answers(404, 422, example=x.page(x.CLASS_ROW)))
async def list_classes(
    services: Deps,
    parent: Annotated[Id | None, Query(description="Only those directly below this class; `root` for the top.")] = None,
    scheme: Annotated[str | None, Query(max_length=40, description="With `code`: CPV, HS, ISIC or UNSPSC.")] = None,
    code: Annotated[
        str | None, Query(max_length=40, description="Those that this foreign code leads to, best first.")
    ] = None,
    limit: Limit = DEFAULT_ROWS,
    cursor: CursorText = None,
) -> Page[ClassRow]:
    """Peyvand's own classes in the order of their ids, or what a code of another classification leads to."""
    tree = services.knowledge.taxonomy
    if (scheme is None) != (code is None):
        detail = "scheme and code belong together."
        raise FieldsError([ProblemError(detail=detail, parameter="code" if code is None else "scheme")])
    if scheme is not None and code is not None:
        found = [class_row(tree.classes[hit.class_id]) for hit in tree.by_code(scheme, code)]
        return Page(items=found[:limit], next=None)
    if parent is None:
        ids = list(tree.classes)
    elif parent == "root":
        ids = list(tree.roots)
    elif parent in tree:
        ids = list(tree.children(parent))
    else:
        raise _no_class(parent)
    [after] = keys_of(cursor, ("",))
    rest = [one for one in ids if one > after]
    shown = rest[:limit]
    return Page(
        items=[class_row(tree.classes[one]) for one in shown], next=cursor_of(shown[-1]) if len(rest) > limit else None
    )


@router.get("/classes/{class_id}", summary="Show a product class", responses=answers(404, 422, example=x.CLASS_OUT))
async def show_class(services: Deps, class_id: SubjectId) -> ClassOut:
    """A class with its names in both languages, its place in the tree, its codes elsewhere, and how much is in it."""
    tree = services.knowledge.taxonomy
    one = tree.get(class_id)
    if one is None:
        raise _no_class(class_id)
    offers, open_items = await class_use(services.graph, class_id)
    return ClassOut(
        **class_row(one).model_dump(),
        aliases={language: list(names) for language, names in one.aliases.items()},
        codes={scheme: list(codes) for scheme, codes in one.codes.items()},
        made_by=list(one.made_by),
        narrower=list(tree.children(class_id)),
        trail=[class_row(each) for each in tree.path(class_id)],
        offers=offers,
        open_items=open_items,
    )


@router.get("/search", summary="Search by words", responses=answers(422, example=x.page(x.HIT)))
async def search_by_words(
    services: Deps,
    q: Annotated[str, Query(min_length=1, max_length=400, description="Words in Persian or English.")],
    limit: Annotated[int, Query(ge=1, le=100, description="Rows of a page.")] = 20,
    cursor: CursorText = None,
) -> Page[Hit]:
    """Suppliers, offers, demands, their items, classes and buyers whose names or texts hold the words, best first.

    Arabic and Persian letters and digits of both kinds are taken as the same; the last word may be unfinished.
    """
    [skip] = keys_of(cursor, (0,))
    if not 0 <= skip <= MOST_HITS:
        raise FieldsError([ProblemError(detail="Pages end here.", parameter="cursor", hint="Use more words.")])
    rows = await search(services.graph, q, skip, limit + 1)
    more = len(rows) > limit and skip + limit < MOST_HITS
    return Page(
        items=[hit_of(row, services.links) for row in rows[:limit]], next=cursor_of(skip + limit) if more else None
    )


def _no_class(class_id: str) -> NotFoundError:
    msg = f"There is no product class {class_id!r}."
    return NotFoundError(msg, hint="GET /v1/classes lists them, GET /v1/search?q=... finds them by name.")
