"""What a search found, as it is answered."""

from typing import Final, Literal

from graph.driver import Row
from services.api.links import Links
from services.api.models import Hit

Kind = Literal["supplier", "offer", "demand", "item", "class", "buyer"]
KINDS: Final[dict[str, Kind]] = {
    "Supplier": "supplier",
    "Offer": "offer",
    "Demand": "demand",
    "DemandItem": "item",
    "ProductClass": "class",
    "Buyer": "buyer",
}


def hit_of(row: Row, links: Links) -> Hit:
    """One row of graph.reads.search."""
    kind = KINDS[row["label"]]
    return Hit(
        kind=kind,
        id=row["id"],
        within=row["within"],
        title=row["title"],
        title_fa=row["title_fa"],
        score=row["score"],
        link=_link(kind, row, links),
    )


def _link(kind: Kind, row: Row, links: Links) -> str | None:
    match kind:
        case "supplier":
            return links.to("suppliers", row["id"])
        case "offer":
            return links.to("offers", row["id"], supplier=row["within"] or "")
        case "demand":
            return links.to("demands", row["id"])
        case "item":
            return links.to("demands", row["within"] or "")
        case "class":
            return links.to("classes", row["id"])
        case "buyer":
            return links.to("demands", buyer=row["id"])
