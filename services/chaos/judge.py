"""The judgment: what stands in the graph, at the receiver and in dead-letters, against what was acknowledged."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from graph.delivery.endpoints import endpoints
from graph.driver import Graph
from graph.facets import (
    ALL_DELIVERIES,
    ALL_NOTICES,
    STANDING_LINKS,
    STANDING_MATCHES,
    STANDING_NEAR,
    TOLD_LEDGER,
    facets,
)
from graph.knowledge import Knowledge
from schemas.delivery import DeliveryState
from schemas.demands import DemandAwarded
from schemas.envelope import Envelope
from schemas.ids import derived
from schemas.notices import EndpointDisabled
from schemas.suppliers import UnitStateChanged
from services.chaos.oracle import Fold, expected
from services.chaos.receiver import Receiver
from services.chaos.site import Site
from streams.letters import Letter

MOST_NAMED = 10


@dataclass(slots=True)
class Judgment:
    """Counts that must all be 0, with some names for each; and what was looked at."""

    wrong: dict[str, int] = field(default_factory=dict[str, int])
    named: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    seen: dict[str, int] = field(default_factory=dict[str, int])
    delivery_seconds: dict[str, float] = field(default_factory=dict[str, float])
    """From the plan of a delivery to its effect at the receiver: median and most."""

    def count(self, what: str, found: Iterable[object]) -> None:
        """Take in what is wrong in one way."""
        rows = [str(one) for one in found]
        self.wrong[what] = self.wrong.get(what, 0) + len(rows)
        if rows:
            self.named.setdefault(what, []).extend(sorted(rows)[:MOST_NAMED])

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self.wrong.values())


async def judge(site: Site, letters: list[Letter], knowledge: Knowledge, today: date) -> Judgment:
    """Compare everything."""
    made, graph, ledger = Judgment(), site.graph, site.load.ledger
    await _facets(made, graph, ledger)
    await _pairs(made, graph, ledger, knowledge, today)
    await _tellings(made, graph)
    await _deliveries(made, graph, site.receiver, site.gone)
    await _gone(made, graph, site.gone)
    _letters(made, site.poison, letters)
    made.seen["acknowledged"] = len(ledger)
    return made


async def _facets(made: Judgment, graph: Graph, ledger: list[Envelope]) -> None:
    fold = Fold(ledger)
    kinds = ("supplier", "standing", "unit", "offer", "stands", "capacity", "demand", "valid")
    wanted = {(kind, key): event for kind in kinds for key, event in fold.events(kind).items()}
    stands = [event for event in ledger if isinstance(event.data, DemandAwarded)]
    newest = fold.events("award")
    for event in stands:
        data = event.data
        if isinstance(data, DemandAwarded) and newest[f"{data.demand_id}|{data.award_id}"] == event.id:
            wanted["award", derived("award", data.demand_id, data.award_id)] = event.id
    for event in ledger:
        if isinstance(event.data, UnitStateChanged):
            wanted["unit_history", event.id] = event.id
    got: Counter[tuple[str, str]] = Counter()
    events: dict[tuple[str, str], str] = {}
    async for kind, key, event in facets(graph):
        got[kind, key] += 1
        events[kind, key] = event
    made.count(
        "lost", (f"{kind} {key}: {event}" for (kind, key), event in wanted.items() if events.get((kind, key)) != event)
    )
    made.count("doubled", (f"{kind} {key}" for (kind, key), n in got.items() if n > 1))
    made.count("phantom", (f"{kind} {key}" for kind, key in got.keys() - wanted.keys()))
    made.seen["facets"] = len(wanted)


async def _pairs(made: Judgment, graph: Graph, ledger: list[Envelope], knowledge: Knowledge, today: date) -> None:
    wanted = await asyncio.to_thread(expected, ledger, knowledge, today)
    rows = [(row["item"], row["offer"]) for row in await graph.read(STANDING_MATCHES, seconds=300)]
    got = set(rows)
    made.count("doubled", (pair for pair, n in Counter(rows).items() if n > 1))
    made.count("missed", wanted.matches - got)
    made.count("wrong", got - wanted.matches)
    near = {
        (row["item"], row["offer"]): frozenset[str](row["missing"])
        for row in await graph.read(STANDING_NEAR, seconds=300)
    }
    pairs = near.keys() | wanted.near.keys()
    made.count("wrong_near_misses", (pair for pair in pairs if near.get(pair) != wanted.near.get(pair)))
    links = {(row["buyer"], row["supplier"]): row["items"] for row in await graph.read(STANDING_LINKS, seconds=300)}
    both = links.keys() | wanted.can_buy.keys()
    made.count("wrong_links", (pair for pair in both if links.get(pair) != wanted.can_buy.get(pair)))
    told = {(row["item"], row["offer"]) for row in await graph.read(TOLD_LEDGER, seconds=300) if row["told"] == "open"}
    made.count("told_but_not_so", told - wanted.matches)
    made.count("so_but_not_told", wanted.matches - told)
    made.seen |= {"matches": len(wanted.matches), "near_misses": len(wanted.near)}


async def _tellings(made: Judgment, graph: Graph) -> None:
    ledger = {row["match"]: row["revision"] for row in await graph.read(TOLD_LEDGER, seconds=300)}
    notices = [row for row in await graph.read(ALL_NOTICES, seconds=300) if row["match"] is not None]
    told = Counter((row["match"], row["revision"]) for row in notices)
    wanted = {(match, n) for match, last in ledger.items() for n in range(1, last + 1)}
    made.count("told_twice", (one for one, n in told.items() if n > 1))
    made.count("never_told", wanted - told.keys())
    made.count("told_unasked", told.keys() - wanted)
    made.seen["tellings"] = len(told)


async def _deliveries(made: Judgment, graph: Graph, receiver: Receiver, gone: dict[str, str]) -> None:
    """One effect at the receiver for each notice at each endpoint, however often it was sent."""
    notices = {row["id"]: row for row in await graph.read(ALL_NOTICES, seconds=300)}
    rows = [row for row in await graph.read(ALL_DELIVERIES, seconds=300) if row["endpoint"] not in gone]
    suppliers: dict[str, set[str]] = {}
    for row in rows:
        suppliers.setdefault(notices[row["notice"]]["supplier"], set()).add(row["endpoint"])
    planned = Counter((row["notice"], row["endpoint"]) for row in rows)
    should = {(n["id"], e) for n in notices.values() for e in suppliers.get(n["supplier"], ())}
    made.count("not_planned", should - planned.keys())
    made.count("planned_twice", (one for one, n in planned.items() if n > 1))
    made.count("not_sent", (row["id"] for row in rows if row["state"] != DeliveryState.SENT.value))
    made.count("never_received", (row["id"] for row in rows if row["id"] not in receiver.effects))
    made.count("received_unasked", receiver.effects.keys() - {row["id"] for row in rows})
    effects: Counter[tuple[Any, ...]] = Counter()
    for body in receiver.effects.values():
        data = body["data"]
        if "match_id" in data:
            effects[data["match_id"], data["revision"]] += 1
    made.count("effect_twice", (one for one, n in effects.items() if n > 1))
    made.count("forged", [f"{receiver.forged} signatures"] if receiver.forged else [])
    made.count("redirects_followed", [f"{receiver.followed} requests"] if receiver.followed else [])
    waits = sorted(at - row["planned_at"] for row in rows if (at := receiver.effect_at.get(row["id"])) is not None)
    if waits:
        made.delivery_seconds = {"median": round(median(waits), 2), "most": round(waits[-1], 2)}
    made.seen |= {
        "deliveries": len(rows), "received": len(receiver.effects), "webhook_requests": receiver.requests,
        "webhook_failures": receiver.failures, "received_again": sum(n - 1 for n in receiver.seen.values() if n > 1),
    }  # fmt: skip


async def _gone(made: Judgment, graph: Graph, gone: dict[str, str]) -> None:
    """Each endpoint that answered 410 is disabled, and its owner was told once."""
    still = [
        row["id"]
        for supplier in sorted(set(gone.values()))
        for row in await endpoints(graph, supplier)
        if row["id"] in gone and row["enabled"]
    ]
    made.count("gone_but_enabled", still)
    told = Counter(
        row["supplier"]
        for row in await graph.read(ALL_NOTICES, seconds=300)
        if row["kind"] == EndpointDisabled.__name__
    )
    owed = Counter(gone.values())
    made.count("disabling_told_wrongly", (one for one in told.keys() | owed.keys() if told[one] != owed[one]))


def _letters(made: Judgment, poison: dict[str, bytes | None], letters: list[Letter]) -> None:
    found: dict[str, bytes | None] = {letter.name: letter.value for letter in letters}
    made.count("poison_lost", poison.keys() - found.keys())
    made.count("poison_unasked", found.keys() - poison.keys())
    made.count("poison_changed", (name for name, value in poison.items() if found.get(name, value) != value))
    made.seen["poison"] = len(poison)
