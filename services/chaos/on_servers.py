"""Faults of Kafka, of Neo4j and of the network between them and the workers."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Final

from graph.facets import hold_cursor
from schemas.events import DEMAND_EVENTS
from services.chaos.proxy import Proxy, Way
from services.chaos.site import Fault, Site

PAUSE_SECONDS: Final = 6.0
CUT_SECONDS: Final = 3.0
BROKER_AWAY_SECONDS: Final = 70.0  # longer than any session, and than a rebalance
NEO4J_AWAY_SECONDS: Final = 30.0
LOCK_SECONDS: Final = (4.0, 14.0)  # less and more than Neo4j lets a transaction wait for a lock


def broker_killed(least: float, most: float) -> Fault:
    """Kill -9 of the broker, which starts again after some seconds."""

    async def kill(site: Site) -> None:
        site.stack.kill_kafka()
        await asyncio.sleep(site.rng.uniform(least, most))
        await asyncio.to_thread(site.stack.restart_kafka)

    return kill


def neo4j_killed(least: float, most: float) -> Fault:
    """Kill -9 of Neo4j, in the middle of commits, which starts again after some seconds."""

    async def kill(site: Site) -> None:
        site.stack.kill_neo4j()
        await asyncio.sleep(site.rng.uniform(least, most))
        await asyncio.to_thread(site.stack.start_neo4j)

    return kill


async def pause_broker(site: Site) -> None:
    """SIGSTOP of the broker."""
    await _paused(site.stack.pids["kafka"])


async def pause_neo4j(site: Site) -> None:
    """SIGSTOP of Neo4j: whether what was under way is committed is not known."""
    await _paused(site.stack.pids["neo4j"])


async def hold_lock(site: Site) -> None:
    """A stuck transaction that holds a cursor, for less or for more than Neo4j lets others wait."""
    await hold_cursor(site.graph, f"{DEMAND_EVENTS}:{site.rng.randrange(4)}", site.rng.uniform(*LOCK_SECONDS))


def network(of: Callable[[Site], Proxy], way: Way, seconds: float) -> Fault:
    """Let the network to a server do something with what passes, for a while."""

    async def bad(site: Site) -> None:
        proxy = of(site)
        proxy.set(way)
        try:
            await asyncio.sleep(seconds)
        finally:
            proxy.set(Way.PASS)

    return bad


def _kafka(site: Site) -> Proxy:
    return site.kafka


def _neo4j(site: Site) -> Proxy:
    return site.neo4j


SERVER_FAULTS: Final[dict[str, Fault]] = {
    "broker-killed": broker_killed(1, 6),
    "broker-away-70s": broker_killed(BROKER_AWAY_SECONDS, BROKER_AWAY_SECONDS),
    "broker-paused": pause_broker,
    "neo4j-killed": neo4j_killed(0, 2),
    "neo4j-away-30s": neo4j_killed(NEO4J_AWAY_SECONDS, NEO4J_AWAY_SECONDS),
    "neo4j-paused": pause_neo4j,
    "neo4j-lock-held": hold_lock,
    "kafka-cut": network(_kafka, Way.CUT, CUT_SECONDS),
    "kafka-swallowed": network(_kafka, Way.SWALLOW, PAUSE_SECONDS),
    "kafka-answers-lost": network(_kafka, Way.DEAF, PAUSE_SECONDS),
    "kafka-slow": network(_kafka, Way.SLOW, PAUSE_SECONDS),
    "neo4j-cut": network(_neo4j, Way.CUT, CUT_SECONDS),
    "neo4j-swallowed": network(_neo4j, Way.SWALLOW, PAUSE_SECONDS),
    "neo4j-answers-lost": network(_neo4j, Way.DEAF, PAUSE_SECONDS),
    "neo4j-slow": network(_neo4j, Way.SLOW, PAUSE_SECONDS),
}


async def _paused(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(PAUSE_SECONDS)
    finally:
        os.kill(pid, signal.SIGCONT)
