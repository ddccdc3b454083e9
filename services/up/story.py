"""What `peyvand up` prints: what happened, the addresses, and what to do next."""

import asyncio
import time
from collections.abc import Iterable, Mapping

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from graph.driver import Graph
from graph.reads.progress import cursors
from graph.reads.story import DemandStory, demand_story, recent_demands
from schemas.settings import Settings
from services.cli.words import missing_words, reasons
from streams.publish import Receipt

HEADLINE = "dem-rai-brake-blocks"
WAIT_SECONDS = 90.0
SHOWN = 16
ACCESS = {
    "open": "open to programs of this machine, as admin; PEYVAND_ACCESS=keys asks for keys (docs/access.md)",
    "keys": "by key; make one with `peyvand keys create --role admin --name NAME` (docs/access.md)",
}


async def settled(graph: Graph, receipts: Iterable[Receipt]) -> bool:
    """Wait until the graph has taken all these records all the way; False when it takes too long."""
    wanted: dict[str, int] = {}
    for receipt in receipts:
        tp = f"{receipt.topic}:{receipt.partition}"
        wanted[tp] = max(wanted.get(tp, 0), receipt.offset + 1)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        found = await cursors(graph)
        if all(tp in found and found[tp]["matched"] >= offset for tp, offset in wanted.items()):
            return True
        await asyncio.sleep(0.2)
    return False


async def tell(console: Console, graph: Graph, settings: Settings) -> None:
    """Print the demonstration's headline, the other demands, and the addresses."""
    story = await demand_story(graph, HEADLINE)
    if story is not None:
        console.print(await _headline(graph, story))
    console.print(_table(await recent_demands(graph, SHOWN)))
    console.print(_next_steps(settings))


async def _headline(graph: Graph, story: DemandStory) -> Panel:
    told = {row["supplier"] for item in story.items for row in item.capable}
    lines: list[Text] = []
    number = {1: "1 capable supplier was", 0: "no capable supplier was"}.get(
        len(told), f"{len(told)} capable suppliers were"
    )
    lines.append(Text.assemble((story.buyer, "bold"), " published ", (story.title, "bold"), f"; {number} told."))
    for item in story.items:
        lines.append(
            Text(f"\n{item.title}: {item.quantity:,.0f} {item.unit or ''}, needed by {item.needed_by or 'any date'}")
        )
        for row in item.capable:
            lines.append(
                Text.assemble("  ✓ ", (row["supplier_name"], "green"), f" ({row['city']}): {row['offer_title']}")
            )
            lines += [
                Text(f"      {line}", style="dim")
                for line in await reasons(graph, item.item, row["offer"], row["supplier"])
            ]
        for row in item.nearly:
            lines.append(
                Text.assemble("  ~ ", (row["supplier_name"], "yellow"), f" nearly: {missing_words(row['missing'])}")
            )
    return Panel(Group(*lines), title="What happened", border_style="green")


def _table(rows: Iterable[Mapping[str, object]]) -> Table:
    table = Table(
        title="Latest open demand items, with the number of suppliers told", title_justify="left", expand=True
    )
    table.add_column("buyer", overflow="ellipsis", ratio=2, no_wrap=True)
    table.add_column("item", overflow="ellipsis", ratio=3, no_wrap=True)
    table.add_column("capable", justify="right", min_width=7)
    table.add_column("nearly", justify="right", min_width=6)
    for row in rows:
        table.add_row(str(row["buyer"]), str(row["title"]), str(row["capable"]), str(row["nearly"]))
    return table


def _next_steps(settings: Settings) -> Panel:
    url = f"http://{settings.api_host}:{settings.api_port}"
    lines = [
        f"API           {url}   (documentation: {url}/docs)",
        f"matches       {url}/v1/demands/{HEADLINE}/matches",
        f"access        {ACCESS[settings.access]}",
        f"Kafka         {settings.kafka_bootstrap_servers}",
        f"Neo4j         {settings.neo4j_uri}   user {settings.neo4j_user}, password in {settings.data_dir}/peyvand.env",
        "",
        "Publish the next demand, in another terminal:",
        "  peyvand publish examples/events.jsonl",
        f"  python examples/agency_producer.py {settings.kafka_bootstrap_servers}",
        f"  curl -X POST {url}/v1/demands -H 'content-type: application/json' -d @examples/demand.json",
        "Ask why:",
        f"  peyvand match {HEADLINE}",
        "  peyvand status",
        "",
        "Ctrl-C ends everything that was started here; the data stays for the next start.",
    ]
    return Panel("\n".join(lines), title="Where things are, and what to do next", border_style="blue")
