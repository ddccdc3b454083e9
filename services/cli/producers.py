"""`peyvand producers`: who signs what is written to Kafka, and asking for signatures."""

import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from graph.access import producers as store
from graph.access.log import Entry
from graph.access.producers import Places, Producer
from graph.driver import Graph
from schemas.base import Id, Model
from schemas.errors import ConflictError, InvalidInputError
from schemas.roles import Role
from schemas.settings import Settings
from services.access.issuing import COMMAND_LINE
from services.access.keys import NewKey
from services.cli.opened import AsJson, print_json, with_graph
from streams.admin import end_offsets
from streams.signing import SIGNED, make_private_key, public_key_of

ProducerId = Annotated[str, typer.Argument(help="The producer's id, which stands in its signatures.")]


class _Named(Model):
    id: Id


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Producers that sign what they write to Kafka.")
    group.command(name="make-key")(make_key)
    group.command()(add)
    group.command(name="list")(list_producers)
    group.command()(end)
    group.command()(require)
    app.add_typer(group, name="producers")


def make_key(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where the private key goes; the public one goes to FILE.pub.")],
) -> None:
    """Make a pair of keys for a producer. The private one stays with it; `add` takes the public one."""
    private, public = make_private_key()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(private)
        public_file = file.with_name(f"{file.name}.pub")
        public_file.write_bytes(public)
    except OSError as error:
        msg = f"{error.filename or file} cannot be written: {error.strerror}"
        raise InvalidInputError(msg, hint="An existing key is never overwritten.") from error
    context.obj.out.print(f"{file} (readable by you alone) and {public_file}", highlight=False, soft_wrap=True)


def add(
    context: typer.Context,
    producer_id: ProducerId,
    role: Annotated[Role, typer.Option(help="What it may send, as at the API.")],
    public_key: Annotated[Path, typer.Option(help="File with its public key (Ed25519, PEM).")],
    name: Annotated[str, typer.Option(help="Who it is, for people who read the list.")],
    subject: Annotated[str | None, typer.Option(help="Buyer id of an agency, supplier id of a supplier.")] = None,
    source: Annotated[str | None, typer.Option(help="URI that the source of its events begins with.")] = None,
) -> None:
    """Register a producer. Its records count from the places where the log ends now."""
    try:
        wish = NewKey(name=name, role=role, subject=subject, source=source)
        _Named(id=producer_id)
        pem = public_key.read_bytes()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidInputError(first["msg"].removeprefix("Value error, ")) from error
    except OSError as error:
        msg = f"{public_key} cannot be read: {error.strerror}"
        raise InvalidInputError(msg) from error
    row = {
        "id": producer_id, "name": wish.name, "role": wish.role.value, "subject": wish.subject, "source": wish.source,
        "public": public_key_of(pem).hex(),
    }  # fmt: skip
    entry = _entry("add", producer_id, f"registered for {role.value} {subject or ''}".rstrip())
    with_graph(context, lambda graph, settings: store.put_producer(graph, row, _ends(settings), entry))
    context.obj.out.print(f"Producer {producer_id} is registered.", highlight=False)


def list_producers(context: typer.Context, as_json: AsJson = False) -> None:
    """List all producers, also those that have ended, and from where signatures are required."""
    found, since = with_graph(context, lambda graph, _: _all(graph))
    if as_json:
        rows = [{"id": p.id, "name": p.name, "role": p.role, "subject": p.subject, "source": p.source, "since": p.since,
                 "until": p.until} for p in found.values()]  # fmt: skip
        print_json(context.obj.out, {"required_since": since, "producers": rows})
        return
    table = Table("id", "name", "role", "subject", "source", "state")
    for p in found.values():
        table.add_row(p.id, p.name, p.role, p.subject or "", p.source or "", "ended" if p.until else "active")
    context.obj.out.print(table)
    said = "required" if since is not None else "not required: `peyvand producers require` asks for them"
    context.obj.out.print(f"Signatures are {said}.", highlight=False)


def end(context: typer.Context, producer_id: ProducerId) -> None:
    """Take nothing more of a producer from where the log ends now. What it sent before stays."""
    entry = _entry("end", producer_id, "ended")
    with_graph(context, lambda graph, settings: store.end_producer(graph, producer_id, _ends(settings), entry))
    context.obj.out.print(f"Producer {producer_id} has ended.", highlight=False)


def require(context: typer.Context, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """From where the log ends now, take signed records only. This is for good: a rebuild has to decide as the workers did."""
    found, _ = with_graph(context, lambda graph, _: _all(graph))
    ours = context.obj.settings.kafka_producer_id
    if ours not in found or found[ours].until is not None or context.obj.settings.kafka_signing_key is None:
        msg = "This installation does not sign yet: what its own API and command line send would be set aside"
        hint = (
            "Register its own producer with `--role admin`, and set PEYVAND_KAFKA_PRODUCER_ID and "
            "PEYVAND_KAFKA_SIGNING_KEY for all its processes."
        )
        raise ConflictError(msg, hint=hint)
    if not yes:
        typer.confirm("Records that no registered producer signed will be set aside from now on. Go on?", abort=True)
    entry = _entry("require", "signatures", "required")
    with_graph(context, lambda graph, settings: store.require_signatures(graph, _ends(settings), entry))
    context.obj.out.print("Signatures are required from now on.")


async def _all(graph: Graph) -> tuple[dict[str, Producer], Places | None]:
    return await store.producers(graph), await store.required(graph)


def _ends(settings: Settings) -> Places:
    return {tp: end for tp, end in end_offsets(settings).items() if tp.rpartition(":")[0] in SIGNED}


def _entry(command: str, producer_id: str, note: str) -> Entry:
    return Entry(
        principal=COMMAND_LINE.urn, role=COMMAND_LINE.role.value, action=f"peyvand producers {command}",
        target=f"/producers/{producer_id}", note=note,
    )  # fmt: skip
