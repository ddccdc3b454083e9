"""Past demands of the graph to learn from: their texts, codes and awards; and the labels of foreign codes."""

from typing import Final

from graph.advice.learn.history import Past, cpv
from graph.driver import Graph
from schemas.demands import DemandItem

ROWS: Final = 1_000
MOST: Final = 20_000

# (:Award)-[:OF_ITEM]->(:DemandItem), and who got it
PAST_ITEMS = """
MATCH (i:DemandItem)
WHERE i.key > $after AND i.body IS NOT NULL
WITH i ORDER BY i.key LIMIT $rows
RETURN i.key AS key, i.body AS body, i.buyer AS buyer,
       COLLECT { MATCH (i)<-[:OF_ITEM]-(a:Award {cancelled: false}) RETURN DISTINCT a.supplier } AS suppliers
ORDER BY key
"""

CODE_LABELS = """
MATCH (k:Code)
WHERE k.key > $after AND k.key STARTS WITH $scheme AND k.label IS NOT NULL
RETURN k.key AS key, k.id AS id, k.label AS label ORDER BY k.key LIMIT $rows
"""


async def past_items(graph: Graph) -> list[Past]:
    """Items of the graph's demands that have a CPV code or an award, by key; at most 20,000."""
    found: list[Past] = []
    after = ""
    while len(found) < MOST:
        rows = await graph.read(PAST_ITEMS, after=after, rows=ROWS)
        for row in rows:
            item = DemandItem.model_validate_json(row["body"])
            codes = tuple(
                code for each in item.classifications if each.scheme.upper() == "CPV" and (code := cpv(each.id))
            )
            suppliers = tuple(sorted(str(each) for each in row["suppliers"]))
            if codes or suppliers:
                text = ". ".join(part for part in (item.title, item.description) if part)
                main = codes[0] if codes else ""
                found.append(Past(row["key"], text, main, codes, suppliers, row["buyer"] or ""))
        if len(rows) < ROWS:
            break
        after = rows[-1]["key"]
    return found


async def code_labels(graph: Graph, scheme: str = "CPV") -> dict[str, str]:
    """English labels of a foreign classification's codes (digits only), where it was loaded."""
    found: dict[str, str] = {}
    after = ""
    while True:
        rows = await graph.read(CODE_LABELS, after=after, scheme=f"{scheme}:", rows=5 * ROWS)
        found |= {row["id"]: row["label"] for row in rows}
        if len(rows) < 5 * ROWS:
            return found
        after = rows[-1]["key"]
