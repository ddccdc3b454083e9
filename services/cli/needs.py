"""`peyvand needs`: what nobody can serve now."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from graph.advice.needs import Need, needs
from graph.driver import Graph
from graph.rules import present_knowledge
from schemas.settings import Settings
from services.api.unmatched import unmet_need_out
from services.cli.need_lines import imported_words, print_need
from services.cli.opened import AsJson, print_json, with_graph
from services.cli.show import today_of

Imported = Annotated[bool, typer.Option("--imported", help="Only items that name an import.")]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="needs")(show_needs)


def show_needs(
    context: typer.Context,
    imported: Imported = False,
    as_json: AsJson = False,
    rows: Annotated[int, typer.Option(min=1, max=500, help="Most needs.")] = 50,
    after: Annotated[str, typer.Option(help="Only needs after this item key.")] = "",
) -> None:
    """Show open demand items that nobody can serve now, and why: who cannot, and who only does not say."""

    async def work(graph: Graph, settings: Settings) -> list[Need]:
        knowledge = await present_knowledge(graph)
        return await needs(graph, after, rows, knowledge, today_of(settings), imported=imported)

    found = with_graph(context, work)
    if as_json:
        print_json(context.obj.out, [unmet_need_out(each) for each in found])
        return
    out: Console = context.obj.out
    if not found:
        out.print("There is no unmet need: every open item that was decided has a match.")
    for each in found:
        _print_need(out, each)
    if len(found) == rows:
        out.print(f"[dim]more: --after {found[-1].key}[/]", highlight=False)


def _print_need(out: Console, one: Need) -> None:
    quantity = f"{one.quantity:,.10g} {one.unit or ''}".strip()
    value = f", about {one.value.amount:,.0f} {one.value.currency}" if one.value else ""
    until = f", needed by {one.needed_by}" if one.needed_by else ""
    out.print(f"[bold]{escape(one.title)}[/]  {one.key}  {escape(quantity)}{value}{until}", highlight=False)
    out.print(f"  {escape(one.buyer or one.buyer_id or 'no buyer')}: {escape(one.demand)}", highlight=False)
    if one.imported:
        out.print(f"  imported: {escape(imported_words(one.imported))}", highlight=False)
    print_need(out, one.causes)
