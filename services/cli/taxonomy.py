"""`peyvand taxonomy`: the product-class tree and foreign codes; and `peyvand prepare`, `peyvand seed`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from graph.driver import Graph
from graph.due import claim_rules
from graph.knowledge import Knowledge
from graph.taxonomy.foreign import ForeignFileError, read_cpv, read_hs
from graph.taxonomy.load import default_taxonomy, load_taxonomy
from graph.taxonomy.problems import TaxonomyError
from graph.taxonomy_store import store_codes, store_taxonomy
from schemas.errors import InvalidInputError
from schemas.settings import Settings
from services.cli.opened import AsJson, print_json, with_graph
from services.up.prepare import prepare as prepare_all
from services.up.seed import seed as seed_all
from streams.publish import KafkaPublisher

Folder = Annotated[Path | None, typer.Argument(help="Folder or file of YAML classes; the packaged tree when left out.")]
CpvFile = Annotated[Path | None, typer.Option(help="CPV codes as JSON: {code: label}.")]
HsFile = Annotated[Path | None, typer.Option(help="HS codes as CSV: hscode, description, parent.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="The product-class tree.")
    group.command()(check)
    group.command()(load)
    app.add_typer(group, name="taxonomy")
    app.command()(prepare)
    app.command()(seed)


def check(folder: Folder = None) -> None:
    """Validate a tree without loading it; every problem is named with its file and class."""
    tree = _tree(folder)
    typer.echo(f"{len(tree)} classes, version {tree.version}: no problem found.")


def load(
    context: typer.Context, folder: Folder = None, cpv: CpvFile = None, hs: HsFile = None, as_json: AsJson = False
) -> None:
    """Validate a tree and swap it in, in one transaction; running workers take it up within seconds.

    With --cpv or --hs and no folder, only those codes are loaded.
    """
    try:
        codes = [*(read_cpv(cpv) if cpv else ()), *(read_hs(hs) if hs else ())]
    except (ForeignFileError, OSError) as error:
        raise InvalidInputError(str(error)) from error
    tree = _tree(folder) if folder is not None or not codes else None

    async def work(graph: Graph, _: Settings) -> dict[str, Any]:
        done: dict[str, Any] = {"classes": 0, "codes": 0, "version": None}
        if tree is not None:
            done["classes"] = await store_taxonomy(graph, tree, packaged=folder is None)
            done["version"] = tree.version
            await claim_rules(graph, Knowledge(tree).version)
        if codes:
            done["codes"] = await store_codes(graph, codes)
        return done

    done = with_graph(context, work)
    if as_json:
        print_json(context.obj.out, done)
    else:
        said = [f"{done['classes']} classes (version {done['version']})"] if tree is not None else []
        said += [f"{done['codes']} foreign codes"] if codes else []
        context.obj.out.print(f"Loaded {' and '.join(said)}.", highlight=False)


def _tree(folder: Path | None):  # noqa: ANN202 - Taxonomy, or InvalidInputError with all problems
    try:
        return default_taxonomy() if folder is None else load_taxonomy(folder)
    except TaxonomyError as error:
        raise InvalidInputError(str(error), hint="Nothing was loaded; the tree before it stays.") from error


def prepare(context: typer.Context) -> None:
    """Make topics, constraints, indexes and the tree where they are missing (what `up` does before it starts workers)."""
    with_graph(context, lambda graph, settings: prepare_all(settings, graph))
    context.obj.out.print("Topics, indexes and product classes are there.")


def seed(context: typer.Context) -> None:
    """Publish the demonstration: suppliers, offers and demands of RAI and others. A second time changes nothing."""

    async def work(graph: Graph, settings: Settings) -> int:
        publisher = KafkaPublisher(settings)
        try:
            return len(await seed_all(graph, publisher, settings.today))
        finally:
            await publisher.stop()

    context.obj.out.print(f"{with_graph(context, work)} events acknowledged.")
