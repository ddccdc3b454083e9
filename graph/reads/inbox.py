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

INBOXES = """
UNWIND $rows AS r
CALL (r) {
  MATCH (n:Notice)
  WHERE n.supplier = r.supplier AND n.seq > r.after
  RETURN n ORDER BY n.seq LIMIT $most
}
RETURN r.supplier AS supplier, r.after AS after, n.id AS event_id, n.seq AS seq, n.kind AS kind, n.body AS body
ORDER BY seq
"""


async def inbox(graph: Graph, supplier_id: str, after: int, rows: int) -> list[Row]:
    """News of one supplier with a sequence number above `after`, oldest first."""
    return await graph.read(INBOX, supplier=supplier_id, after=after, rows=rows)


async def inbox_newest(graph: Graph, supplier_id: str, before: int, rows: int) -> list[Row]:
    """News of one supplier with a sequence number below `before`, newest first."""
    return await graph.read(INBOX_NEWEST, supplier=supplier_id, before=before, rows=rows)


async def inboxes(graph: Graph, asked: list[Row], rows: int) -> dict[tuple[str, int], list[Row]]:
    """As inbox for several at once: `asked` holds `supplier` and `after`; what is there by these two."""
    found: dict[tuple[str, int], list[Row]] = {}
    for row in await graph.read(INBOXES, rows=asked, most=rows):
        found.setdefault((row["supplier"], row["after"]), []).append(row)
    return found
