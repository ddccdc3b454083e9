"""Deciding what was touched, in parts that fit a transaction, each of which may run again without effect."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date
from typing import Final, TypeVar

from graph.apply import ITEMS_OF_DEMANDS
from graph.changes import Touched
from graph.driver import Graph, Tx
from graph.knowledge import Knowledge
from graph.record import Message, record
from graph.retrieve import OFFERS_OF_SUPPLIERS, Pair, find_candidates
from streams.outbox import Outbox

ITEMS_AT_ONCE: Final = 50
OFFERS_AT_ONCE: Final = 250
PAIRS_AT_ONCE: Final = 1000

Step = Callable[[Tx], Awaitable[None]]
T = TypeVar("T")


async def decide_touched(
    graph: Graph, outbox: Outbox, touched: Touched, knowledge: Knowledge, today: date, begin: Step, end: Step
) -> int:
    """Decide all pairs of the touched subjects; returns how much was told.

    Every transaction starts with `begin` (a lock, a fence); `end` (moving a cursor) is part of the last one. What a crash
    in between leaves is decided again: what is written already needs nothing then.
    """
    told = 0
    parts = list(_parts(await _whole(graph, touched)))
    for number, part in enumerate(parts):
        found = await find_candidates(graph, part, knowledge, today)
        chunks = list(_chunks(sorted(found.pairs), PAIRS_AT_ONCE)) or [[]]
        for place, chunk in enumerate(chunks):
            whole = place == len(chunks) - 1
            last = whole and number == len(parts) - 1
            messages = await _write(
                graph, chunk, found.items if whole else set(), knowledge, today, begin, end if last else None
            )
            outbox.send_soon(messages)
            told += len(messages)
            await asyncio.sleep(0)
    return told


async def _write(
    graph: Graph,
    pairs: list[Pair],
    decided: set[str],
    knowledge: Knowledge,
    today: date,
    begin: Step,
    end: Step | None,
) -> list[Message]:
    async def work(tx: Tx) -> list[Message]:
        await begin(tx)
        messages = await record(tx, pairs, decided, knowledge, today)
        if end is not None:
            await end(tx)
        return messages

    return await graph.write(work)


async def _whole(graph: Graph, touched: Touched) -> Touched:
    """Demands as their items, suppliers as their offers."""
    items, offers = set(touched.items), set(touched.offers)
    if touched.demands:
        items |= {row["key"] for row in await graph.read(ITEMS_OF_DEMANDS, ids=sorted(touched.demands))}
    if touched.suppliers:
        offers |= {row["key"] for row in await graph.read(OFFERS_OF_SUPPLIERS, ids=sorted(touched.suppliers))}
    return Touched(items=items, offers=offers)


def _parts(touched: Touched) -> Iterator[Touched]:
    items = list(_chunks(sorted(touched.items), ITEMS_AT_ONCE))
    offers = list(_chunks(sorted(touched.offers), OFFERS_AT_ONCE))
    for number in range(max(len(items), len(offers), 1)):
        yield Touched(
            items=set(items[number]) if number < len(items) else set(),
            offers=set(offers[number]) if number < len(offers) else set(),
        )


def _chunks(rows: Sequence[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])
