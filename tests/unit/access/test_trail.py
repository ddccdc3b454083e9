"""The log of who did what: kept in order, kept over outages, bounded, and never stopped by one bad entry."""

import asyncio

import pytest

from graph.access.log import Entry, entry_id
from graph.driver import RefusedError
from schemas.errors import UnavailableError
from services.access import trail as trail_module
from services.access.trail import Trail


@pytest.fixture
def kept(monkeypatch):
    """What was written, and what the next writings answer."""
    written: list[str] = []
    answers: list[Exception | None] = []

    async def keep(_, rows):
        answer = answers.pop(0) if answers else None
        if answer is not None:
            raise answer
        written.extend(row["props"]["target"] for row in rows)

    monkeypatch.setattr(trail_module, "keep_entries", keep)
    return written, answers


def entry(target: str) -> Entry:
    return Entry("urn:peyvand:key:k", "admin", "PUT /x", target)


async def test_entries_are_written_in_order_and_once(kept):
    written, _ = kept
    trail = Trail(None, 1)
    for name in "abc":
        trail.add(entry(name))
    await asyncio.gather(trail.flush(), trail.flush())
    await trail.keep(entry("d"))
    assert written == ["a", "b", "c", "d"]


async def test_entries_wait_while_the_graph_is_away(kept):
    written, answers = kept
    answers += [UnavailableError("away"), UnavailableError("away"), None]
    trail = Trail(None, 1)
    await trail.keep(entry("a"))
    with pytest.raises(UnavailableError):
        await trail.flush()
    assert written == []
    await trail.keep(entry("b"))
    assert written == ["a", "b"]


async def test_what_the_graph_will_never_take_stops_nothing(kept):
    written, answers = kept
    answers.append(RefusedError("too long"))
    trail = Trail(None, 1)
    await trail.keep(entry("bad"))
    await trail.keep(entry("good"))
    assert written == ["good"]


async def test_what_waits_is_bounded(kept, monkeypatch):
    written, _ = kept
    monkeypatch.setattr(trail_module, "MOST_WAITING", 3)
    trail = Trail(None, 1)
    for name in "abcde":
        trail.add(entry(name))
    await trail.flush()
    assert written == ["c", "d", "e"]


async def test_a_slow_graph_holds_nobody_up(monkeypatch):
    async def hang(*_):
        await asyncio.sleep(60)

    monkeypatch.setattr(trail_module, "keep_entries", hang)
    monkeypatch.setattr(trail_module, "LONGEST_SECONDS", 0.05)
    await asyncio.wait_for(Trail(None, 1).keep(entry("a")), 5)


def test_ids_sort_by_time_and_are_all_different():
    ids = [entry_id(at) for at in (1.0, 1.0, 2.0, 1_795_000_000.0, 9_999_999_999.0)]
    assert ids == sorted(ids)
    assert len({entry_id(1.0) for _ in range(1000)}) == 1000
