"""Quiet moments: nothing is disturbed and nothing is left to do, so whoever works then spins, and whoever has no share is none.

Found so: a worker whose stream engine had crashed stayed as a process that held nothing and took a whole core.
"""

import asyncio
import statistics
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.errors import PeyvandError
from services.chaos.judge import Judgment
from services.chaos.site import Site
from streams.admin import group_members

SETTLE_SECONDS: Final = 300.0
LOOK_SECONDS: Final = 10.0
SPIN_PERCENT: Final = 50.0
SHARE_TRIES: Final = 60
MOST_MEGABYTES: Final = 500.0


@dataclass(slots=True)
class Quiet:
    """What was found at quiet moments: percents of a core by slot, and workers that are none."""

    cpu: dict[int, list[float]] = field(default_factory=dict[int, list[float]])
    spinning: list[str] = field(default_factory=list[str])
    without_share: list[str] = field(default_factory=list[str])
    never_quiet: list[str] = field(default_factory=list[str])

    def tell(self, judgment: Judgment, most_megabytes: float) -> None:
        """Count what is wrong."""
        judgment.count("spinning", self.spinning)
        judgment.count("without_share", self.without_share)
        judgment.count("never_quiet", self.never_quiet)
        judgment.count("too_large", [f"{most_megabytes:.0f} MB"] if most_megabytes > MOST_MEGABYTES else [])

    def as_json(self) -> dict[str, dict[str, Any]]:
        """Idle CPU by slot: number of looks, median and most, in percent of a core."""
        return {
            str(slot): {
                "looks": len(found), "median": round(statistics.median(found), 1), "most": round(max(found), 1)
            }
            for slot, found in sorted(self.cpu.items())
        }  # fmt: skip


async def look(site: Site, quiet: Quiet, when: str) -> None:
    """Let the load pause until all is done, then see what the workers do."""
    async with site.still:
        site.load.paused = True
        try:
            if not await site.settled(SETTLE_SECONDS):
                quiet.never_quiet.append(when)
                return
            for slot, percent in (await site.workers.idle_cpu(LOOK_SECONDS)).items():
                quiet.cpu.setdefault(slot, []).append(percent)
                if percent > SPIN_PERCENT:
                    quiet.spinning.append(f"{when}: worker {slot} took {percent:.0f} % of a core with nothing to do")
            quiet.without_share += [f"{when}: worker {slot}" for slot in await _without_share(site)]
        finally:
            site.load.paused = False


async def _without_share(site: Site) -> list[int]:
    """Workers that run, and hold no partition of the group after a while."""
    group, idle = site.settings.group_id, list[int]()
    for _ in range(SHARE_TRIES):
        try:
            held = await asyncio.to_thread(group_members, site.settings, group)
        except PeyvandError:
            held = {}
        idle = [
            slot
            for slot, process in site.workers.running.items()
            if process.poll() is None and not held.get(f"{group}-{slot}")
        ]
        if not idle:
            break
        await asyncio.sleep(1)
    return idle
