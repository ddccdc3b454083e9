"""The agents: each hands its slices on and never raises, for an exception that leaves an agent loses events."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import faust

from schemas.topics import CONSUMED
from streams.deadletters import Origin
from streams.slices import sliced_topic

Take = Callable[[Sequence[Origin]], Awaitable[None]]


def add_agents(app: faust.App, take: Take) -> None:
    """One agent per consumed topic, named after it."""
    for name in CONSUMED:
        app.agent(sliced_topic(app, name), name=name)(_agent(take))


def _agent(take: Take) -> Callable[[Any], Awaitable[None]]:
    async def agent(stream: AsyncIterator[Sequence[Origin]]) -> None:
        async for records in stream:
            await take(records)

    return agent
