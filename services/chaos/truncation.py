"""At the very end: the log is cut off. Below the graph's cursor nothing happens; above it the worker refuses to go on."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from graph.cursors import ALL_CURSORS
from schemas.topics import CONSUMED
from services.chaos.judge import Judgment
from services.chaos.site import Site
from streams.admin import end_offsets, forget_records

HOLE_EXIT: Final = 76
REFUSES_SECONDS: Final = 180.0
SLOT: Final = 1
MORE: Final = 40
SENTENCE: Final = "events are gone"


@dataclass(frozen=True, slots=True)
class Cut:
    """How long a start took until all was matched, and until it was refused; None when it was not."""

    below: float | None
    above: float | None


async def cut_log(site: Site, judgment: Judgment, say: Callable[[str], None]) -> Cut:
    """Cut below the cursors and see a worker go on; cut above one and see it refuse. No worker may run."""
    below = await _below(site)
    say(f"log-cut-below-cursor: {'not recovered' if below is None else f'recovered in {below:.1f} s'}")
    above = await _above(site, judgment)
    say(f"log-cut-above-cursor: {'not refused' if above is None else f'refused in {above:.1f} s'}")
    judgment.count("stopped_by_what_is_done", ["the log was cut below the cursors"] if below is None else [])
    judgment.count("hole_passed", ["the log was cut above a cursor"] if above is None else [])
    return Cut(below, above)


async def _below(site: Site) -> float | None:
    stands = {row["tp"]: row["matched"] for row in await site.graph.read(ALL_CURSORS)}
    consumed = {tp: n for tp, n in stands.items() if tp.rpartition(":")[0] in CONSUMED and n}
    await asyncio.to_thread(forget_records, site.settings, consumed)
    await site.load.publish(MORE)
    began = time.monotonic()
    site.workers.start(SLOT)
    took = await site.recovered(REFUSES_SECONDS)
    await site.workers.stop()
    return time.monotonic() - began if took is not None else None


async def _above(site: Site, judgment: Judgment) -> float | None:
    before = {row["tp"]: row["applied"] for row in await site.graph.read(ALL_CURSORS)}
    ends = await asyncio.to_thread(end_offsets, site.settings)
    await site.load.publish(MORE)
    grown = {
        tp: end
        for tp, end in (await asyncio.to_thread(end_offsets, site.settings)).items()
        if tp.rpartition(":")[0] in CONSUMED and end > ends[tp]
    }
    tp = max(sorted(grown), key=lambda one: grown[one] - ends[one])
    await asyncio.to_thread(forget_records, site.settings, {tp: grown[tp]})
    said = site.workers.log(SLOT).stat().st_size
    began = time.monotonic()
    process = site.workers.start(SLOT)
    code = await site.workers.ended(process, REFUSES_SECONDS)
    took = time.monotonic() - began
    await site.workers.stop()
    text = site.workers.log(SLOT).read_bytes()[said:].decode("utf-8", "replace")
    after = {row["tp"]: row["applied"] for row in await site.graph.read(ALL_CURSORS)}
    judgment.count("moved_over_a_hole", [tp] if after[tp] != before[tp] else [])
    return took if code == HOLE_EXIT and SENTENCE in text else None
