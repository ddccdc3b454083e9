"""Addresses of resources. Beneath the public address where one is set, else from the root of the host."""

from urllib.parse import quote

from schemas.settings import Settings
from streams.publish import Receipt


class Links:
    """Makes addresses; ids are escaped."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.public_url.rstrip("/")

    def to(self, *parts: str, **query: str) -> str:
        """`/v1/` and the parts, with the query parameters that are not empty."""
        path = "/".join(quote(part, safe="") for part in parts)
        asked = "&".join(f"{name}={quote(value, safe=':')}" for name, value in query.items() if value)
        return f"{self._base}/v1/{path}" + (f"?{asked}" if asked else "")

    def event(self, event_id: str, receipt: Receipt) -> str:
        """Where the status of an event is to be seen."""
        return self.to("events", event_id, at=f"{receipt.topic}:{receipt.partition}:{receipt.offset}")
