"""The offers that may match or nearly match items: found by class and term, and sifted in the database.

What is tested and why nothing is lost by it: graph/matching/sieve.py, whose tests these are, word for word. An offer
that has no side yet (it was stored by an older release) passes.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from graph.driver import Graph, Row
from graph.knowledge import ItemFacts, Knowledge
from graph.matching.decide import MOST_MISSING
from graph.matching.sieve import ABLE, VAGUE, ItemSide, item_side

ITEMS: Final = 5
"""Items asked for at once: a class may hold tens of thousands of offers, of which each takes some 0.1 ms."""
SECONDS: Final = 60.0

# (:DemandItem) -> classes it may be served from <-[:CLASSIFIED_AS]- (:Offer) <-[:OFFERS]- (:Supplier), and shared terms
SIFTED_OFFERS = """
UNWIND $rows AS r
CALL (r) {
  CALL (r) {
    UNWIND r.own AS class
    MATCH (:ProductClass {id: class})<-[:CLASSIFIED_AS]-(o:Offer)
    RETURN o, false AS strict
    UNION ALL
    UNWIND r.wider AS class
    MATCH (:ProductClass {id: class})<-[:CLASSIFIED_AS]-(o:Offer)
    WHERE r.vague OR o.sieve_said IS NULL OR o.sieve_said CONTAINS $vague OR o.sieve_said CONTAINS $able
       OR any(line IN r.broad WHERE o.sieve_said CONTAINS line)
    RETURN o, false AS strict
    UNION ALL
    UNWIND r.kin AS class
    MATCH (:ProductClass {id: class})<-[:CLASSIFIED_AS]-(o:Offer)
    WITH r, o, r.vague OR o.sieve_said IS NULL OR o.sieve_said CONTAINS $vague OR o.sieve_said CONTAINS $able AS unsure
    WHERE unsure OR r.variants
    RETURN o, NOT unsure AS strict
    UNION ALL
    UNWIND r.keys AS term
    MATCH (:Term {id: term})<-[:KNOWN_BY]-(o:Offer)
    RETURN o, false AS strict
  }
  RETURN o, min(strict) AS strict
}
WITH r, o, strict, o.sieve_said AS said
WHERE NOT coalesce(o.withdrawn, false)
  AND (said IS NULL
    OR (coalesce(o.sieve_ends >= r.today, true) AND coalesce(o.sieve_starts <= r.today, true)
      AND (NOT said CONTAINS '\\nf:' OR none(line IN r.faults WHERE said CONTAINS line))
      AND (size(r.domains) = 0 OR NOT said CONTAINS '\\nd:' OR said CONTAINS $able
        OR any(line IN r.domains WHERE said CONTAINS line))))
WITH r, o, strict, said, o.sieve_daily AS daily, coalesce(o.sieve_lead, 0) AS lead
WITH r, o, strict, said,
  CASE WHEN daily IS NULL OR lead > r.days AND o.sieve_lead IS NOT NULL THEN 1
       WHEN daily * CASE WHEN r.days > lead THEN r.days - lead ELSE 0 END < r.amount AND r.days IS NOT NULL
        AND any(line IN r.counted WHERE said CONTAINS line) THEN 1
       ELSE 0 END
  + CASE WHEN o.sieve_least > r.most AND any(line IN r.ordered WHERE said CONTAINS line) THEN 1 ELSE 0 END
  + CASE WHEN r.local IS NOT NULL AND coalesce(o.sieve_local < r.local, true) THEN 1 ELSE 0 END
  + CASE WHEN size(r.numbers) > 0 AND NOT said CONTAINS $able
          AND none(line IN r.numbers WHERE said CONTAINS line) THEN 1 ELSE 0 END AS few
WHERE said IS NULL OR few <= $most
WITH r, o, strict, said, few, o.sieve_dims AS dims, o.sieve_lows AS lows, o.sieve_highs AS highs,
  range(0, size(coalesce(o.sieve_dims, [])) - 1) AS places
WITH r, o, strict, said, few + size([asked IN r.asked WHERE
    none(line IN asked.lines WHERE said CONTAINS line)
    AND none(span IN asked.spans WHERE any(at IN places WHERE
      dims[at] = span[0] AND lows[at] <= span[2] AND highs[at] >= span[1]))]) AS few
WHERE said IS NULL OR few <= $most
MATCH (s:Supplier)-[:OFFERS]->(o)
WITH r, o, strict, said, few, s, coalesce(s.sieve_said, '') AS holds
WHERE NOT coalesce(s.suspended, false)
  AND (said IS NULL OR s.sieve_said IS NULL
    OR ((NOT holds CONTAINS '\\nf:' OR none(line IN r.faults WHERE holds CONTAINS line))
      AND (NOT strict OR all(lines IN r.strict WHERE any(line IN lines WHERE said CONTAINS line OR holds CONTAINS line)))
      AND few + size([lines IN r.standards WHERE none(line IN lines WHERE said CONTAINS line OR holds CONTAINS line)])
        + CASE WHEN holds CONTAINS '\\ns:' + coalesce(o.unit, 'main') + '\\n' THEN 1 ELSE 0 END <= $most))
RETURN r.key AS item, collect(o.key) AS offers
"""


class Wanted(NamedTuple):
    """An item to find offers for."""

    key: str
    facts: ItemFacts


async def sifted(graph: Graph, items: Iterable[Wanted], knowledge: Knowledge, today: date) -> dict[str, list[str]]:
    """Keys of the offers that have to be decided, by item key; an item without any is left out."""
    rows = [_row(each.key, item_side(each.facts, knowledge, today)) for each in items]
    found: dict[str, list[str]] = {}
    for start in range(0, len(rows), ITEMS):
        answers = await graph.read(
            SIFTED_OFFERS, seconds=SECONDS, rows=rows[start : start + ITEMS], vague=VAGUE, able=ABLE, most=MOST_MISSING
        )
        found |= {row["item"]: row["offers"] for row in answers}
    return found


def _row(key: str, side: ItemSide) -> Row:
    row: dict[str, Any] = side._asdict()
    places = row.pop("around")
    asked = [{"lines": one.lines, "spans": [list(span) for span in one.spans]} for one in side.asked]
    rounding = side.amount * 1e-6
    return {
        **row, "key": key, "own": places.own, "wider": places.wider, "kin": places.kin, "asked": asked,
        "amount": side.amount - rounding, "most": side.amount + rounding,
    }  # fmt: skip
