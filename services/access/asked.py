"""What is known of the request that is being answered: who asks, and on which conditions."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from schemas.ids import derived
from services.access.principals import ANONYMOUS, Principal


@dataclass(slots=True)
class Asked:
    """One request.

    `expected` are the versions that the header If-Match names: None without it, empty for `*`. `repeat` names the request
    with what it brought so far, when it came with an Idempotency-Key. `sent` collects the ids of the events that it
    became; `replayed` says that it was answered from memory and did nothing.
    """

    principal: Principal = ANONYMOUS
    expected: frozenset[int] | None = None
    repeat: Callable[[], str] | None = None
    sent: list[str] = field(default_factory=list[str])
    replayed: bool = False

    def event_id(self) -> str | None:
        """The id of the next event: the same when a request with an Idempotency-Key is done again; None for any."""
        return derived("repeat", self.repeat(), len(self.sent)) if self.repeat is not None else None


_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


def asked() -> Asked:
    """The request of this task; one of nobody where no door has said whose it is."""
    return _ASKED.get() or Asked()


def begin(request: Asked) -> None:
    """Say which request is answered, for the rest of this task and those that it starts."""
    _ASKED.set(request)


def current() -> Principal:
    """Who asks."""
    return asked().principal
