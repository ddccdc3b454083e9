"""Opening the graph for one command, and printing what it found."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from graph.driver import Graph
from schemas.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
T = TypeVar("T")


def with_graph(context: typer.Context, work: Callable[[Graph, Settings], Awaitable[T]]) -> T:
    """Run an async function on a connected graph."""

    async def run() -> T:
        graph = Graph(context.obj.settings)
        try:
            return await work(graph, context.obj.settings)
        finally:
            await graph.close()

    return asyncio.run(run())


def print_json(out: Console, value: object) -> None:
    """Print JSON with Persian as it is."""
    out.print_json(json.dumps(value, ensure_ascii=False, default=_plain), ensure_ascii=False)


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    return dump(mode="json") if dump else str(value)
