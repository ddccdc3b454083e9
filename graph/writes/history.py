"""The history of demands: every event of one, so that its publication can be told release by release.

(:Demand)-[:HAD_REVISION]->(:DemandRevision)
"""

from graph.changes import DEMAND_HISTORY, Change, Changes
from graph.driver import Row, Tx

# (:Demand)-[:HAD_REVISION]->(:DemandRevision): every event, also late ones; one that comes again is the same one
PUT_DEMAND_HISTORY = """
UNWIND $rows AS r
MERGE (d:Demand {id: r.demand})
MERGE (d)-[:HAD_REVISION]->(v:DemandRevision {event: r.event})
  ON CREATE SET v += r.props
"""


async def put_demand_history(tx: Tx, changes: Changes) -> None:
    """Write the history lines of a slice."""
    rows = [_row(change) for change in changes.of(DEMAND_HISTORY)]
    if rows:
        rows.sort(key=lambda row: (row["demand"], row["event"]))
        await tx.run(PUT_DEMAND_HISTORY, rows=rows)


def _row(change: Change) -> Row:
    return {
        "demand": change.more["demand"],
        "event": change.event,
        "props": {
            "version": change.version,
            "kind": type(change.data).__name__,
            "at": change.more["at"],
            "body": change.data.model_dump_json(exclude_defaults=True),
        },
    }
