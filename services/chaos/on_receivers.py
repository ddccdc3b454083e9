"""Faults of the suppliers' own servers, which receive the webhooks. Half of all requests fail throughout a run."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

from graph.delivery.endpoints import add_endpoint, endpoints
from graph.delivery.log import ping
from schemas.delivery import Endpoint
from schemas.errors import PeyvandError
from services.chaos.receiver import GONE, Mood
from services.chaos.site import Fault, Site

MOOD_SECONDS: Final = 8.0
GONE_SECONDS: Final = 60.0


class NotDisabledError(PeyvandError):
    """An endpoint that is gone is still sent to."""


def mood(bad: Mood) -> Fault:
    """Every receiver answers badly for a while."""

    async def for_a_while(site: Site) -> None:
        site.receiver.mood = bad
        try:
            await asyncio.sleep(MOOD_SECONDS)
        finally:
            site.receiver.mood = Mood.USUAL

    return for_a_while


async def gone(site: Site) -> None:
    """A supplier adds an endpoint that answers 410: it is disabled, and the others get everything all the same."""
    supplier = site.rng.choice(sorted(site.receiver.secrets))
    number = len(site.gone)
    address = site.receiver.address(f"{GONE}/{number}")
    made = await add_endpoint(site.graph, supplier, Endpoint.model_validate({"kind": "webhook", "address": address}))
    if made is None:
        return
    site.gone[made["id"]] = supplier
    await ping(site.graph, supplier, made["id"], datetime.now(UTC).isoformat())
    until = time.monotonic() + GONE_SECONDS
    while any(row["id"] == made["id"] and row["enabled"] for row in await endpoints(site.graph, supplier)):
        if time.monotonic() > until:
            msg = f"an endpoint that answers 410 was not disabled within {GONE_SECONDS:.0f} s"
            raise NotDisabledError(msg)
        await asyncio.sleep(0.5)


RECEIVER_FAULTS: Final[dict[str, Fault]] = {
    "receiver-deaf": mood(Mood.DEAF),
    "receiver-fails": mood(Mood.FAILS),
    "receiver-redirects": mood(Mood.REDIRECTS),
    "receiver-drips": mood(Mood.DRIPS),
    "receiver-huge-answers": mood(Mood.HUGE),
    "receiver-gone": gone,
}
"""Recovery from these is until everything that was due when the fault ended is delivered."""
