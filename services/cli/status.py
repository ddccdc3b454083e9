"""`peyvand status`, `doctor` and `tail`: how the service is, what it runs with, and what happens."""

import asyncio
import json
from importlib.metadata import version
from typing import Annotated, Any

import kafka
import typer
from pydantic import SecretStr
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph import clock
from graph.driver import Graph
from graph.due import present_rules
from graph.reads.progress import ahead, counts, cursors, lag, unsent
from graph.rebuild import marker
from graph.slots import FREE_AFTER, slots
from graph.taxonomy_store import stored_version
from schemas.codec import Poison, decode
from schemas.errors import InvalidInputError, PeyvandError
from schemas.settings import Settings
from schemas.topics import BY_NAME, CONSUMED, TOPICS
from services.cli.findings import findings
from services.cli.opened import AsJson, print_json, with_graph
from streams.admin import end_offsets
from streams.security import client_arguments

EXIT_UNHEALTHY = 6
library: Any = kafka  # the type checker knows the stubs of an older release only


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(status)
    app.command()(doctor)
    app.command()(tail)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show lag, cursors, counts, versions and health."""
    found = with_graph(context, _status)
    if as_json:
        print_json(context.obj.out, found)
        return
    out: Console = context.obj.out
    server = found["neo4j"]
    out.print(
        f"peyvand {found['version']}; {server['name']} {server['version']} {server['edition']}; tree {found['taxonomy']}; rules {found['rules']}",
        highlight=False,
    )
    table = Table("topic", "records", "lag")
    for topic in TOPICS:
        behind = found["lag"].get(topic.name)
        table.add_row(topic.name, str(found["records"][topic.name]), "" if behind is None else str(behind))
    out.print(table)
    out.print(
        ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in found["counts"].items()), highlight=False
    )
    alive = [str(row["slot"]) for row in found["workers"] if row["silent_seconds"] < FREE_AFTER]
    out.print(f"workers: slots {', '.join(alive)}" if alive else "workers: none", highlight=False)
    for sentence in found["problems"]:
        out.print(f"[yellow]! {escape(sentence)}[/]", highlight=False)


async def _status(graph: Graph, settings: Settings) -> dict[str, Any]:
    ends, found = await asyncio.gather(asyncio.to_thread(end_offsets, settings), cursors(graph))
    waits = await unsent(graph)
    oldest = waits["oldest"]
    state = {
        "version": version("peyvand"),
        "neo4j": await graph.check(),
        "taxonomy": await stored_version(graph),
        "rules": await present_rules(graph),
        "rebuild": await marker(graph),
        "records": {t.name: sum(end for tp, end in ends.items() if tp.rpartition(":")[0] == t.name) for t in TOPICS},
        "lag": lag(ends, found, frozenset(CONSUMED)),
        "ahead": ahead(ends, found),
        "cursors": list(found.values()),
        "workers": await slots(graph, settings.group_id),
        "counts": await counts(graph),
        "outbox": {"rows": waits["rows"], "oldest_seconds": clock.now() - oldest if oldest else 0.0},
    }
    return {**state, "problems": findings(state)}


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the effective settings (secrets masked), whether Kafka and Neo4j answer, and what to do."""
    settings: Settings = context.obj.settings
    checks = {"kafka": _check_kafka(settings), "neo4j": _check_neo4j(context)}
    shown = {name: _masked(getattr(settings, name)) for name in Settings.model_fields}
    healthy = all(check["ok"] for check in checks.values())
    problems = with_graph(context, _status)["problems"] if healthy else []
    if as_json:
        print_json(context.obj.out, {"healthy": healthy, "checks": checks, "problems": problems, "settings": shown})
        raise typer.Exit(0 if healthy else EXIT_UNHEALTHY)
    out: Console = context.obj.out
    table = Table("setting", "value", "what it is")
    for name, field in Settings.model_fields.items():
        table.add_row(f"PEYVAND_{name.upper()}", str(shown[name]), field.description or "")
    out.print(table)
    for name, check in checks.items():
        mark = "[green]✓[/]" if check["ok"] else "[red]✗[/]"
        out.print(f"{mark} {name}: {check['said']}" + (f" {check['hint']}" if check["hint"] else ""), highlight=False)
    for sentence in problems:
        out.print(f"[yellow]! {escape(sentence)}[/]", highlight=False)
    raise typer.Exit(0 if healthy else EXIT_UNHEALTHY)


def _masked(value: object) -> object:
    if isinstance(value, SecretStr):
        return "********" if value.get_secret_value() else ""
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)


def _check_kafka(settings: Settings) -> dict[str, Any]:
    try:
        ends = end_offsets(settings)
    except PeyvandError as error:
        return {"ok": False, "said": f"{error.detail}.", "hint": error.hint}
    there = {tp.rpartition(":")[0] for tp in ends}
    lacking = [topic.name for topic in TOPICS if topic.name not in there]
    if lacking:
        return {
            "ok": False,
            "said": f"topics are missing: {', '.join(lacking)}.",
            "hint": "Run `peyvand topics create`.",
        }
    return {
        "ok": True,
        "said": f"{len(there)} topics, {len(ends)} partitions, {sum(ends.values())} records.",
        "hint": "",
    }


def _check_neo4j(context: typer.Context) -> dict[str, Any]:
    try:
        found = with_graph(context, lambda graph, _: graph.check())
        tree = with_graph(context, lambda graph, _: stored_version(graph))
    except PeyvandError as error:
        return {"ok": False, "said": f"{error.detail}.", "hint": error.hint}
    if tree is None:
        return {"ok": False, "said": "the product-class tree is not loaded.", "hint": "Run `peyvand taxonomy load`."}
    return {"ok": True, "said": f"{found['name']} {found['version']} {found['edition']}, tree {tree}.", "hint": ""}


def tail(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="Topic of the registry.")],
    rows: Annotated[
        int, typer.Option("--rows", "-n", min=0, help="Records from the end to begin with, per partition.")
    ] = 5,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", "-f", help="Stay and print what comes.")] = True,
    as_json: AsJson = False,
) -> None:
    """Print the latest records of a topic and follow it until Ctrl-C."""
    if topic not in BY_NAME:
        msg = f"topic {topic!r} is not in the registry"
        raise InvalidInputError(msg, hint=f"It has: {', '.join(BY_NAME)}.")
    settings: Settings = context.obj.settings
    ends = {tp: end for tp, end in end_offsets(settings).items() if tp.rpartition(":")[0] == topic}
    consumer = library.KafkaConsumer(**client_arguments(settings), group_id=None, enable_auto_commit=False)
    try:
        _tail(context, consumer, ends, rows, follow=follow, as_json=as_json)
    finally:
        consumer.close()


def _tail(
    context: typer.Context, consumer: Any, ends: dict[str, int], rows: int, *, follow: bool, as_json: bool
) -> None:
    tps = {library.TopicPartition(tp.rpartition(":")[0], int(tp.rpartition(":")[2])): end for tp, end in ends.items()}
    consumer.assign(list(tps))
    starts = consumer.beginning_offsets(list(tps))
    left: dict[Any, int] = {}
    for tp, end in tps.items():
        start = max(starts[tp], end - rows)
        consumer.seek(tp, start)
        if start < end:
            left[tp] = end
    while follow or left:
        for tp, records in consumer.poll(timeout_ms=500).items():
            for record in records:
                _print_record(context.obj.out, record, as_json=as_json)
                if record.offset + 1 >= left.get(tp, 0):
                    left.pop(tp, None)


def _print_record(out: Console, record: Any, *, as_json: bool) -> None:
    place = f"{record.topic}:{record.partition}:{record.offset}"
    headers = {name: (raw or b"").decode("utf-8", "replace") for name, raw in record.headers}
    if as_json:
        value = None if record.value is None else record.value.decode("utf-8", "replace")
        key = None if record.key is None else record.key.decode("utf-8", "replace")
        out.file.write(
            json.dumps({"at": place, "key": key, "headers": headers, "value": value}, ensure_ascii=False) + "\n"
        )
        out.file.flush()
        return
    if "dl-code" in headers:
        out.print(
            f"{place}  [red]{headers['dl-code']}[/] {headers['dl-topic']}:{headers['dl-partition']}:{headers['dl-offset']}  {headers['dl-reason']}",
            highlight=False,
        )
        return
    event = decode(record)
    if isinstance(event, Poison):
        out.print(f"{place}  [red]{event.code}[/] {event.reason}", highlight=False)
        return
    text = event.data.model_dump_json(exclude_defaults=True)
    out.print(f"{place}  [bold]{event.kind.name}[/] {event.key}  {text[:300]}", highlight=False)
