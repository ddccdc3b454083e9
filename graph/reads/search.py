"""Full-text search over names and titles, in both scripts."""

import re
from collections.abc import Sequence
from typing import Final

from graph.driver import Graph, Row
from graph.writes.props import search_text

MOST_HITS: Final = 500
"""Pages are cut from as many, in an order of our own: the index leaves open how it orders equal scores."""
MOST_WORDS: Final = 12
_WORD = re.compile(r"\w+")
_DIGITS: Final = (
    str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789"),
    str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹"),
)

SEARCH = """
CALL db.index.fulltext.queryNodes('names', $words, {limit: $most}) YIELD node, score
WITH node, score, labels(node)[0] AS label, coalesce(node.key, node.id) AS key
ORDER BY score DESC, label, key SKIP $skip LIMIT $rows
RETURN label, score, key, node.id AS id,
       coalesce(node.title, node.name, node.name_en) AS title, node.name_fa AS title_fa,
       coalesce(node.supplier, node.demand) AS within
"""


def lucene_query(text: str) -> str | None:
    """The words of a text as a Lucene query: each may be meant, the last may be unfinished. None: there is no word.

    Letters are normalised as the index's are; a number is looked for in both kinds of digits.
    """
    words = _WORD.findall(search_text(text).casefold())[:MOST_WORDS]
    if not words:
        return None
    clauses = [f"{_either(word)}^2" for word in words]
    clauses += [f"{spelling}*" for spelling in _spellings(words[-1])]
    return " ".join(clauses)


def _either(word: str) -> str:
    spellings = _spellings(word)
    return f"({' OR '.join(spellings)})" if len(spellings) > 1 else f"({spellings[0]})"


def _spellings(word: str) -> Sequence[str]:
    return sorted({word, *(word.translate(table) for table in _DIGITS)})


async def search(graph: Graph, text: str, skip: int, rows: int) -> list[Row]:
    """Suppliers, offers, demands, items, classes and buyers by relevance; empty when the text holds no word."""
    query = lucene_query(text)
    return [] if query is None else await graph.read(SEARCH, words=query, most=MOST_HITS, skip=skip, rows=rows)
