"""`peyvand audit`: who was told of a demand, when, by which rules and channel, and who was not and why."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from graph.driver import Graph
from graph.reads.audit import Audit
from graph.reads.audit import audit as read_audit
from graph.rules import present_knowledge
from schemas.settings import Settings
from services.audits import AuditItem, AuditOut, audit_out
from services.cli.missing import not_found
from services.cli.opened import AsJson, print_json, with_graph
from services.cli.past import Past, at_publication
from services.cli.show import today_of


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(audit)


def audit(
    context: typer.Context,
    demand_id: Annotated[str, typer.Argument(help="Demand id.")],
    as_json: AsJson = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Also fold the log up to the publication: who was eligible at that moment.")
    ] = False,
) -> None:
    """Show who was told of a demand, when, under which version of the rules and by which channel; who was not, and why."""

    async def work(graph: Graph, settings: Settings) -> Audit | None:
        return await read_audit(graph, demand_id, await present_knowledge(graph), today_of(settings))

    found = with_graph(context, work)
    if found is None:
        raise not_found("demand", demand_id)
    said = audit_out(found)
    past = _past(context, demand_id) if replay else None
    if as_json:
        shown = said.model_dump(mode="json")
        print_json(context.obj.out, shown if past is None else {**shown, "at_publication": asdict(past)})
        return
    out: Console = context.obj.out
    out.print(
        f"[bold]{said.title}[/]  {said.demand_id}, version {said.version}, event {said.event_id}", highlight=False
    )
    for item in said.items:
        _print(out, item)
    if past is not None:
        _print_past(out, past, said)


def _past(context: typer.Context, demand_id: str) -> Past | None:
    knowledge = with_graph(context, lambda graph, _: present_knowledge(graph))
    return at_publication(context.obj.settings, demand_id, knowledge)


def _print_past(out: Console, past: Past, said: AuditOut) -> None:
    out.print(
        f"\nAt publication ({past.at:%Y-%m-%d %H:%M:%S} UTC, {past.place}, event {past.event_id}), by rules {past.rules}: "
        f"{len(past.eligible)} pairs were eligible and {len(past.nearly)} nearly so.",
        highlight=False,
    )
    told = {
        (f"{said.demand_id}~{item.item}", f"{one.supplier_id}~{one.offer_id}")
        for item in said.items
        for one in item.told
    }
    for item, offer in past.eligible:
        mark = "[green]told[/]" if (item, offer) in told else "[red]never told[/]"
        out.print(f"  {mark} {item}: {offer}", highlight=False)


def _print(out: Console, item: AuditItem) -> None:
    closed = f"  (closed: {item.closed_why})" if item.closed_why else ""
    out.print(f"\n[bold]{item.item}[/] {item.title}{closed}", highlight=False)
    for one in item.told:
        score = f", score {one.score:.2f}" if one.score is not None else ""
        out.print(
            f"  [green]told[/] {one.supplier or one.supplier_id}: {one.kind} {one.revision} of {one.offer_id} at "
            f"{one.decided_at}{score}, rules {one.rules}: {one.why or ''}",
            highlight=False,
        )
        for channel in one.channels:
            where = f" {channel.endpoint}" if channel.endpoint else ""
            why = f" ({channel.why})" if channel.why else ""
            out.print(f"      {channel.channel}{where}: {channel.state} {channel.at or ''}{why}", highlight=False)
    for other in item.not_told:
        out.print(
            f"  [yellow]not told[/] {other.supplier or other.supplier_id}: {other.offer_id}: {other.outcome}, {other.why}",
            highlight=False,
        )
    if item.not_told_total > len(item.not_told):
        out.print(f"  and {item.not_told_total - len(item.not_told)} more that were looked at and not told")
