"""`peyvand demand show`, `supplier show`, `match`, `explain`: what the graph says, in words or as JSON."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph.advice.unmatched import Unmatched, unmatched
from graph.driver import Graph
from graph.reads.demands import demand
from graph.reads.explain import Explained, explain
from graph.reads.matches import ItemMatches, Pairing, demand_matches, supplier_matches
from graph.reads.suppliers import supplier
from graph.rules import present_knowledge
from schemas.demands import item_key
from schemas.errors import NotFoundError
from schemas.settings import Settings
from services.api.unmatched import consortium_out, need_out
from services.cli.match_lines import print_criteria, print_item
from services.cli.missing import not_found
from services.cli.opened import AsJson, print_json, with_graph
from services.cli.words import missing_words

SHOWN = 50


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    demands = typer.Typer(no_args_is_help=True, help="Demands.")
    demands.command(name="show")(show_demand)
    app.add_typer(demands, name="demand")
    suppliers = typer.Typer(no_args_is_help=True, help="Suppliers.")
    suppliers.command(name="show")(show_supplier)
    app.add_typer(suppliers, name="supplier")
    app.command(name="match")(match)
    app.command(name="explain")(explain_pair)


def today_of(settings: Settings) -> date:
    """The date that verdicts are judged by."""
    return settings.current_date()


def show_demand(
    context: typer.Context, demand_id: Annotated[str, typer.Argument(help="Demand id.")], as_json: AsJson = False
) -> None:
    """Show a demand with its items and awards."""
    row = with_graph(context, lambda graph, _: demand(graph, demand_id))
    if row is None or row["body"] is None:
        raise not_found("demand", demand_id)
    row["record"] = json.loads(row.pop("body"))
    if as_json:
        print_json(context.obj.out, row)
        return
    out: Console = context.obj.out
    state = f"cancelled ({row['cancelled_why']})" if row["cancelled"] else "stands"
    out.print(f"[bold]{row['record']['title']}[/]  {row['id']}  version {row['version']}, {state}", highlight=False)
    out.print(f"{row['buyer_name']}; needed by {row['record'].get('needed_by', 'no date')}", highlight=False)
    table = Table("item", "title", "quantity", "open", "matches", "near misses")
    quantities = {item["id"]: item for item in row["record"]["items"]}
    for item in row["items"]:
        asked = quantities.get(item["id"], {})
        quantity = f"{asked.get('quantity', 0):,.0f} {asked.get('unit', '')}"
        state = "yes" if item["open"] else item["closed_why"] or "no"
        table.add_row(item["id"], item["title"], quantity, state, str(item["matches"]), str(item["near_misses"]))
    out.print(table)
    for award in row["awards"]:
        out.print(f"awarded: item {award['item']} to {award['supplier']} ({award['offer'] or 'no offer named'})")


def show_supplier(
    context: typer.Context, supplier_id: Annotated[str, typer.Argument(help="Supplier id.")], as_json: AsJson = False
) -> None:
    """Show a supplier with its units and what stands for its offers."""

    async def work(graph: Graph, _: Settings) -> tuple[dict[str, Any] | None, list[dict[str, Any]] | None]:
        return await supplier(graph, supplier_id), await supplier_matches(graph, supplier_id, ("", ""), SHOWN)

    row, standing = with_graph(context, work)
    if row is None or row["body"] is None:
        raise not_found("supplier", supplier_id)
    row["record"] = json.loads(row.pop("body"))
    row["standing"] = standing or []
    if as_json:
        print_json(context.obj.out, row)
        return
    out: Console = context.obj.out
    names = " – ".join(name for name in (row["record"].get("name_en"), row["record"].get("name_fa")) if name)
    suspended = f"  [red]suspended: {row['suspended_why']}[/]" if row["suspended"] else ""
    out.print(f"[bold]{names}[/]  {row['id']}  version {row['version']}{suspended}", highlight=False)
    for unit in row["units"]:
        out.print(f"unit {unit['id']}: {unit['state']}" + (f", since {unit['since']}" if unit["since"] else ""))
    for held in row["record"].get("certificates", []):
        out.print(f"holds {held['standard']}" + (f" until {held['valid_until']}" if held.get("valid_until") else ""))
    table = Table("", "demand item", "buyer", "offer", "missing")
    for pair in row["standing"]:
        fits = pair["link"] == "MATCHES"
        missing = "" if fits else missing_words(pair["missing"])
        table.add_row(
            "✓" if fits else "~", f"{pair['item_key']} {pair['item_title']}", pair["buyer_name"], pair["offer"], missing
        )
    out.print(table)


def match(
    context: typer.Context,
    demand_id: Annotated[str, typer.Argument(help="Demand id.")],
    as_json: AsJson = False,
    rows: Annotated[int, typer.Option(min=1, max=500, help="Most matches and near misses per item.")] = 20,
) -> None:
    """Show who can serve a demand and why, who nearly can and what is missing, and who has the quantity together."""

    async def work(graph: Graph, settings: Settings) -> tuple[list[ItemMatches], dict[str, Unmatched]]:
        knowledge, day = await present_knowledge(graph), today_of(settings)
        found = await demand_matches(graph, demand_id, "", 1000, rows, knowledge, day)
        return found, await unmatched(graph, found, knowledge, day)

    items, beside = with_graph(context, work)
    if not items:
        raise not_found("demand", demand_id)
    if as_json:
        print_json(context.obj.out, [_item_json(item, beside[item.row["key"]]) for item in items])
        return
    for item in items:
        print_item(context.obj.out, item, beside[item.row["key"]])


def _item_json(item: ItemMatches, beside: Unmatched) -> dict[str, Any]:
    return {
        "item": item.row["key"],
        "title": item.row["title"],
        "closed": item.closed,
        "matches": [_pair_json(pair) for pair in item.matches],
        "near_misses": [_pair_json(pair) for pair in item.near_misses],
        "need": need_out(beside).model_dump(),
        "consortium": consortium_out(beside.consortium).model_dump() if beside.consortium else None,
    }


def _pair_json(pair: Pairing) -> dict[str, Any]:
    hidden = {"offer_facts", "supplier_facts", "facts", "awarded"}
    return {
        "match_id": pair.match,
        **{name: value for name, value in pair.row.items() if name not in hidden},
        "verdict": pair.verdict.model_dump(mode="json") if pair.verdict else None,
    }


def explain_pair(
    context: typer.Context,
    demand_item: Annotated[
        str, typer.Argument(help="Item key `demand~item`, or the demand id of a demand with one item.")
    ],
    offer: Annotated[str, typer.Argument(help="Offer id.")],
    supplier_id: Annotated[
        str | None, typer.Option("--supplier", help="Supplier, where several have this offer id.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain any pair, also one that is no match: every criterion with what was asked and offered."""

    async def work(graph: Graph, settings: Settings) -> Explained | None:
        key = demand_item if "~" in demand_item else await _only_item(graph, demand_item)
        return await explain(
            graph, key, offer, supplier_id, knowledge=await present_knowledge(graph), today=today_of(settings)
        )

    found = with_graph(context, work)
    if found is None:
        msg = f"there is no demand item {demand_item!r} or no offer {offer!r} in the graph"
        raise NotFoundError(msg, hint="See `peyvand demand show` and `peyvand supplier show`.")
    if as_json:
        said = {**asdict(found), "verdict": found.verdict.model_dump(mode="json") if found.verdict else None}
        print_json(context.obj.out, said)
        return
    out: Console = context.obj.out
    out.print(
        f"[bold]{escape(found.item_title)}[/] ({found.item})\n"
        f"[bold]{escape(found.offer_title)}[/] ({found.offer} of {escape(found.supplier_name)})",
        highlight=False,
    )
    if found.closed:
        out.print(f"[yellow]not open:[/] {escape(found.closed)}", highlight=False)
    if found.verdict is None:
        out.print("No verdict: the supplier is not registered yet.")
        return
    out.print(
        f"verdict: [bold]{found.verdict.outcome.value.replace('_', ' ')}[/], score {found.verdict.score:.2f}. {escape(found.verdict.summary)}",
        highlight=False,
    )
    print_criteria(out, found.verdict.criteria, "  ")


async def _only_item(graph: Graph, demand_id: str) -> str:
    row = await demand(graph, demand_id)
    if row is None or row["body"] is None:
        raise not_found("demand", demand_id)
    present = [item["id"] for item in row["items"] if item["present"]]
    if len(present) != 1:
        keys = ", ".join(item_key(demand_id, item) for item in present)
        msg = f"demand {demand_id!r} has {len(present)} items: {keys}"
        raise NotFoundError(msg, hint="Name one of them.")
    return item_key(demand_id, present[0])
