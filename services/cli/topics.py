"""`peyvand topics`: the registry, and what the brokers have of it."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from schemas.topics import TOPICS
from streams.acls import commands
from streams.admin import create_topics, end_offsets


class Kind(StrEnum):
    """Kinds of clients of the brokers."""

    WORKER = "worker"
    API = "api"
    AGENCY = "agency"
    REGISTRAR = "registrar"
    OPERATOR = "operator"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Kafka topics.")
    group.command()(create)
    group.command(name="list")(list_topics)
    group.command(name="acls")(print_acls)
    app.add_typer(group, name="topics")


def create(context: typer.Context, as_json: AsJson = False) -> None:
    """Create the topics that are missing. One that exists is left as it is."""
    done = create_topics(context.obj.settings)
    if as_json:
        context.obj.out.print_json(json.dumps(done))
        return
    for name, what in done.items():
        context.obj.out.print(f"{name}: {what}")


def list_topics(context: typer.Context, as_json: AsJson = False) -> None:
    """List the registry with the number of records that each topic has."""
    ends = end_offsets(context.obj.settings)
    records = {
        topic.name: sum(end for tp, end in ends.items() if tp.rpartition(":")[0] == topic.name) for topic in TOPICS
    }
    if as_json:
        rows = [{**asdict(topic), "records": records[topic.name]} for topic in TOPICS]
        context.obj.out.print_json(json.dumps(rows))
        return
    table = Table("topic", "key", "partitions", "records", "producers", "consumers", "what")
    for topic in TOPICS:
        table.add_row(
            topic.name, topic.key, str(topic.partitions), str(records[topic.name]), ", ".join(topic.producers),
            ", ".join(topic.consumers), topic.what,
        )  # fmt: skip
    context.obj.out.print(table)


def print_acls(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="The kind of client.")],
    principal: Annotated[str, typer.Argument(help="Its principal at the brokers, such as User:rai.")],
) -> None:
    """Print Kafka's commands that allow a client what it needs, and nothing else. See docs/access.md."""
    for line in commands(context.obj.settings, kind.value, principal):
        context.obj.out.print(line, highlight=False, markup=False, soft_wrap=True)
