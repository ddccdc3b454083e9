"""API keys: made, read from a header, compared in constant time, and remembered for a few seconds.

A key is `pvk_<id>_<secret>`: the id finds it, the secret of 256 random bits proves it. The graph has sha256 of the
secret; a slow hash would protect nothing, for nobody can guess at 256 bits, and would cost every request.
"""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from graph import clock
from graph.access import keys as store
from graph.driver import Graph, Row
from schemas.base import Id, Model, Name
from schemas.errors import UnavailableError
from services.access.errors import UnauthenticatedError
from services.access.principals import BOUND, Principal, Role

PREFIX: Final = "pvk_"
FRESH_SECONDS: Final = 5.0
"""How long a process believes what it has read of a key: a key that is revoked elsewhere ends here after as long."""
USED_SECONDS: Final = 3600.0
"""The last use is kept to the hour, so that not every request is a write."""
KEPT: Final = 10_000
SECRET_BYTES: Final = 32
LONGEST: Final = 200
NOBODY: Final = hashlib.sha256(b"nobody").hexdigest()
Source = Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^[a-z][a-z0-9+.-]*:[!-~]+$")]


class NewKey(Model):
    """What a key is for."""

    name: Annotated[Name, Field(max_length=200, description="Who has it, for people who read the list.")]
    role: Annotated[Role, Field(description="What it may do.")]
    subject: Annotated[
        Id | None, Field(description="Buyer id of an agency, supplier id of a supplier; none for others.")
    ] = None
    source: Annotated[
        Source | None, Field(description="URI that the source of its own CloudEvents begins with, such as `urn:rai:`.")
    ] = None
    days: Annotated[int, Field(ge=1, le=1830, description="Days until it ends.")] = 365

    @model_validator(mode="after")
    def _speaks_for_somebody(self) -> Self:
        if self.role is Role.ANONYMOUS:
            msg = "the role anonymous has no keys"
            raise ValueError(msg)
        if (self.role in BOUND) != (self.subject is not None):
            need = "needs a subject" if self.role in BOUND else "takes no subject"
            msg = f"a key of the role {self.role.value} {need}"
            raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True)
class Made:
    """A new key: its row for the graph, and the text that is shown once."""

    row: Row
    text: str


def make_key(wish: NewKey, by: str, *, now: float, replaces: str | None = None) -> Made:
    """A key of this kind. `by` is who made it."""
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(SECRET_BYTES)
    row: Row = {
        "id": key_id, "hash": hash_of(secret), "name": wish.name, "role": wish.role.value, "subject": wish.subject,
        "source": wish.source, "created_at": now, "created_by": by, "expires_at": now + wish.days * 86_400.0,
        "replaces": replaces,
    }  # fmt: skip
    return Made(row, f"{PREFIX}{key_id}_{secret}")


def hash_of(secret: str) -> str:
    """What the graph keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def parts_of(text: str) -> tuple[str, str] | None:
    """Id and secret of a key's text, or None when it is none."""
    rest = text.removeprefix(PREFIX)
    key_id, sign, secret = rest.partition("_")
    return (key_id, secret) if rest != text and sign and key_id.isalnum() and len(text) <= LONGEST else None


class KeyRing:
    """Tells whose keys are. Reads each at most every few seconds, and knows which were used."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._read: OrderedDict[str, tuple[Row | None, float]] = OrderedDict()
        self._used: dict[str, float] = {}

    def knows(self, text: str) -> bool:
        """Tell whether the key is good by what was read lately, without asking the graph."""
        parts = parts_of(text)
        if parts is None or parts[0] not in self._read:
            return False
        row, at = self._read[parts[0]]
        return row is not None and time.monotonic() - at <= FRESH_SECONDS and _same(row, parts[1])

    async def principal(self, text: str) -> Principal:
        """Whose key this is. UnauthenticatedError: nobody's, or not any more; who proves the secret is told which."""
        parts = parts_of(text)
        row = await self._row(parts[0]) if parts is not None else None
        if not _same(row, parts[1] if parts is not None else "") or row is None:
            raise UnauthenticatedError("This key is not known.", hint=_HINT, refused=True)
        if row["revoked_at"] is not None:
            msg = f"Key {row['id']} was revoked."
            raise UnauthenticatedError(msg, hint=_HINT, refused=True)
        now = clock.now()
        if row["expires_at"] <= now:
            ended = datetime.fromtimestamp(row["expires_at"], UTC).isoformat(timespec="seconds")
            msg = f"Key {row['id']} ended at {ended}."
            raise UnauthenticatedError(msg, hint=_HINT, refused=True)
        if now - (row["last_used_at"] or 0.0) > USED_SECONDS:
            self._used[row["id"]] = now
        return principal_of(row)

    async def still(self, principal: Principal) -> bool:
        """Tell whether a key that was good still is; for answers that last, such as streams."""
        if principal.expires_at is not None and principal.expires_at <= clock.now():
            return False
        kind, _, key_id = principal.name.partition(":")
        if kind != "key":
            return True
        try:
            row = await self._row(key_id)
        except UnavailableError:
            return True  # nor is there anything to be read meanwhile
        return row is not None and row["revoked_at"] is None and row["expires_at"] > clock.now()

    def forget(self, key_id: str) -> None:
        """Read a key anew at its next use."""
        self._read.pop(key_id, None)

    async def keep_used(self) -> None:
        """Write down which keys were used since the last time."""
        used, self._used = self._used, {}
        try:
            await store.touch_keys(self._graph, used)
        except BaseException:
            self._used = used | self._used
            raise
        for key_id in used:
            self.forget(key_id)

    async def _row(self, key_id: str) -> Row | None:
        found = self._read.get(key_id)
        if found is not None and time.monotonic() - found[1] <= FRESH_SECONDS:
            self._read.move_to_end(key_id)
            return found[0]
        row = await store.key(self._graph, key_id)
        self._read[key_id] = (row, time.monotonic())
        self._read.move_to_end(key_id)
        while len(self._read) > KEPT:
            self._read.popitem(last=False)
        return row


_HINT: Final = "An admin makes keys: `peyvand keys create`, or POST /v1/keys."


def principal_of(row: Row) -> Principal:
    """Who the holder of a key is."""
    return Principal(
        Role(row["role"]), row["subject"], f"key:{row['id']}", source=row["source"], expires_at=row["expires_at"]
    )


def _same(row: Row | None, secret: str) -> bool:
    """Compare in a time that does not tell how much was right, nor whether there is such a key."""
    return hmac.compare_digest(row["hash"] if row is not None else NOBODY, hash_of(secret)) and row is not None
