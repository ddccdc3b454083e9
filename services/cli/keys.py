"""`peyvand keys`: making, listing, replacing and ending keys to the API. The first admin's key is made here."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from graph import clock
from graph.access import keys as store
from graph.driver import Graph, Row
from schemas.errors import InvalidInputError
from services.access import issuing
from services.access.issuing import COMMAND_LINE, By
from services.access.keys import Made, NewKey
from services.access.principals import Role
from services.cli.opened import AsJson, print_json, with_graph

BATCH = 500
SHOWN = ("id", "name", "role", "subject", "source", "created_by", "replaces")
TIMES = ("created_at", "expires_at", "revoked_at", "last_used_at")
KeyId = Annotated[str, typer.Argument(help="The key's id, the middle part of its text.")]
Days = Annotated[int, typer.Option(min=1, max=1830, help="Days until it ends.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Keys to the API.")
    group.command()(create)
    group.command(name="list")(list_keys)
    group.command()(rotate)
    group.command()(revoke)
    app.add_typer(group, name="keys")


def create(
    context: typer.Context,
    role: Annotated[Role, typer.Option(help="What it may do; see docs/access.md.")],
    name: Annotated[str, typer.Option(help="Who has it, for people who read the list.")],
    subject: Annotated[
        str | None, typer.Option(help="Buyer id of an agency, supplier id of a supplier; none for others.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="URI that the source of its own CloudEvents begins with, such as `urn:rai:`.")
    ] = None,
    days: Days = 365,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    try:
        wish = NewKey(name=name, role=role, subject=subject, source=source, days=days)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = f"--{first['loc'][0]}: " if first["loc"] else ""
        msg = f"{where}{first['msg'].removeprefix('Value error, ')}"
        raise InvalidInputError(msg, hint="See `peyvand keys create --help`.") from error
    made = with_graph(context, lambda graph, _: issuing.issue(graph, wish, By(COMMAND_LINE, "peyvand keys create")))
    _print_made(context, made, as_json=as_json)


def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """List all keys, also those that have ended, without their secrets."""
    rows = with_graph(context, lambda graph, _: _all(graph))
    now = clock.now()
    if as_json:
        print_json(context.obj.out, [_plain(row, now) for row in rows])
        return
    table = Table("id", "name", "role", "subject", "state", "ends", "last used")
    for row in rows:
        table.add_row(
            row["id"], row["name"], row["role"], row["subject"] or "", issuing.state_of(row, now),
            _day(row["expires_at"]), _day(row["last_used_at"]),
        )  # fmt: skip
    context.obj.out.print(table)


def rotate(
    context: typer.Context,
    key_id: KeyId,
    overlap_hours: Annotated[float, typer.Option(min=0, max=720, help="How long the old key still holds.")] = 24.0,
    days: Days = 365,
    as_json: AsJson = False,
) -> None:
    """Make a key of the same kind and print it, this once. Both hold for the overlap; then the old one ends."""
    by = By(COMMAND_LINE, "peyvand keys rotate")
    made = with_graph(
        context, lambda graph, _: issuing.replace(graph, key_id, by, overlap_hours=overlap_hours, days=days)
    )
    _print_made(context, made, as_json=as_json)


def revoke(context: typer.Context, key_id: KeyId) -> None:
    """End a key. Every API process refuses it within seconds."""
    with_graph(context, lambda graph, _: issuing.revoke(graph, key_id, By(COMMAND_LINE, "peyvand keys revoke")))
    context.obj.out.print(f"Key {key_id} is revoked.", highlight=False)


async def _all(graph: Graph) -> list[Row]:
    rows: list[Row] = []
    while True:
        page = await store.keys(graph, rows[-1]["id"] if rows else "", BATCH)
        rows += page
        if len(page) < BATCH:
            return rows


def _print_made(context: typer.Context, made: Made, *, as_json: bool) -> None:
    row = made.row
    if as_json:
        print_json(context.obj.out, {**_plain(row, clock.now()), "key": made.text})
        return
    context.obj.out.print(made.text, highlight=False, markup=False, soft_wrap=True)
    whom = f"{row['role']} {row['subject']}" if row["subject"] else row["role"]
    context.obj.err.print(
        f"This is the key of {row['name']} ({whom}), until {_day(row['expires_at'])}. It is not shown again.",
        highlight=False, markup=False,
    )  # fmt: skip


def _plain(row: Row, now: float) -> Row:
    times = {name: _iso(row.get(name)) for name in TIMES}
    state = issuing.state_of({"revoked_at": None, **row}, now)
    return {**{name: row[name] for name in SHOWN}, **times, "state": state}


def _iso(at: float | None) -> str | None:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") if at is not None else None


def _day(at: float | None) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat() if at is not None else ""
