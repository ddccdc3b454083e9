"""Faults of producers, which go on beside all others."""

import asyncio
from typing import Final

from services.chaos.poison import ON_THE_LOG, damaged
from services.chaos.site import Fault, Site

POISON_RECORDS: Final = 12
DOUBLES: Final = 50
LATE: Final = 30
LATE_SECONDS: Final = 3.0
SKEWED: Final = 40


async def poison(site: Site) -> None:
    """Damaged records between the good ones."""
    for event in site.rng.sample(site.load.ledger, POISON_RECORDS):
        record = damaged(event, site.rng, *ON_THE_LOG)
        [receipt] = await site.load.send([record])
        site.poison[f"{receipt.topic}:{receipt.partition}:{receipt.offset}"] = record.value


async def doubles(site: Site) -> None:
    """Events that were sent before are sent again, some of them to another partition."""
    await site.load.double(DOUBLES)


async def late_events(site: Site) -> None:
    """Some events arrive after those that were made after them."""
    site.load.hold_back(LATE)
    await asyncio.sleep(LATE_SECONDS)
    await site.load.bring_late()


async def wrong_times(site: Site) -> None:
    """Some events say that they were made an hour earlier or later."""
    site.load.skew(SKEWED)


EVENT_FAULTS: Final[dict[str, Fault]] = {
    "poison": poison,
    "doubled-events": doubles,
    "late-events": late_events,
    "event-times-wrong": wrong_times,
}
