"""Making, replacing and ending keys, for the API and for the command line; each with its entry in the log."""

from dataclasses import dataclass

from graph import clock
from graph.access import keys as store
from graph.access.log import Entry
from graph.driver import Graph, Row
from schemas.errors import ConflictError, NotFoundError
from services.access.keys import Made, NewKey, make_key
from services.access.principals import Principal, Role


@dataclass(frozen=True, slots=True)
class By:
    """Who deals with keys, how (a route or a command), and from where."""

    principal: Principal
    action: str
    address: str | None = None

    def entry(self, key_id: str, note: str) -> Entry:
        """The log's entry of what was done to a key."""
        return Entry(
            principal=self.principal.urn, role=self.principal.role.value, action=self.action,
            target=f"/v1/keys/{key_id}", address=self.address, note=note,
        )  # fmt: skip


COMMAND_LINE = Principal(Role.ADMIN, name="cli")
"""Whoever runs commands has the password of the graph, and with it everything."""


async def issue(graph: Graph, wish: NewKey, by: By) -> Made:
    """Make a key. ConflictError: there are too many."""
    made = make_key(wish, by.principal.urn, now=clock.now())
    await store.put_key(graph, made.row, by.entry(made.row["id"], f"made for {_whom(made.row)}"))
    return made


async def replace(graph: Graph, key_id: str, by: By, *, overlap_hours: float, days: int) -> Made:
    """Make a key of the same kind; the old one ends after the overlap. NotFoundError, ConflictError: it has ended."""
    old = await _old(graph, key_id)
    wish = NewKey(name=old["name"], role=Role(old["role"]), subject=old["subject"], source=old["source"], days=days)
    now = clock.now()
    made = make_key(wish, by.principal.urn, now=now, replaces=key_id)
    entry = by.entry(made.row["id"], f"made in the place of {key_id}, which ends in {overlap_hours:g} h")
    if not await store.replace_key(graph, key_id, made.row, entry, until=now + overlap_hours * 3600.0, now=now):
        msg = f"Key {key_id!r} has ended: there is nothing to go over from."
        raise ConflictError(msg, hint="Make a new one.")
    return made


async def revoke(graph: Graph, key_id: str, by: By) -> None:
    """End a key at once. NotFoundError."""
    if not await store.revoke_key(graph, key_id, by.entry(key_id, "revoked"), clock.now()):
        raise no_key(key_id)


async def _old(graph: Graph, key_id: str) -> Row:
    row = await store.key(graph, key_id)
    if row is None:
        raise no_key(key_id)
    return row


def no_key(key_id: str) -> NotFoundError:
    """There is no such key."""
    msg = f"There is no key {key_id!r}."
    return NotFoundError(msg, hint="`peyvand keys list` and GET /v1/keys list them by their ids, which are no secrets.")


def state_of(row: Row, now: float) -> str:
    """Whether a key holds: `active`, `expired` or `revoked`."""
    return "revoked" if row["revoked_at"] is not None else "expired" if row["expires_at"] <= now else "active"


def _whom(row: Row) -> str:
    return f"{row['role']} {row['subject']}" if row["subject"] else row["role"]
