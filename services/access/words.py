"""What the doors say when something may not be done, or is not there. What is another's is not there: one text for both."""

from schemas.errors import NotFoundError
from services.access.errors import ForbiddenError, UnauthenticatedError
from services.access.principals import Role


def not_there(kind: str, subject: str, *, named: bool) -> NotFoundError:
    """Why a subject cannot be shown; `named` when other events already speak of it."""
    if named:
        hint = "Only other events name it so far; it appears once its own record is in the graph."
    else:
        hint = "If it was sent a moment ago, its status link says how far it is."
    msg = f"There is no {kind} {subject!r}."
    return NotFoundError(msg, hint=hint)


def no_pair(demand_id: str, item_id: str, offer_id: str) -> NotFoundError:
    """There is no such pair of item and offer."""
    msg = f"There is no item {item_id!r} of demand {demand_id!r}, or no offer {offer_id!r}."
    return NotFoundError(msg, hint="If they were sent a moment ago, their status links say how far they are.")


def anonymous() -> UnauthenticatedError:
    """Somebody must say who they are."""
    msg = "This needs a key or a token."
    return UnauthenticatedError(msg, hint="Send the header Authorization: Bearer <key>; an admin makes keys.")


def denied(role: Role, what: str) -> ForbiddenError:
    """A role may not do this, whatever the ids in the address are."""
    msg = f"The role {role.value} may not {what}."
    return ForbiddenError(msg, hint="GET /v1/me says who you are; docs/access.md who may do what.")
