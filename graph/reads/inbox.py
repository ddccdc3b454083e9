"""What a supplier was told, in the order of telling."""

from graph.driver import Graph, Row

INBOX = """
MATCH (n:Notice)
WHERE n.supplier = $supplier AND n.seq > $after
RETURN n.id AS event_id, n.seq AS seq, n.kind AS kind, n.body AS body
ORDER BY n.seq LIMIT $rows
"""

INBOX_NEWEST = """
MATCH (n:Notice)
WHERE n.supplier = $supplier AND n.seq < $before
RETURN n.id AS event_id, n.seq AS seq, n.kind AS kind, n.body AS body
ORDER BY n.seq DESC LIMIT $rows
"""


async def inbox(graph: Graph, supplier_id: str, after: int, rows: int) -> list[Row]:
    """News of one supplier with a sequence number above `after`, oldest first."""
    return await graph.read(INBOX, supplier=supplier_id, after=after, rows=rows)


async def inbox_newest(graph: Graph, supplier_id: str, before: int, rows: int) -> list[Row]:
    """News of one supplier with a sequence number below `before`, newest first."""
    return await graph.read(INBOX_NEWEST, supplier=supplier_id, before=before, rows=rows)
