"""The faults, by name. Each is done, lasts a moment and is undone; then the site must catch up by itself."""

from typing import Final

from services.chaos.on_events import EVENT_FAULTS
from services.chaos.on_receivers import RECEIVER_FAULTS
from services.chaos.on_servers import SERVER_FAULTS
from services.chaos.on_workers import WORKER_FAULTS
from services.chaos.site import Fault

FAULTS: Final[dict[str, Fault]] = {**WORKER_FAULTS, **SERVER_FAULTS, **RECEIVER_FAULTS}
"""One after another."""
LIGHT: Final = EVENT_FAULTS
"""Beside the others."""
TOLD_AGAIN: Final = frozenset(RECEIVER_FAULTS)
"""Recovered from when everything due is delivered, not when the log is matched."""
