"""Which dead letters were sent again: kept beside the log, which is never changed, and over a rebuild."""

import time

from graph.driver import Graph, Row, Tx

PUT_REPLAY = """
MERGE (r:Replay {id: $id})
SET r.times = coalesce(r.times, 0) + 1, r.at = $at, r.to = $to, r.fixed = $fixed
"""

REPLAYS = """
UNWIND $ids AS id
MATCH (r:Replay {id: id})
RETURN r.id AS id, r.times AS times, r.at AS at, r.to AS to, r.fixed AS fixed
"""


async def note_replay(graph: Graph, letter: str, to: str, *, fixed: bool) -> None:
    """Remember that a letter (`topic:partition:offset` of the bad record) was sent again, and where it is now."""

    async def work(tx: Tx) -> None:
        await tx.run(PUT_REPLAY, id=letter, at=time.time(), to=to, fixed=fixed)

    await graph.write(work)


async def replays(graph: Graph, letters: list[str]) -> dict[str, Row]:
    """What is known of these letters, by their names: `times`, `at` (seconds), `to`, `fixed`."""
    return {row["id"]: row for row in await graph.read(REPLAYS, ids=letters)}
