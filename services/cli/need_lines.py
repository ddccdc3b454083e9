"""Needs, imports and consortia as lines for terminals."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from graph.advice.causes import Cause
from graph.advice.consortium import Consortium
from schemas.demands import ImportedItem
from services.api.unmatched import cause_words


def print_need(out: Console, causes: Iterable[Cause]) -> None:
    """Say that a need is open, and why."""
    said = "; ".join(cause_words(each).en for each in causes)
    out.print(f"  [red]unmet need:[/] {said or 'no cause is known'}", highlight=False)


def imported_words(one: ImportedItem) -> str:
    """An import by what it is called and where it comes from."""
    brand = one.brand or one.maker
    said = [brand, *one.part_numbers, f"HS {one.hs}" if one.hs else None, f"from {one.origin}" if one.origin else None]
    return ", ".join(part for part in said if part) or "no brand, number, code or origin given"


def print_consortium(out: Console, one: Consortium) -> None:
    """Say who has the quantity together, or why nobody has."""
    if not one.members:
        out.print(f"  no consortium: {one.why}", highlight=False)
    else:
        count = len(one.members)
        out.print(
            f"  [cyan]consortium[/] of {count}: no single offer has the quantity, together they do", highlight=False
        )
    for each in one.members:
        quantity = f"{each.quantity:,.10g} {one.unit}".strip()
        out.print(
            f"    + {escape(each.supplier)}: {escape(each.offer)}  ({each.offer_id}): {escape(quantity)}, {each.share:.0%}",
            highlight=False,
        )
    if one.unstated:
        out.print(f"    {one.unstated} more would fit, but do not state their capacity: ask them", highlight=False)
