"""`peyvand simulate`, `equivalents`, `consortium`: advice on a demand, published or not, without changing anything."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from graph.advice.ask import consortium_of, equivalents_of, simulate_demand
from graph.advice.consortium import Consortium
from graph.advice.equivalents import Equivalent, Equivalents
from graph.advice.simulate import Simulation
from graph.driver import Graph
from graph.rules import present_knowledge
from schemas.settings import Settings
from services.advice_json import plain
from services.cli.inputs import demand_of, given_json, items_of
from services.cli.opened import AsJson, print_json, with_graph
from services.cli.show import today_of

Source = Annotated[
    str, typer.Argument(help="A JSON file with a demand, event or single item; `-`; or a demand id, or `demand~item`.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(simulate)
    app.command()(equivalents)
    app.command()(consortium)


def simulate(context: typer.Context, demand: Source, as_json: AsJson = False) -> None:
    """Tell who could serve a demand, and how many suppliers each of its clauses removes, alone and given the others."""
    given = given_json(demand)

    async def work(graph: Graph, settings: Settings) -> list[Simulation]:
        record, item = await demand_of(graph, demand, given)
        chosen = record.model_copy(update={"items": items_of(record, item)})
        return await simulate_demand(graph, chosen, await present_knowledge(graph), today_of(settings))

    found = with_graph(context, work)
    if as_json:
        print_json(context.obj.out, plain(found))
        return
    for each in found:
        _print_simulation(context.obj.out, each)


def _print_simulation(out: Console, one: Simulation) -> None:
    out.print(
        f"[bold]{one.title}[/]  {len(one.capable)} of {one.makers} suppliers that make it are capable "
        f"({one.capable_offers} of {one.maker_offers} offers, {one.candidates} looked at)",
        highlight=False,
    )
    for each in one.capable:
        out.print(f"  [green]✓[/] {each.supplier}: {', '.join(each.offers)}", highlight=False)
    table = Table("clause", "asked", "removes alone", "removes given the others", "of these silent", "whom")
    for effect in one.effects:
        clause = effect.clause
        label = f"{clause.kind.replace('_', ' ')} {clause.name or ''}".strip()
        whom = ", ".join(each.supplier for each in effect.excluded)
        table.add_row(
            label, clause.asked, str(effect.removes_alone), str(effect.removes_given_others), str(effect.silent), whom
        )
    out.print(table)
    for each in one.relaxations:
        out.print(f"  without {' and '.join(each.clauses)}: {len(each.suppliers)} more", highlight=False)


def equivalents(context: typer.Context, demand_item: Source, as_json: AsJson = False) -> None:
    """Find domestic equivalents of an item that is imported: who makes it, who nearly does, or that it is unmet."""
    given = given_json(demand_item)

    async def work(graph: Graph, settings: Settings) -> list[Equivalents]:
        record, item = await demand_of(graph, demand_item, given)
        knowledge = await present_knowledge(graph)
        day = today_of(settings)
        return [await equivalents_of(graph, record, each, knowledge, day) for each in items_of(record, item)]

    found = with_graph(context, work)
    if as_json:
        print_json(context.obj.out, plain(found))
        return
    for each in found:
        _print_equivalents(context.obj.out, each)


def _print_equivalents(out: Console, one: Equivalents) -> None:
    known = ", ".join(part for part in (one.brand, *one.part_numbers, f"HS {one.hs}" if one.hs else None) if part)
    out.print(f"[bold]{one.title}[/]  imported: {known or 'no brand, number or code given'}", highlight=False)
    for each in one.capable:
        out.print(f"  [green]✓[/] {_named(each)}", highlight=False)
    for each in one.near:
        gaps = "; ".join(
            f"{gap.kind.replace('_', ' ')} {gap.name or ''}".strip() + (" (not stated)" if gap.data else "")
            for gap in each.gaps
        )
        out.print(f"  [yellow]~[/] {_named(each)}: {gaps}", highlight=False)
    if one.unmet:
        causes = ", ".join(f"{cause} ({count})" for cause, count in one.causes)
        out.print(f"  [red]unmet:[/] {causes}", highlight=False)


def _named(one: Equivalent) -> str:
    said = f"  [dim]{'; '.join(one.evidence)}[/]" if one.evidence else ""
    return f"{one.supplier}: {one.offer} ({one.offer_id}){said}"


def consortium(context: typer.Context, demand_item: Source, as_json: AsJson = False) -> None:
    """Find the fewest offers, at most four, that together have the quantity that no single one has."""
    given = given_json(demand_item)

    async def work(graph: Graph, settings: Settings) -> list[Consortium]:
        record, item = await demand_of(graph, demand_item, given)
        knowledge = await present_knowledge(graph)
        day = today_of(settings)
        return [await consortium_of(graph, record, each, knowledge, day) for each in items_of(record, item)]

    found = with_graph(context, work)
    if as_json:
        print_json(context.obj.out, plain(found))
        return
    out: Console = context.obj.out
    for one in found:
        out.print(f"[bold]{one.item}[/]  {one.wanted:,.10g} {one.unit}".rstrip(), highlight=False)
        for each in one.members:
            out.print(f"  {each.share:.0%}  {each.quantity:,.10g}  {each.supplier}: {each.offer}", highlight=False)
        if one.why:
            out.print(f"  no consortium: {one.why}", highlight=False)
