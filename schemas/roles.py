"""Who may send which event, and what of it is whose: the same rules at the HTTP door and for signed records on Kafka."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from schemas.base import Model
from schemas.demands import DemandAmended, DemandAwarded, DemandCancelled, DemandPublished
from schemas.events import BY_MODEL


class Role(StrEnum):
    """What a principal may do in general."""

    ANONYMOUS = "anonymous"
    AGENCY = "agency"
    SUPPLIER = "supplier"
    TASK_FORCE = "task_force"
    REGISTRAR = "registrar"
    ADMIN = "admin"


ROLES: Final = tuple(Role)
BOUND: Final = frozenset({Role.AGENCY, Role.SUPPLIER})
"""Roles that speak for one organisation: its buyer id, or its supplier id."""
STAFF: Final = frozenset({Role.TASK_FORCE, Role.REGISTRAR, Role.ADMIN})


class Grant(StrEnum):
    """What one cell of a table says: allowed, for its own only, denied."""

    ALLOWED = "+"
    OWN = "o"
    DENIED = "-"


Grants = Mapping[Role, Grant]

_EVENTS: Final = """
SupplierRegistered    - - o - + +
SupplierChanged       - - o - + +
SupplierSuspended     - - - - + +
SupplierReinstated    - - - - + +
UnitStateChanged      - - o - + +
ProductRegistered     - - o - + +
ProductChanged        - - o - + +
ProductWithdrawn      - - o - + +
CapacityReported      - - o - + +
DemandPublished       - o - - - +
DemandAmended         - o - - - +
DemandCancelled       - o - - - +
DemandAwarded         - o - - - +
SupplierResponded     - - o - - +
"""


def table(text: str, names: int) -> dict[tuple[str, ...], Grants]:
    """The cells by the first `names` words of each line, a column per role. ValueError: a line is not so, or stands twice."""
    found: dict[tuple[str, ...], Grants] = {}
    for line in filter(str.strip, text.splitlines()):
        words = line.split()
        name, cells = tuple(words[:names]), words[names:]
        if len(cells) != len(ROLES) or name in found:
            msg = f"one row of {len(ROLES)} cells is wanted for {name}"
            raise ValueError(msg)
        found[name] = dict(zip(ROLES, map(Grant, cells), strict=True))
    return found


EVENTS: Final[Mapping[str, Grants]] = {name: row for (name,), row in table(_EVENTS, 1).items()}
"""By the event's name; match events are the workers' own and are sent by nobody."""

MOST_VERSION: Final = 2**52
"""Agencies and suppliers number their events up to here. A registrar's and an admin's may be above: else somebody could
take the highest number there is, and nobody could ever suspend or correct them again."""


class Refusal(StrEnum):
    """Why an event may not be sent by somebody."""

    DENIED = "this role does not send such events"
    TOO_HIGH = f"its version is above {MOST_VERSION}"
    OF_ANOTHER = "it is of another organisation"
    TAKEN = "the demand is another buyer's"
    NOT_THERE = "there is no such demand of this buyer"


def event_grant(name: str, role: Role) -> Grant:
    """Whether a role may send this kind of event."""
    row = EVENTS.get(name)
    return row[role] if row is not None else Grant.DENIED


def refusal(role: Role, subject: str | None, data: Model, buyers: Mapping[str, str]) -> Refusal | None:
    """Why this event may not be sent by the role, speaking for the subject; None when it may.

    `buyers` are the known buyer ids by demand id, for the events that `names_demand` names.
    """
    grant = event_grant(type(data).__name__, role)
    if grant is Grant.DENIED:
        return Refusal.DENIED
    version: int = data.version  # type: ignore[attr-defined] - every event's data has one
    if role in BOUND and version > MOST_VERSION:
        return Refusal.TOO_HIGH
    if grant is Grant.ALLOWED:
        return None
    demand = names_demand(data)
    if demand is None:
        return None if BY_MODEL[type(data)].key(data) == subject else Refusal.OF_ANOTHER
    return _of_demand(subject, data, buyers.get(demand))


def _of_demand(subject: str | None, data: Model, buyer: str | None) -> Refusal | None:
    if not isinstance(data, (DemandPublished, DemandAmended)):
        return None if buyer == subject else Refusal.NOT_THERE
    if data.demand.buyer.id != subject:
        return Refusal.OF_ANOTHER
    return None if buyer in (None, subject) else Refusal.TAKEN


def names_demand(data: Any) -> str | None:
    """The demand that an event of the demands' topic is about; None of others."""
    of_demands = isinstance(data, (DemandPublished, DemandAmended, DemandCancelled, DemandAwarded))
    return BY_MODEL[type(data)].key(data) if of_demands else None


def begins(source: str, prefix: str) -> bool:
    """Tell whether a source is the prefix or lies below it: `urn:rai` is not the beginning of `urn:rail`."""
    rest = source.removeprefix(prefix)
    return source.startswith(prefix) and (not rest or prefix[-1] in ":/#" or rest[0] in ":/#")
