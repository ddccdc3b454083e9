"""Who asks: a role, for whom it speaks, and the name it goes by in the log."""

from dataclasses import dataclass
from typing import Final

from schemas.roles import BOUND as BOUND
from schemas.roles import ROLES as ROLES
from schemas.roles import STAFF as STAFF
from schemas.roles import Role as Role

URN: Final = "urn:peyvand:"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody at the door.

    `subject` is the buyer id of an agency, the supplier id of a supplier, None otherwise. `name` is `key:<id>`,
    `oidc:<sub>`, `local` or `anonymous`. `source` is what the CloudEvents source of events sent as a whole may begin
    with. `expires_at` is in seconds since the epoch.
    """

    role: Role
    subject: str | None = None
    name: str = "anonymous"
    source: str | None = None
    expires_at: float | None = None

    @property
    def urn(self) -> str:
        """The name as it stands in events and in the log."""
        return f"{URN}{self.name}"

    def speaks_for(self, role: Role, subject: str | None) -> bool:
        """Tell whether this is the principal of one organisation."""
        return self.role is role and subject is not None and self.subject == subject


ANONYMOUS: Final = Principal(Role.ANONYMOUS)
LOCAL: Final = Principal(Role.ADMIN, name="local")
"""Whoever reaches the loopback of a machine whose access is open."""
