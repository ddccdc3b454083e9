"""A chaos run from beginning to end."""

import asyncio
import contextlib
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from graph.cursors import ALL_CURSORS
from graph.knowledge import default_knowledge
from schemas.errors import PeyvandError
from schemas.settings import Settings
from services.chaos.faults import FAULTS, LIGHT, TOLD_AGAIN
from services.chaos.judge import judge
from services.chaos.quiet import look
from services.chaos.receiver import Mood
from services.chaos.report import Happened, Options, Report
from services.chaos.site import Fault, Site, open_site
from services.chaos.truncation import cut_log
from services.chaos.world import TODAY, World
from services.cli.letters import read_letters
from streams.publish import KafkaPublisher
from streams.rebuild import rebuild

RECOVERY_SECONDS: Final = 300.0
SETTLE_SECONDS: Final = 600.0
LAG_SECONDS: Final = 3.0
MOST_BEHIND_SECONDS: Final = 60.0
"""The load waits while more than it sends in this time is not matched: a busy machine would never catch up."""
BETWEEN_SECONDS: Final = (0.5, 3.0)
LIGHT_SECONDS: Final = (4.0, 9.0)
LOOK_EVERY: Final = 12

Say = Callable[[str], None]


def run_chaos(settings: Settings, options: Options, say: Say) -> Report:
    """Run everything in a temporary folder; LocalStackError when the servers cannot be started."""
    with tempfile.TemporaryDirectory(prefix="peyvand-chaos-", ignore_cleanup_errors=True) as folder:
        try:
            return asyncio.run(_run(settings, options, Path(folder), say))
        finally:
            if options.logs is not None:
                _keep_logs(Path(folder), Path(options.logs))


def _keep_logs(folder: Path, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("worker-*.log"):
        shutil.copy(log, to)


async def _run(settings: Settings, options: Options, folder: Path, say: Say) -> Report:
    report = Report(options)
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
        await _disturb(site, report, started, say)
        say("settling")
        report.settled = await site.settled(SETTLE_SECONDS)
        await look(site, report.quiet, "at the end")
        report.stop_seconds = await _stop(site)
        report.most_megabytes, report.worker_ends = site.workers.most_megabytes, site.workers.ends
        report.points_hit = site.points_hit
        say("judging")
        letters = await asyncio.to_thread(read_letters, site.settings)
        knowledge = await asyncio.to_thread(default_knowledge)
        report.judgment = await judge(site, letters, knowledge, TODAY)
        report.quiet.tell(report.judgment, report.most_megabytes)
        if options.replay:
            say("replaying the log into an empty graph")
            report.replay_differs = await _replay(site)
        say("cutting the log off")
        began = time.monotonic()
        cut = await cut_log(site, report.judgment, say)
        at = round(began - started, 1)
        report.faults += [
            Happened("log-cut-below-cursor", at, 0.0, cut.below), Happened("log-cut-above-cursor", at, 0.0, cut.above)
        ]  # fmt: skip
        report.seconds = time.monotonic() - started
    return report


async def _disturb(site: Site, report: Report, started: float, say: Say) -> None:
    """Load, faults, and light faults beside them, until the time is up."""
    first = len(site.load.ledger)
    began = time.monotonic()
    loading = asyncio.create_task(site.load.run())
    holding = asyncio.create_task(_hold_load(site, report.options.rate * MOST_BEHIND_SECONDS))
    beside = asyncio.create_task(_beside(site, report, started, say))
    try:
        await _faults(site, report, started, say)
    finally:
        for task in (beside, holding):
            task.cancel()
        await asyncio.gather(beside, holding, return_exceptions=True)
        site.receiver.mood = Mood.USUAL
        site.load.stopping, site.load.held = True, False
        await loading
        report.load_per_second = (len(site.load.ledger) - first) / (time.monotonic() - began)


async def _hold_load(site: Site, most: float) -> None:
    """Let the load wait while too much is not matched."""
    while True:
        with contextlib.suppress(PeyvandError):
            site.load.held = await site.lag() > most
        await asyncio.sleep(LAG_SECONDS)


async def _faults(site: Site, report: Report, started: float, say: Say) -> None:
    """One fault after another, every kind before any comes again, until the time is up."""
    options = report.options
    rng = random.Random(options.seed)
    until = started + options.minutes * 60
    deck: list[str] = []
    done = 0
    while time.monotonic() < until:
        if not deck:
            deck = list(options.faults)
            rng.shuffle(deck)
        kind = deck.pop()
        await asyncio.sleep(rng.uniform(*BETWEEN_SECONDS))
        report.faults.append(await _happen(site, kind, FAULTS[kind], started, say))
        done += 1
        if done % LOOK_EVERY == 0:
            say("a quiet moment")
            await look(site, report.quiet, f"after fault {done}, {kind}")


async def _happen(site: Site, kind: str, fault: Fault, started: float, say: Say) -> Happened:
    began = time.monotonic()
    error = None
    try:
        await fault(site)
    except PeyvandError as problem:
        error = problem.detail
    lasted = time.monotonic() - began
    again = site.delivered if kind in TOLD_AGAIN else site.recovered
    recovery = await again(RECOVERY_SECONDS)
    if recovery is None:
        error = f"{error or ''} {await _standstill(site)}".strip()
    took = "not recovered" if recovery is None else f"recovered in {recovery:.1f} s"
    say(f"{kind}: lasted {lasted:.1f} s, {took}" + (f" ({error})" if error else ""))
    return Happened(kind, round(began - started, 1), round(lasted, 1), recovery, error)


async def _standstill(site: Site) -> str:
    """Who holds what stands still, and what the workers do meanwhile."""
    processes = {slot: process.pid for slot, process in site.workers.running.items()}
    cpu = await site.workers.idle_cpu(2.0)
    doing = ", ".join(f"worker {slot} (pid {pid}) takes {cpu.get(slot, 0):.0f} %" for slot, pid in processes.items())
    try:
        rows = await site.graph.read(ALL_CURSORS)
    except PeyvandError as problem:
        return f"{doing}; {problem.detail}"
    return f"{doing}; " + ", ".join(f"{row['tp']} at {row['matched']} by {row['owner']}" for row in rows)


async def _beside(site: Site, report: Report, started: float, say: Say) -> None:
    """Light faults, all the time."""
    rng = random.Random(site.rng.random())
    while True:
        await asyncio.sleep(rng.uniform(*LIGHT_SECONDS))
        kind = rng.choice(sorted(LIGHT))
        async with site.still:
            began = time.monotonic()
            await LIGHT[kind](site)
        say(f"{kind}")
        report.faults.append(Happened(kind, round(began - started, 1), round(time.monotonic() - began, 1), None))


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
