"""Rows of what is committed but perhaps not yet sent. A row is deleted once the log has it."""

from graph.driver import Graph, Row, Tx
from graph.record import Message

LEFT_OVER = """
MATCH (b:Outbox)
WHERE b.at < $before
RETURN b.id AS id, b.topic AS topic, b.key AS key, b.value AS value
ORDER BY b.at LIMIT $rows
"""

SENT = """
UNWIND $ids AS id
MATCH (b:Outbox {id: id})
DELETE b
"""

WAITING = """
MATCH (b:Outbox)
RETURN count(b) AS rows, min(b.at) AS oldest
"""


async def left_over(graph: Graph, before: float, rows: int) -> list[Message]:
    """The oldest messages that were committed before a time (seconds since the epoch)."""
    found = await graph.read(LEFT_OVER, before=before, rows=rows)
    return [Message(row["id"], row["topic"], row["key"], row["value"]) for row in found]


async def delete_sent(graph: Graph, ids: list[str]) -> None:
    """Forget messages that the log has acknowledged."""

    async def work(tx: Tx) -> None:
        await tx.run(SENT, ids=ids)

    await graph.write(work)


async def waiting(graph: Graph) -> Row:
    """How many messages wait (`rows`), and since when the oldest does (`oldest`, seconds since the epoch or None)."""
    return (await graph.read(WAITING))[0]
