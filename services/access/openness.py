"""Whether the API may start as it is set: it is never open to others than this machine unless somebody said so."""

from schemas.errors import InvalidInputError
from schemas.settings import Settings
from services.access.limits import is_loopback


def require_safe(settings: Settings) -> None:
    """InvalidInputError when the API would be open to others than this machine, and nobody said that it shall."""
    if settings.access == "open" and not settings.access_open_anywhere and not is_loopback(settings.api_host):
        msg = f"PEYVAND_ACCESS is open, but the API would listen on {settings.api_host!r}: anybody there would be admin"
        hint = (
            "Set PEYVAND_ACCESS=keys and make a key with `peyvand keys create`. If everybody who reaches the address "
            "shall be admin, set PEYVAND_ACCESS_OPEN_ANYWHERE=true."
        )
        raise InvalidInputError(msg, hint=hint)
