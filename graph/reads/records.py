"""Records of many subjects at once, each with the highest version over its facets: what an import compares with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from graph.driver import Graph, Row
from graph.reads.versions import DEMANDS, OFFERS, SUPPLIERS
from graph.writes.offers import with_capacity
from graph.writes.props import stored
from schemas.base import Model
from schemas.demands import Demand
from schemas.offers import Offer
from schemas.suppliers import Supplier

RECORDS: Final[dict[str, LiteralString]] = {
    SUPPLIERS: """
UNWIND $keys AS key
MATCH (n:Supplier {id: key})
RETURN key, n.body AS body, n.version AS version, [n.version, n.standing_version] AS versions, false AS ended,
       null AS why, null AS capacity_body, null AS capacity_version
""",
    OFFERS: """
UNWIND $keys AS key
MATCH (n:Offer {key: key})
RETURN key, n.body AS body, n.version AS version, [n.version, n.standing_version, n.capacity_version] AS versions,
       coalesce(n.withdrawn, false) AS ended, null AS why,
       n.capacity_body AS capacity_body, n.capacity_version AS capacity_version
""",
    DEMANDS: """
UNWIND $keys AS key
MATCH (n:Demand {id: key})
RETURN key, n.body AS body, n.version AS version, [n.version, n.standing_version] AS versions,
       coalesce(n.cancelled, false) AS ended, n.cancelled_why AS why, null AS capacity_body, null AS capacity_version
""",
}
MODELS: Final[dict[str, type[Model]]] = {SUPPLIERS: Supplier, OFFERS: Offer, DEMANDS: Demand}


@dataclass(frozen=True, slots=True)
class Stored:
    """What the graph has of a subject. `record` is None while only other events name it, or when it cannot be read.

    `ended`: the offer is withdrawn, or the demand cancelled (`why`). An offer's capacity is the one that holds now.
    """

    version: int
    record: Model | None
    ended: bool = False
    why: str | None = None


async def records(graph: Graph, kind: str, keys: Sequence[str]) -> dict[str, Stored]:
    """What the graph has, by key, of subjects of one kind (see graph.reads.versions); others are left out."""
    rows = await graph.read(RECORDS[kind], keys=list(keys))
    return {row["key"]: _stored(kind, row) for row in rows}


def _stored(kind: str, row: Row) -> Stored:
    record = stored(MODELS[kind], row["body"]) if row["body"] is not None else None
    if isinstance(record, Offer):
        record = with_capacity(record, row["version"], row["capacity_body"], row["capacity_version"])
    highest = max((version for version in row["versions"] if version is not None), default=0)
    return Stored(highest, record, row["ended"], row["why"])
