"""`peyvand classify` and `recommend`: JSON lines in, JSON lines out, learnt from past demands."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from graph.advice.ask import Able, able
from graph.advice.embed import Embedder
from graph.advice.learn.awards import AwardRanker
from graph.advice.learn.classify import Asked, Classified, Classifier
from graph.advice.learn.history import text_of
from graph.advice.recommend import recommend as fuse
from graph.driver import Graph
from graph.reads.names import supplier_names
from schemas.demands import Demand
from schemas.errors import InvalidInputError
from services.advice_json import classified_plain, plain
from services.cli.inputs import json_lines
from services.cli.show import today_of
from services.drafts import demand_text, draft, has_quantity
from services.evaluate.folds import measure_awards, measure_codes
from services.learning import Learnt, Say, learn

EXIT_REFUSED = 2
BATCH = 64
History = Annotated[
    list[Path] | None,
    typer.Option("--history", help="Past demands as JSON lines (or a folder of such); the graph's own when left out."),
]
Embeddings = Annotated[
    bool, typer.Option("--embeddings/--no-embeddings", help="Use embeddings where the extra `rerank` is installed.")
]
Measure = Annotated[
    bool, typer.Option("--measure", help="Measure on held-out folds of the past demands; reads no standard input.")
]
Rows = Annotated[int, typer.Option(min=1, max=100, help="Most answers per line.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(classify)
    app.command()(recommend)


def classify(
    context: typer.Context,
    history: History = None,
    cpv: Annotated[Path | None, typer.Option(help="Labels of CPV codes as JSON: {code: label}.")] = None,
    embeddings: Embeddings = True,
    rows: Rows = 10,
    measure: Measure = False,
) -> None:
    """Classify texts: lines {id, title, description} on standard input, a line of classes and codes for each.

    Past demands of --history have `title`, `desc` or `description`, and `cpv_main`; more fields are in docs.
    """
    learnt = asyncio.run(learn(context.obj.settings, history or [], cpv, _say(context)))
    embedder = _embedder(context, learnt, wanted=embeddings)
    if measure:
        for by_buyer in (False, True):
            for row in measure_codes(learnt.history, learnt.labels, embedder, by_buyer=by_buyer):
                _line({"buyers_apart": by_buyer, **row})
        return
    classifier = Classifier(learnt.knowledge, learnt.history, learnt.labels, embedder)
    refused = 0
    batch: list[Asked] = []
    for number, row in json_lines():
        if isinstance(row, str) or not text_of(row):
            refused += 1
            why = row if isinstance(row, str) else "has neither title nor description"
            context.obj.err.print(f"line {number}: {why}", highlight=False, markup=False)
            continue
        text = row.get("description") or row.get("desc") or ""
        batch.append(Asked(str(row.get("id", number)), str(row.get("title") or ""), str(text)))
        if len(batch) == BATCH:
            _write(classifier.classify(batch, rows))
            batch.clear()
    _write(classifier.classify(batch, rows))
    if embedder is not None:
        embedder.keep()
    raise typer.Exit(EXIT_REFUSED if refused else 0)


def recommend(
    context: typer.Context,
    history: History = None,
    embeddings: Embeddings = True,
    rows: Rows = 10,
    measure: Measure = False,
) -> None:
    """Name suppliers to invite: by what they make, and by similar demands they won. It never makes a match.

    Lines on standard input are demands, or objects with id, title and description. Past demands of --history have
    `awards`: [{supplier}].
    """
    learnt = asyncio.run(learn(context.obj.settings, history or [], None, _say(context)))
    embedder = _embedder(context, learnt, wanted=embeddings, labels=False)
    if measure:
        for by_buyer in (False, True):
            _line({"buyers_apart": by_buyer, **measure_awards(learnt.history, embedder, by_buyer=by_buyer)})
        return
    ranker = AwardRanker(learnt.history, embedder)
    refused = asyncio.run(_recommend(context, learnt, ranker, rows))
    raise typer.Exit(EXIT_REFUSED if refused else 0)


async def _recommend(context: typer.Context, learnt: Learnt, ranker: AwardRanker, rows: int) -> int:
    graph = Graph(context.obj.settings) if learnt.graph else None
    refused = 0
    try:
        for number, row in json_lines():
            demand = _demand(row, number)
            if isinstance(demand, str):
                refused += 1
                context.obj.err.print(f"line {number}: {demand}", highlight=False, markup=False)
                continue
            capable: list[Able] = []
            names: dict[str, str] = {}
            text = demand_text(demand)
            [won] = ranker.rank([text], rows)
            if graph is not None:
                day, sized = today_of(context.obj.settings), has_quantity(row)
                capable = await able(graph, demand, learnt.knowledge, day, sized=sized)
                names = await supplier_names(graph, [each.supplier for each in won])
            found = fuse(capable, won, names, rows)
            _line({"id": demand.id, "suppliers": plain(found)})
    finally:
        if graph is not None:
            await graph.close()
    return refused


def _demand(row: dict[str, Any] | str, number: int) -> Demand | str:
    if isinstance(row, str):
        return row
    try:
        known = row if "items" in row or "demand" in row or "data" in row else _known(row, number)
        return draft(known)
    except InvalidInputError as error:
        return error.detail


def _known(row: dict[str, Any], number: int) -> dict[str, Any]:
    """One text as a demand of one item; other fields that a demand item has are kept."""
    description = row.get("description") or row.get("desc") or ""
    whole = str(row.get("id", number))
    safe = "".join("-" if letter.isspace() or letter in "~/#?\\" else letter for letter in whole)
    return {
        **row,
        "id": safe,
        "title": str(row.get("title") or description)[:500],
        "description": str(description),
        "buyer": _buyer(row),
    }


def _buyer(row: dict[str, Any]) -> Any:
    return row.get("buyer") or "unknown"


def _embedder(context: typer.Context, learnt: Learnt, *, wanted: bool, labels: bool = True) -> Embedder | None:
    """The embedder, where it is wanted and installed; says so when texts are to be embedded for the first time."""
    embedder = Embedder.load() if wanted and learnt.history else None
    if embedder is not None:
        texts = [each.text for each in learnt.history]
        shown = list(learnt.labels.values()) if labels else []
        if not embedder.has(texts, shown):
            _say(context)(f"Embedding {len(texts)} past demands and {len(shown)} labels once; later runs read them.")
            embedder.query(texts)
            embedder.passage(shown)
            embedder.keep()
    return embedder


def _say(context: typer.Context) -> Say:
    def say(text: str) -> None:
        context.obj.err.print(text, highlight=False, markup=False)

    return say


def _write(found: Sequence[Classified]) -> None:
    for one in found:
        _line(classified_plain(one))


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
