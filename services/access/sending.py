"""What a principal may send: every event that a door takes passes here, whichever route it came by."""

from collections.abc import Sequence

from schemas.base import Model
from schemas.demands import DemandPublished
from schemas.errors import ConflictError, InvalidInputError, PeyvandError
from schemas.events import BY_MODEL
from schemas.roles import BOUND, MOST_VERSION, Grant, Refusal, begins, event_grant, names_demand, refusal
from services.access.errors import ForbiddenError
from services.access.owners import Owners
from services.access.principals import Principal, Role
from services.access.words import anonymous, denied, not_there


async def may_send(principal: Principal, sent: Sequence[Model], owners: Owners) -> None:
    """Refuse events that the principal may not send. Nothing is sent when one is refused.

    UnauthenticatedError, ForbiddenError: see `schemas.roles.EVENTS`. NotFoundError: a demand that is somebody else's, or
    nobody's. ConflictError: the id of a new demand is another's already. InvalidInputError: a version that is too high.
    """
    role, subject = principal.role, principal.subject
    if any(event_grant(type(data).__name__, role) is Grant.DENIED for data in sent):
        name = next(type(data).__name__ for data in sent if event_grant(type(data).__name__, role) is Grant.DENIED)
        raise anonymous() if role is Role.ANONYMOUS else denied(role, f"send {name}")
    if role not in BOUND:
        return
    asked = {demand for data in sent if (demand := names_demand(data)) is not None}
    buyers = await owners.of(asked)
    for data in sent:
        why = refusal(role, subject, data, buyers)
        if why is not None:
            raise _refused(principal, data, why)
        if isinstance(data, DemandPublished):
            buyers.setdefault(data.demand.id, data.demand.buyer.id)


def may_bear(principal: Principal, source: str, ours: str) -> None:
    """Refuse a CloudEvents source that is not the principal's. ForbiddenError."""
    prefix = principal.source
    if principal.role is Role.ADMIN or source == ours or (prefix and begins(source, prefix)):
        return
    said = f"begin with {prefix!r}" if prefix else f"be {ours!r}"
    msg = f"The source {source!r} is not yours: it must {said}."
    raise ForbiddenError(msg, hint="Leave source out, or ask an admin for a key that names your source.")


def remember(sent: Sequence[Model], owners: Owners) -> None:
    """Keep whose demands were sent, so that the next request about them is not refused before the graph has them."""
    for data in sent:
        if isinstance(data, DemandPublished):
            owners.remember(data.demand.id, data.demand.buyer.id)


def _refused(principal: Principal, data: Model, why: Refusal) -> PeyvandError:
    subject = BY_MODEL[type(data)].key(data)
    match why:
        case Refusal.DENIED:
            return denied(principal.role, f"send {type(data).__name__}")
        case Refusal.TOO_HIGH:
            msg = f"The version is too high: at most {MOST_VERSION} is taken."
            return InvalidInputError(msg, hint="Leave version out: the next one is given.")
        case Refusal.OF_ANOTHER:
            msg = f"You speak for {principal.role.value} {principal.subject!r}; this is of another."
            return ForbiddenError(msg, hint="Send what is your own: it must name you.")
        case Refusal.TAKEN:
            msg = f"The demand id {subject!r} is taken."
            return ConflictError(msg, hint="Choose another id; one that begins with your own name is safe.")
        case Refusal.NOT_THERE:
            return not_there("demand", subject, named=False)
