"""What the door says to who may not pass, or not now."""

from typing import ClassVar

from schemas.errors import PeyvandError


class AccessError(PeyvandError):
    """An error that comes with headers of its own."""

    def __init__(self, detail: str, *, hint: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.headers = headers or {}


class UnauthenticatedError(AccessError):
    """Nobody is named, or nobody who is known."""

    status: ClassVar[int] = 401
    exit_code: ClassVar[int] = 7
    slug: ClassVar[str] = "unauthenticated"
    title: ClassVar[str] = "Who asks is not known"

    def __init__(self, detail: str, *, hint: str = "", refused: bool = False) -> None:
        challenge = 'Bearer realm="peyvand"' + (', error="invalid_token"' if refused else "")
        super().__init__(detail, hint=hint, headers={"WWW-Authenticate": challenge})


class ForbiddenError(AccessError):
    """Who asks is known and may not do this."""

    status: ClassVar[int] = 403
    exit_code: ClassVar[int] = 7
    slug: ClassVar[str] = "forbidden"
    title: ClassVar[str] = "This is not for this role"


class TooManyRequestsError(AccessError):
    """Too much was asked in a short time."""

    status: ClassVar[int] = 429
    slug: ClassVar[str] = "too-many-requests"
    title: ClassVar[str] = "Too many requests"

    def __init__(self, detail: str, *, seconds: int, hint: str = "") -> None:
        super().__init__(detail, hint=hint, headers={"Retry-After": str(seconds)})
