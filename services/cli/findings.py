"""What is wrong with the service, in sentences, out of what `peyvand status` reads."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph.slots import FREE_AFTER

SLOW_NEWS_SECONDS: Final = 60.0


def findings(found: Mapping[str, Any]) -> list[str]:
    """Sentences, each with what to do; empty when all is well. `found` has the keys of `peyvand status --json`."""
    lag = sum(found["lag"].values())
    said = list(_of_workers(found["workers"], lag))
    said += [
        f"The graph has taken {events} more events from {tp} than the log has: this is another log. "
        "Restore the old one, or start with an empty graph."
        for tp, events in found["ahead"].items()
    ]
    if found["rebuild"]:
        said.append(
            f"A rebuild is under way or was interrupted (phase {found['rebuild'].get('phase')}). "
            "If nobody runs it, run `peyvand rebuild` again."
        )
    if found["outbox"]["oldest_seconds"] > SLOW_NEWS_SECONDS:
        said.append(
            f"{found['outbox']['rows']} news wait to be sent, the oldest for {found['outbox']['oldest_seconds']:.0f} s. "
            "Is Kafka writable, and does a worker run?"
        )
    return said


def _of_workers(workers: Sequence[Mapping[str, Any]], lag: int) -> list[str]:
    alive = [row for row in workers if row["silent_seconds"] < FREE_AFTER]
    if not alive:
        waiting = f"{lag} events wait. " if lag else ""
        return [f"No worker runs. {waiting}Start one: `peyvand worker --slot auto`."]
    return []
