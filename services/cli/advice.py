"""`peyvand simulate`, `equivalents`, `consortium`: advice on a demand, published or not, without changing anything."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph.advice.ask import consortium_of, equivalents_of, simulate_demand
from graph.advice.consortium import Consortium
from graph.advice.equivalents import Equivalent, Equivalents
from graph.advice.simulate import Simulation
from graph.driver import Graph
from graph.rules import present_knowledge
from schemas.demands import ImportedItem
from schemas.matches import Finding
from schemas.settings import Settings
from services.advice_json import plain
from services.api.unmatched import consortium_out
from services.cli import needs
from services.cli.inputs import demand_of, given_json, items_of
from services.cli.match_lines import MARKS
from services.cli.need_lines import imported_words, print_consortium, print_need
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
    needs.add_to(app)


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
        f"[bold]{escape(one.title)}[/]  {len(one.capable)} of {one.makers} suppliers that make it are capable "
        f"({one.capable_offers} of {one.maker_offers} offers, {one.candidates} looked at)",
        highlight=False,
    )
    for each in one.capable:
        out.print(f"  [green]✓[/] {escape(each.supplier)}: {', '.join(each.offers)}", highlight=False)
    table = Table("clause", "asked", "removes alone", "removes given the others", "of these silent", "whom")
    labels: dict[str, str] = {}
    for effect in one.effects:
        clause = effect.clause
        kind = clause.kind.replace("_", " ")
        labels[clause.id] = f"{kind} {clause.name}" if clause.name else kind
        whom = ", ".join(each.supplier for each in effect.excluded)
        counts = (effect.removes_alone, effect.removes_given_others, effect.silent)
        table.add_row(escape(labels[clause.id]), escape(clause.asked), *map(str, counts), escape(whom))
    out.print(table)
    for each in one.relaxations:
        dropped = escape(" and ".join(labels.get(clause, clause) for clause in each.clauses))
        out.print(f"  without {dropped}: {len(each.suppliers)} more capable", highlight=False)


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
    named = ImportedItem(brand=one.brand, part_numbers=list(one.part_numbers), hs=one.hs, origin=one.origin)
    out.print(f"[bold]{escape(one.title)}[/]  imported: {escape(imported_words(named))}", highlight=False)
    for each in one.capable:
        out.print(f"  [green]✓[/] {_named(each)}", highlight=False)
    if one.unmet:
        print_need(out, one.causes)
    for each in one.near:
        out.print(f"  [yellow]~[/] {_named(each)}", highlight=False)
        for gap in each.gaps:
            label = escape(gap.name or gap.kind.replace("_", " "))
            said = f"asked {escape(gap.asked)}; offered {escape(gap.offered)}"
            mark = MARKS[Finding.SILENT if gap.data else Finding.NOT_MET]
            out.print(f"      {mark} {label}: {said}", highlight=False)


def _named(one: Equivalent) -> str:
    said = f"  [dim]{escape('; '.join(one.evidence))}[/]" if one.evidence else ""
    return f"{escape(one.supplier)}: {escape(one.offer)} ({one.offer_id}){said}"


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
        print_json(context.obj.out, [consortium_out(each) for each in found])
        return
    for one in found:
        quantity = f"{one.wanted:,.10g} {one.unit}".strip()
        context.obj.out.print(f"[bold]{one.item}[/]  {escape(quantity)}", highlight=False)
        print_consortium(context.obj.out, one)
