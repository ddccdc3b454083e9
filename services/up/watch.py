"""The foreground of `peyvand up`: one status line that stays readable, and children that are started again."""

import asyncio
import time

from rich.console import Console
from rich.live import Live
from rich.text import Text

from graph.driver import Graph
from graph.reads.progress import counts, cursors, lag
from schemas.errors import PeyvandError
from schemas.settings import Settings
from schemas.topics import CONSUMED
from services.local.stack import LocalStack
from services.up.children import Child, Children
from streams.admin import end_offsets

EVERY = 2.0
PLAIN_EVERY = 30.0
EXIT_CHILD = 70


async def watch(
    console: Console, settings: Settings, graph: Graph, children: Children, shown: list[Child], stack: LocalStack
) -> int:
    """Watch until Ctrl-C. Returns an exit code when a child cannot be kept running or a server has ended."""
    plain_at = 0.0
    with Live(console=console, refresh_per_second=2, transient=True, auto_refresh=False) as live:
        while True:
            for child in children.all:
                if child.tend():
                    console.print(f"[yellow]{child.name} ended with code {child.last_code}; see {child.log}[/]")
                    if child.failing:
                        console.print(f"[red]{child.name} ends at once each time:[/]\n{child.last_words()}")
                        return EXIT_CHILD
            gone = {"kafka", "neo4j"} - stack.pids.keys()
            if gone:
                console.print(f"[red]{' and '.join(sorted(gone))} ended by itself; see {settings.data_dir}/stack[/]")
                return EXIT_CHILD
            line = await _status(settings, graph, shown)
            if console.is_terminal:
                live.update(line, refresh=True)
            elif time.monotonic() >= plain_at:
                plain_at = time.monotonic() + PLAIN_EVERY
                console.print(line)
            await asyncio.sleep(EVERY)


async def _status(settings: Settings, graph: Graph, shown: list[Child]) -> Text:
    parts: list[tuple[str, str]] = []
    for child in shown:
        again = f" (restarted {child.restarts}x)" if child.restarts else ""
        parts.append((f"{child.name} {'✓' if child.pid else '✗'}{again}  ", "green" if child.pid else "red"))
    try:
        ends = await asyncio.to_thread(end_offsets, settings)
        behind = sum(lag(ends, await cursors(graph), frozenset(CONSUMED)).values())
        n = await counts(graph)
        parts.append((f"lag {behind}  ", "yellow" if behind else "green"))
        said = f"{n['suppliers']} suppliers, {n['offers']} offers, {n['open_items']} open items, {n['matches']} matches"
        parts.append((said, "default"))
    except PeyvandError as error:
        parts.append((error.detail, "red"))
    return Text.assemble(*parts)
