"""`peyvand dead-letters`: what could not be read: list, show, fix, replay."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from graph.driver import Graph, Row
from graph.replays import note_replay, replays
from schemas.errors import ConflictError, InvalidInputError, NotFoundError
from schemas.settings import Settings
from services.cli.letters import read_letters, stored_letters
from services.cli.opened import AsJson, print_json, with_graph
from streams.letters import Letter
from streams.publish import KafkaPublisher, Outgoing

SHOWN_BYTES = 4000
Name = Annotated[str, typer.Argument(help="The letter: topic:partition:offset, as `list` names it.")]
Again = Annotated[bool, typer.Option("--again", help="Also what was sent again already.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Records that could not be read or written.")
    group.command(name="list")(list_letters)
    group.command()(show)
    group.command()(fix)
    group.command()(replay)
    app.add_typer(group, name="dead-letters")


def list_letters(
    context: typer.Context,
    code: Annotated[str | None, typer.Option(help="Only those with this code.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only those from this topic.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were sent again.")] = False,
    as_json: AsJson = False,
) -> None:
    """List dead letters, oldest first."""
    letters = [
        one for one in read_letters(context.obj.settings) if code in (None, one.code) and topic in (None, one.topic)
    ]
    known = _replays(context, letters)
    shown = [one for one in letters if everything or one.name not in known]
    if as_json:
        print_json(context.obj.out, [_json(one, known.get(one.name)) for one in shown])
        return
    table = Table("letter", "code", "reason", "set aside", "sent again")
    for one in shown:
        table.add_row(one.name, one.code, one.reason, _time(one.at), _again(known.get(one.name)))
    context.obj.out.print(table)
    context.obj.out.print(f"{len(shown)} letters.")


def show(context: typer.Context, letter: Name, as_json: AsJson = False) -> None:
    """Show one letter with its bytes, headers and reason."""
    found = _find(context.obj.settings, letter)
    known = _replays(context, [found]).get(found.name)
    if as_json:
        print_json(context.obj.out, _json(found, known, whole=True))
        return
    out: Console = context.obj.out
    out.print(f"[bold]{found.name}[/]  [red]{found.code}[/]  {found.reason}", highlight=False)
    out.print(f"set aside {_time(found.at)}; sent again: {_again(known) or 'no'}", highlight=False)
    out.print(f"key: {found.key!r}", markup=False, highlight=False)
    for name, raw in found.headers:
        out.print(f"header {name}: {raw!r}", markup=False, highlight=False)
    value = "no value (a tombstone)" if found.value is None else repr(found.value[:SHOWN_BYTES])
    out.print(f"value: {value}", markup=False, highlight=False)


def fix(
    context: typer.Context,
    letter: Name,
    file: Annotated[Path, typer.Argument(help="The corrected value: one CloudEvent as JSON.", exists=True)],
    again: Again = False,
) -> None:
    """Send a corrected value to the topic that the letter came from, once it is proven to be readable."""
    found = _find(context.obj.settings, letter)
    record = found.mended(file.read_bytes())
    _send(context, [(found, record)], again=again, fixed=True)


def replay(
    context: typer.Context,
    letters: Annotated[list[str] | None, typer.Argument(help="Letters, as `list` names them.")] = None,
    code: Annotated[str | None, typer.Option(help="All letters with this code.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All letters that were not sent again.")] = False,
    again: Again = False,
) -> None:
    """Send letters to their topics again as they came: after a bad release was taken back, say."""
    if not letters and code is None and not everything:
        msg = "no letter is named"
        raise InvalidInputError(msg, hint="Name letters, or use --code or --all.")
    settings: Settings = context.obj.settings
    if letters:
        chosen = [_find(settings, name) for name in letters]
    else:
        chosen = [one for one in read_letters(settings) if code in (None, one.code) and one.value is not None]
        known = _replays(context, chosen)
        chosen = [one for one in chosen if again or one.name not in known]
    _send(context, [(one, one.again()) for one in chosen], again=again, fixed=False)


def _send(context: typer.Context, chosen: list[tuple[Letter, Outgoing]], *, again: bool, fixed: bool) -> None:
    known = _replays(context, [letter for letter, _ in chosen])
    doubled = [letter.name for letter, _ in chosen if letter.name in known]
    if doubled and not again:
        msg = f"{', '.join(doubled[:5])} was sent again already"
        raise ConflictError(
            msg, hint="Add --again to send it once more; events have one effect however often they come."
        )

    async def work(graph: Graph, settings: Settings) -> None:
        publisher = KafkaPublisher(settings)
        try:
            for letter, record in chosen:
                [receipt] = await publisher.send([record])
                to = f"{receipt.topic}:{receipt.partition}:{receipt.offset}"
                await note_replay(graph, letter.name, to, fixed=fixed)
                context.obj.out.print(f"{letter.name} is now {to}", highlight=False)
        finally:
            await publisher.stop()

    with_graph(context, work)


def _find(settings: Settings, name: str) -> Letter:
    for letter in stored_letters(settings, lambda key: key == name.encode()):
        if letter.name == name:
            return letter
    msg = f"there is no dead letter {name!r}"
    raise NotFoundError(msg, hint="See `peyvand dead-letters list --all`.")


def _replays(context: typer.Context, letters: list[Letter]) -> dict[str, Row]:
    return with_graph(context, lambda graph, _: replays(graph, [letter.name for letter in letters]))


def _json(letter: Letter, known: Row | None, *, whole: bool = False) -> dict[str, Any]:
    said: dict[str, Any] = {
        "letter": letter.name, "topic": letter.topic, "code": letter.code, "reason": letter.reason,
        "at": _time(letter.at), "sent_again": known,
    }  # fmt: skip
    if whole:
        said["key"] = None if letter.key is None else letter.key.decode("utf-8", "backslashreplace")
        said["value"] = None if letter.value is None else letter.value.decode("utf-8", "backslashreplace")
        said["headers"] = [[name, raw.decode("utf-8", "backslashreplace")] for name, raw in letter.headers]
    return said


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _again(known: Row | None) -> str:
    return "" if known is None else f"{known['times']} times, last as {known['to']}"
