"""The offer carries one of the asked part numbers, however it is written."""

from graph.matching.criteria.base import MET, SILENT, Findings, Pair, line
from graph.matching.criteria.thing import stands_in_for
from schemas.matches import Criterion


def judge(pair: Pair, out: Findings) -> None:
    """A capability is exempt: it makes what the drawing says. The number of an import is told where it is there."""
    asked = pair.item.part_numbers
    same = stands_in_for(pair.item, pair.offer)
    if same and not asked:
        shown = line(", ".join(same))
        out.add(Criterion(kind="part_number", asked=f"in place of {shown}"[:300], offered=shown, finding=MET))
    if not asked or pair.offer.kind == "capability":
        return
    held = set(pair.offer.part_numbers)
    found = [number for number in asked if number in held]
    shown = line(", ".join(found or pair.offer.part_numbers[:5]) or "none stated")
    out.add(
        Criterion(kind="part_number", asked=line(", ".join(asked)), offered=shown, finding=MET if found else SILENT)
    )
