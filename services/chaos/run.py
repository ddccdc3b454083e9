"""A chaos run from beginning to end, and its report."""

import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from graph.delivery.queue import PENDING
from graph.knowledge import default_knowledge
from graph.outbox import waiting
from schemas.errors import PeyvandError
from schemas.settings import Settings
from services.chaos.faults import FAULTS, LIGHT, Fault
from services.chaos.judge import Judgment, judge
from services.chaos.site import Site, open_site
from services.chaos.world import TODAY, World
from services.cli.letters import read_letters
from streams.publish import KafkaPublisher
from streams.rebuild import rebuild

RECOVERY_SECONDS: Final = 120.0
SETTLE_SECONDS: Final = 300.0
BETWEEN_SECONDS: Final = (0.5, 3.0)
LIGHT_SECONDS: Final = (4.0, 9.0)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What is run: for how long, with which seed, under which load, which faults."""

    minutes: float
    seed: int
    workers: int = 2
    rate: float = 30.0
    suppliers: int = 25
    offers: int = 150
    demands: int = 50
    classes: int = 20
    faults: tuple[str, ...] = tuple(FAULTS)
    replay: bool = True


@dataclass(frozen=True, slots=True)
class Happened:
    """One fault: when it began (seconds from the start), how long it lasted, and how long the recovery took."""

    kind: str
    at: float
    lasted: float
    recovery: float | None
    error: str | None = None


@dataclass(slots=True)
class Report:
    """The whole run. `clean` when every count of `wrong` is 0 and every fault was recovered from."""

    options: dict[str, Any]
    faults: list[Happened] = field(default_factory=list[Happened])
    judgment: Judgment = field(default_factory=Judgment)
    settled: bool = False
    replay_differs: list[str] | None = None
    stop_seconds: float = 0.0
    most_megabytes: float = 0.0
    worker_ends: dict[int, int] = field(default_factory=dict[int, int])
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether all is as it has to be."""
        failed = any(fault.error or (fault.recovery is None and fault.kind in FAULTS) for fault in self.faults)
        return self.settled and self.judgment.clean and not failed and not self.replay_differs

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        recoveries = sorted(fault.recovery for fault in self.faults if fault.recovery is not None)
        return {
            "clean": self.clean,
            "options": self.options,
            "seconds": round(self.seconds, 1),
            "faults": len(self.faults),
            "kinds": len({fault.kind for fault in self.faults}),
            "by_kind": dict(sorted(Counter(fault.kind for fault in self.faults).items())),
            "recovery_seconds": {
                "median": round(statistics.median(recoveries), 2) if recoveries else None,
                "most": round(recoveries[-1], 2) if recoveries else None,
                "by_kind": self._by_kind(),
            },
            "wrong": self.judgment.wrong,
            "named": self.judgment.named,
            "seen": self.judgment.seen,
            "settled": self.settled,
            "replay_differs": self.replay_differs,
            "stop_seconds": round(self.stop_seconds, 2),
            "most_megabytes": round(self.most_megabytes),
            "worker_ends": {str(code): n for code, n in sorted(self.worker_ends.items())},
            "happened": [asdict(fault) for fault in self.faults],
        }

    def _by_kind(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for fault in self.faults:
            if fault.recovery is not None:
                found[fault.kind] = max(found.get(fault.kind, 0.0), round(fault.recovery, 2))
        return dict(sorted(found.items()))


def run_chaos(settings: Settings, options: Options, say: Say) -> Report:
    """Run everything in a temporary folder; LocalStackError when the servers cannot be started."""
    with tempfile.TemporaryDirectory(prefix="peyvand-chaos-", ignore_cleanup_errors=True) as folder:
        return asyncio.run(_run(settings, options, Path(folder), say))


async def _run(settings: Settings, options: Options, folder: Path, say: Say) -> Report:
    report = Report(asdict(options))
    world = World(
        options.seed,
        reopens=True,
        suppliers=options.suppliers,
        offers=options.offers,
        demands=options.demands,
        classes=options.classes,
    )
    say("starting Kafka, Neo4j, workers, proxies and a receiver")
    async with open_site(
        settings, folder, options.seed, workers=options.workers, rate=options.rate, world=world
    ) as site:
        started = time.monotonic()
        loading = asyncio.create_task(site.load.run())
        beside = asyncio.create_task(_beside(site, report, started, say))
        try:
            await _faults(site, options, report, started, say)
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
            site.receiver.slow_seconds = 0.0
            site.load.stopping = True
            await loading
        say("settling")
        report.settled = await _settled(site)
        report.stop_seconds = await _stop(site)
        report.most_megabytes, report.worker_ends = site.workers.most_megabytes, site.workers.ends
        say("judging")
        letters = await asyncio.to_thread(read_letters, site.settings)
        knowledge = await asyncio.to_thread(default_knowledge)
        report.judgment = await judge(
            site.graph, site.load.ledger, site.receiver, site.poison, letters, knowledge, TODAY
        )
        if options.replay:
            say("replaying the log into an empty graph")
            report.replay_differs = await _replay(site)
        report.seconds = time.monotonic() - started
    return report


async def _faults(site: Site, options: Options, report: Report, started: float, say: Say) -> None:
    """One fault after another, every kind before any comes again, until the time is up."""
    rng = random.Random(options.seed)
    until = started + options.minutes * 60
    deck: list[str] = []
    while time.monotonic() < until:
        if not deck:
            deck = list(options.faults)
            rng.shuffle(deck)
        kind = deck.pop()
        await asyncio.sleep(rng.uniform(*BETWEEN_SECONDS))
        report.faults.append(await _happen(site, kind, FAULTS[kind], started, say))


async def _happen(site: Site, kind: str, fault: Fault, started: float, say: Say) -> Happened:
    began = time.monotonic()
    error = None
    try:
        await fault(site)
    except PeyvandError as problem:
        error = problem.detail
    lasted = time.monotonic() - began
    recovery = await site.recovered(RECOVERY_SECONDS)
    took = "not recovered" if recovery is None else f"recovered in {recovery:.1f} s"
    say(f"{kind}: lasted {lasted:.1f} s, {took}" + (f" ({error})" if error else ""))
    return Happened(kind, round(began - started, 1), round(lasted, 1), recovery, error)


async def _beside(site: Site, report: Report, started: float, say: Say) -> None:
    """Light faults, all the time."""
    rng = random.Random(site.rng.random())
    while True:
        await asyncio.sleep(rng.uniform(*LIGHT_SECONDS))
        kind = rng.choice(sorted(LIGHT))
        began = time.monotonic()
        await LIGHT[kind](site)
        say(f"{kind}")
        report.faults.append(Happened(kind, round(began - started, 1), round(time.monotonic() - began, 1), None))


async def _settled(site: Site) -> bool:
    """Wait until the log is matched to its end, all news is sent and every delivery made."""
    until = time.monotonic() + SETTLE_SECONDS
    calm = 0
    while time.monotonic() < until:
        with contextlib.suppress(PeyvandError):
            pending = (await site.graph.read(PENDING))[0]["n"]
            left = await site.lag() + (await waiting(site.graph))["rows"] + pending
            calm = calm + 1 if left == 0 else 0
            if calm >= 4:  # noqa: PLR2004 - news that is told is consumed and delivered again
                return True
        await asyncio.sleep(0.5)
    return False


async def _stop(site: Site) -> float:
    for slot in list(site.workers.running):
        site.workers.hold(slot)
    return await site.workers.stop()


async def _replay(site: Site) -> list[str]:
    publisher = KafkaPublisher(site.settings)
    try:
        result = await rebuild(site.settings, site.graph, publisher, _silent)
    finally:
        await publisher.stop()
    return result.differing + (["told again"] if result.told else [])


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Take no notice of progress."""
