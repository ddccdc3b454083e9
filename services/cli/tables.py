"""`peyvand import table` and `peyvand import template`: CSV and XLSX tables of suppliers, offers and demands."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic_core import from_json
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from graph.driver import Graph
from graph.taxonomy.load import default_taxonomy
from schemas.errors import InvalidInputError, UnavailableError
from services.imports.bulk.answer import write_answer
from services.imports.bulk.cells import Said
from services.imports.bulk.csv_table import digest
from services.imports.bulk.job import Order, Servers, Watch, present_taxonomy, run
from services.imports.bulk.rowlog import sentence
from services.imports.bulk.state import Counts
from services.imports.bulk.subjects import SUBJECTS, KindName
from services.imports.bulk.template import Format, Language, template
from streams.publish import KafkaPublisher

EXIT_REFUSED: Final = 2
STDIN: Final = "-"
SHOWN: Final = 20

KindArgument = Annotated[KindName, typer.Argument(help="What a row is: a supplier, an offer, or an item of a demand.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands to `peyvand import`."""
    group.command()(table)
    group.command(name="template")(write_template)


def table(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    kind: KindArgument,
    file: Annotated[str, typer.Argument(help="CSV or XLSX file. `-` reads standard input.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Publish nothing; tell what would become of each row.")
    ] = False,
    answer: Annotated[
        Path | None, typer.Option(help="Write the table again as .csv or .xlsx with each row's result and reasons.")
    ] = None,
    rows: Annotated[
        Path | None, typer.Option(help="Where each row's status is written as JSON lines. Default: beside the state.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="Where it is kept how far the import came. Default: in the data directory.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an XLSX file; the first shown one with headers.")] = None,
    reopen: Annotated[
        bool, typer.Option("--reopen", help="Publish again what was cancelled or withdrawn and stands in the table.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line per row: its status, event, problems.")] = False,
) -> None:
    """Import a table of suppliers, offers or demands. A killed import goes on when it is started again; the exit code is 2 when a row was refused."""
    with _given(file) as source:
        where = _places(context, kind, source, dry_run=dry_run)
        rows = rows or where.with_suffix(".jsonl")
        order = Order(kind, source, sheet=sheet, dry_run=dry_run, reopen=reopen)
        counts = asyncio.run(_import(context, order, state or where.with_suffix(".db"), rows))
        if answer is not None:
            write_answer(source, rows, answer, SUBJECTS[kind], sheet)
    _report(context, counts, rows, answer, dry_run=dry_run, as_json=as_json)
    raise typer.Exit(EXIT_REFUSED if counts.refused else 0)


def write_template(
    context: typer.Context,
    kind: KindArgument,
    language: Annotated[Language, typer.Option(help="Language of the headers and explanations.")] = "fa",
    form: Annotated[Format, typer.Option("--format", help="Format of the file.")] = "xlsx",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write. Default: KIND-LANGUAGE.FORMAT.")
    ] = None,
) -> None:
    """Write an empty table with all headers, what each column takes, and the product classes."""
    target = output or Path(f"{kind}-{language}.{form}")
    try:
        target.write_bytes(template(SUBJECTS[kind], language, form, default_taxonomy()))
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror}"
        raise InvalidInputError(msg) from error
    context.obj.out.print(f"{target} is written.")


@contextmanager
def _given(file: str) -> Generator[Path]:
    """The file, or standard input as one: a table is read several times over."""
    if file != STDIN:
        yield Path(file)
        return
    with tempfile.NamedTemporaryFile(prefix="peyvand-import-") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)


def _places(context: typer.Context, kind: str, source: Path, *, dry_run: bool) -> Path:
    """Where an import of this content is remembered, without ending. InvalidInputError: the file cannot be read."""
    folder: Path = context.obj.settings.data_dir / "imports"
    try:
        name = f"{kind}-{digest(source)[:16]}" + ("-dry" if dry_run else "")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{error.filename} cannot be used: {error.strerror}"
        raise InvalidInputError(msg) from error
    return folder / name


async def _import(context: typer.Context, order: Order, state: Path, rows: Path) -> Counts:
    settings = context.obj.settings
    graph = Graph(settings)
    publisher = None if order.dry_run else KafkaPublisher(settings, linger_ms=5)
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]} rows"),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    try:
        with Progress(*columns, console=context.obj.err, transient=True) as bar:
            watch = _watch(context, bar)
            try:
                taxonomy, asked = await present_taxonomy(graph), graph
            except UnavailableError:
                if not order.dry_run:
                    raise
                context.obj.err.print("The graph cannot be reached: nothing is compared with what is recorded.")
                taxonomy, asked = default_taxonomy(), None
            return await run(order, Servers(settings, asked, publisher, taxonomy), state, rows, watch)
    except BaseException:
        if not order.dry_run and state.exists():  # noqa: ASYNC240 - the loop has nothing else to do any more
            context.obj.err.print("The import stopped; the same command goes on from where it came to.")
        raise
    finally:
        if publisher is not None:
            await publisher.stop()
        await graph.close()


def _watch(context: typer.Context, bar: Progress) -> Watch:
    task = bar.add_task("importing", total=1.0, rows=0)

    def notes(said: Sequence[Said]) -> None:
        for each in said:
            context.obj.err.print(each.en, highlight=False, markup=False)

    def batch(counts: Counts, share: float) -> None:
        bar.update(task, completed=share, rows=counts.rows)

    def waiting(left: int) -> None:
        bar.update(task, description=f"waiting for the graph, {left} events behind")

    def resumed(counts: Counts) -> None:
        context.obj.err.print(f"This import goes on after row {counts.row}.", highlight=False)

    return Watch(notes, batch, waiting, resumed)


def _report(
    context: typer.Context, counts: Counts, rows: Path, answer: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    if as_json:
        with rows.open("rb") as log:
            shutil.copyfileobj(log, sys.stdout.buffer)
        return
    for problem in _first_problems(rows):
        context.obj.err.print(problem, highlight=False, markup=False, soft_wrap=True)
    if counts.refused > SHOWN:
        context.obj.err.print(f"Not all {counts.refused} refused rows are shown.", highlight=False)
    would = "would be " if dry_run else ""
    context.obj.out.print(
        f"{counts.accepted} rows {would}accepted, {counts.unchanged} unchanged, {counts.refused} refused.",
        highlight=False,
    )
    context.obj.out.print(f"Each row's status: {rows}" + (f"; the answer: {answer}" if answer else ""), highlight=False)


def _first_problems(rows: Path) -> list[str]:
    """Sentences about the first refused rows."""
    found: list[str] = []
    shown = 0
    with rows.open("rb") as log:
        for raw in log:
            line: dict[str, Any] = from_json(raw)
            if line["status"] != "refused":
                continue
            said = " ".join(sentence(problem, "en") for problem in line["problems"])
            found.append(f"row {line['row']}: {said}")
            shown += 1
            if shown == SHOWN:
                break
    return found
