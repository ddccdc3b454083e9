"""A graph that has keys and nothing else, and counts how often it is asked."""

from typing import Any

from graph.access.keys import KEY
from services.access.keys import Made, NewKey, make_key
from services.access.principals import Role


class KeysOnly:
    """Answers the query for a key."""

    def __init__(self, *made: Made) -> None:
        self.rows = {one.row["id"]: {"revoked_at": None, "last_used_at": None, **one.row} for one in made}
        self.asked = 0

    async def read(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        self.asked += 1
        if query != KEY:
            return []
        row = self.rows.get(parameters["id"])
        return [dict(row)] if row else []


def made_key(role: Role = Role.ADMIN, subject: str | None = None, *, now: float, days: int = 1) -> Made:
    """A key that was made at a time."""
    return make_key(NewKey(name="test", role=role, subject=subject, days=days), "urn:test", now=now)
