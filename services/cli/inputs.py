"""Reading what a command is given: a JSON file, standard input, or the id of a demand in the graph."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from graph.advice.ask import stored_demand
from graph.driver import Graph
from schemas.base import ITEM_SEPARATOR
from schemas.demands import Demand, DemandItem, item_key
from schemas.errors import InvalidInputError, NotFoundError
from services.cli.missing import not_found
from services.drafts import draft

STDIN = "-"


def given_json(source: str) -> object | None:
    """The JSON of a file or of standard input; None where the argument names no file, so is an id."""
    if source != STDIN and not Path(source).is_file():
        if source.endswith((".json", ".jsonl")) or "/" in source:
            msg = f"there is no file {source!r}"
            raise InvalidInputError(msg)
        return None
    try:
        text = sys.stdin.read() if source == STDIN else Path(source).read_text(encoding="utf-8")
        return json.loads(text)
    except (ValueError, OSError) as error:
        msg = f"{'standard input' if source == STDIN else source} cannot be read as JSON: {error}"
        raise InvalidInputError(msg) from error


async def demand_of(graph: Graph, source: str, given: object | None) -> tuple[Demand, str | None]:
    """The demand that the argument means, and the item where it names one (`demand~item`)."""
    if given is not None:
        return draft(given), None
    demand_id, _, item = source.partition(ITEM_SEPARATOR)
    found = await stored_demand(graph, demand_id)
    if found is None:
        raise not_found("demand", demand_id)
    return found, item or None


def items_of(demand: Demand, item: str | None) -> list[DemandItem]:
    """The item that is named, or all. NotFoundError: the demand has no such item."""
    if item is None:
        return list(demand.items)
    found = [each for each in demand.items if each.id == item]
    if not found:
        keys = ", ".join(item_key(demand.id, each.id) for each in demand.items)
        msg = f"demand {demand.id!r} has no item {item!r}"
        raise NotFoundError(msg, hint=f"It has {keys}.")
    return found


def json_lines(stream: Any = None) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """JSON objects of standard input with their line numbers; a sentence in place of one that is none."""
    for number, line in enumerate(sys.stdin if stream is None else stream, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            yield number, f"this is not JSON: {error}"
            continue
        yield number, cast("dict[str, Any]", value) if isinstance(value, dict) else "this is no JSON object"
