"""What stands beside the matches of a demand's items: how each need stands, why nobody serves it, and a consortium."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from graph.advice.candidates import candidates_at, judge
from graph.advice.causes import Cause
from graph.advice.causes import causes as causes_by
from graph.advice.consortium import Consortium, consortium
from graph.advice.needs import causes_of, readable
from graph.driver import Graph
from graph.knowledge import ItemFacts, Knowledge
from graph.reads.matches import ItemMatches
from graph.retrieve import Pair

State = Literal["open", "solved", "closed", "undecided"]
MOST_PAIRS: Final = 1000
"""Offers that are looked at for consortia of one answer, shared out over its items: a decision takes 0.1 ms."""
FEWEST: Final = 10

# Offers that lack nothing but quantity
SHORT_OFFERS = """
UNWIND $keys AS key
MATCH (i:DemandItem {key: key})
CALL (i) {
  MATCH (i)-[m:NEARLY_MATCHES]->(o:Offer)
  WHERE m.missing = ['capacity']
  RETURN o.key AS offer ORDER BY m.score DESC, o.key LIMIT $each
}
RETURN key AS item, collect(offer) AS offers
"""

# Offers whose supplier declined the item, or said anywhere that it has no capacity until a day to come
UNWILLING = """
UNWIND $rows AS r
MATCH (a:Response {offer: r.offer})
WHERE (a.item = r.item AND a.answer = 'decline') OR (a.reason = 'no_capacity' AND a.free_from > $today)
RETURN DISTINCT r.item AS item, r.offer AS offer
"""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """How the need of an item stands.

    state: `open` while the item takes offers and has no match, `solved` by a match, `closed` when it takes no offers
    any more, `undecided` until it was matched first. causes and consortium are those of an open need; consortium is
    None where nobody lacks quantity alone.
    """

    state: State
    causes: tuple[Cause, ...] = ()
    consortium: Consortium | None = None


async def unmatched(
    graph: Graph, items: Sequence[ItemMatches], knowledge: Knowledge, today: date
) -> dict[str, Unmatched]:
    """How the needs of a demand's items stand, by item key."""
    found = {one.row["key"]: Unmatched(_state(one)) for one in items}
    unmet = [one for one in items if found[one.row["key"]].state == "open"]
    open_items = [facts for one in unmet if (facts := readable(one.row["facts"])) is not None]
    causes = {one.row["key"]: told for one in unmet if (told := _told(one)) is not None}
    causes |= await causes_of(graph, [item for item in open_items if item.id not in causes], knowledge, today)
    together = await _consortia(graph, open_items, knowledge, today)
    for item in open_items:
        found[item.id] = Unmatched("open", causes.get(item.id, ()), together.get(item.id))
    return found


def _state(one: ItemMatches) -> State:
    if one.closed is not None:
        return "closed"
    if one.row["matches_total"]:
        return "solved"
    return "open" if one.row["decided_on"] else "undecided"


def _told(one: ItemMatches) -> tuple[Cause, ...] | None:
    """The causes by verdicts that are there already; None where they are not those of all near misses."""
    pairs = [(pair.row["supplier"], pair.verdict) for pair in one.near_misses if pair.verdict is not None]
    return causes_by(pairs) if pairs and len(pairs) == one.row["near_misses_total"] else None


async def _consortia(
    graph: Graph, items: Sequence[ItemFacts], knowledge: Knowledge, today: date
) -> dict[str, Consortium]:
    """The consortia of items without a match, out of the near misses that stand; only where there are any."""
    if not items:
        return {}
    each = max(FEWEST, MOST_PAIRS // len(items))
    rows = await graph.read(SHORT_OFFERS, keys=[item.id for item in items], each=each)
    short: dict[str, list[str]] = {row["item"]: row["offers"] for row in rows if row["offers"]}
    offers, _ = await candidates_at(graph, {key for keys in short.values() for key in keys}, today)
    refused = await unwilling(graph, [(key, offer) for key, keys in short.items() for offer in keys], today)
    done: dict[str, Consortium] = {}
    for item in items:
        found = [offers[key] for key in short.get(item.id, ()) if key in offers and (item.id, key) not in refused]
        if found:
            await asyncio.sleep(0)  # others on this loop want a turn
            done[item.id] = consortium(item, judge(item, found, knowledge, today), knowledge, today)
    return done


async def unwilling(graph: Graph, pairs: Sequence[Pair], today: date) -> set[Pair]:
    """Those pairs of item and offer key that are not to be counted on: declined, or busy until a day to come."""
    if not pairs:
        return set()
    rows = [{"item": item, "offer": offer} for item, offer in sorted(pairs)]
    found = await graph.read(UNWILLING, rows=rows, today=today.isoformat())
    return {(row["item"], row["offer"]) for row in found}
