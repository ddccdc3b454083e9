"""Bearer tokens of an OpenID Connect issuer: signature, issuer, audience and time, then who that is here.

Source: RFC 8725 (JWT best current practices): algorithms are a fixed list of asymmetric ones, keys come from the issuer's
own set by `kid`, and issuer and audience must be ours.
"""

from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import quote

import jwt
from jwt.exceptions import ExpiredSignatureError, PyJWTError
from pydantic import TypeAdapter, ValidationError

from schemas.base import Id
from schemas.errors import InvalidInputError
from schemas.settings import Settings
from services.access.errors import ForbiddenError, UnauthenticatedError
from services.access.jwks import Jwks, require_https
from services.access.principals import BOUND, Principal, Role

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED: Final = ("exp", "iss", "aud", "sub")
LEEWAY_SECONDS: Final = 30
STRONGEST: Final = (Role.ADMIN, Role.REGISTRAR, Role.TASK_FORCE, Role.AGENCY, Role.SUPPLIER)
"""Of several roles in one token the first of these counts."""
LONGEST: Final = 10_000
LONGEST_NAME: Final = 150
_ID: Final[TypeAdapter[str]] = TypeAdapter(Id)


class Tokens:
    """Tells whose tokens are. InvalidInputError when the settings of the issuer are not complete."""

    def __init__(self, settings: Settings) -> None:
        if settings.oidc_issuer and not settings.oidc_audience:
            msg = "PEYVAND_OIDC_ISSUER is set but PEYVAND_OIDC_AUDIENCE is not"
            raise InvalidInputError(msg, hint="Without an audience, tokens for any other service would be taken too.")
        for name in ("oidc_issuer", "oidc_jwks_url"):
            if getattr(settings, name):
                require_https(getattr(settings, name), f"PEYVAND_{name.upper()}")
        self._settings = settings
        self._keys = Jwks(settings.oidc_issuer, settings.oidc_jwks_url)
        pairs = (pair.rpartition("=") for pair in settings.oidc_roles.split())
        self._roles = {theirs: Role(ours) for theirs, _, ours in pairs} or {role.value: role for role in STRONGEST}

    @property
    def taken(self) -> bool:
        """Whether an issuer is set."""
        return bool(self._settings.oidc_issuer)

    async def principal(self, text: str) -> Principal:
        """Whose token this is. UnauthenticatedError: it does not hold. ForbiddenError: it names no role of ours."""
        if not self.taken:
            msg = "Tokens are not taken here."
            raise UnauthenticatedError(msg, hint="Send an API key, which begins with pvk_.", refused=True)
        return self._who(await self._claims(text))

    async def _claims(self, text: str) -> Mapping[str, Any]:
        try:
            if len(text) > LONGEST:
                raise jwt.DecodeError("it is too long")
            header = jwt.get_unverified_header(text)
            if header.get("alg") not in ALGORITHMS:
                raise jwt.InvalidAlgorithmError("its algorithm is not taken")
            key = await self._keys.key(str(header.get("kid")))
            if key is None:
                raise jwt.InvalidKeyError("its key is not the issuer's")
            return jwt.decode(
                text, key, algorithms=list(ALGORITHMS), audience=self._settings.oidc_audience,
                issuer=self._settings.oidc_issuer, leeway=LEEWAY_SECONDS, options={"require": list(REQUIRED)},
            )  # fmt: skip
        except ExpiredSignatureError as error:
            raise UnauthenticatedError("The token has expired.", hint="Fetch a new one.", refused=True) from error
        except (PyJWTError, ValueError, TypeError) as error:
            msg = "The token does not hold."
            hint = f"It must be for the audience {self._settings.oidc_audience!r}, of the issuer set here, and signed by it."
            raise UnauthenticatedError(msg, hint=hint, refused=True) from error

    def _who(self, claims: Mapping[str, Any]) -> Principal:
        said = _claim(claims, self._settings.oidc_role_claim)
        named = {self._roles[one] for one in _texts(said) if one in self._roles}
        role = next((one for one in STRONGEST if one in named), None)
        if role is None:
            msg = f"The token's claim {self._settings.oidc_role_claim!r} names no role of this service."
            raise ForbiddenError(msg, hint="Ask whoever runs the issuer for one.")
        name = f"oidc:{quote(str(claims['sub']), safe='@')}"[:LONGEST_NAME]
        return Principal(role, self._subject(claims, role), name, expires_at=float(claims["exp"]) + LEEWAY_SECONDS)

    def _subject(self, claims: Mapping[str, Any], role: Role) -> str | None:
        if role not in BOUND:
            return None
        claim = self._settings.oidc_subject_claim
        try:
            return _ID.validate_python(_claim(claims, claim), strict=True)
        except ValidationError as error:
            msg = f"The token's claim {claim!r} does not say which {role.value} it speaks for."
            raise ForbiddenError(msg, hint="It must be one buyer id or supplier id of this service.") from error


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its path; the whole path may be a name too (`https://x.example/roles`)."""
    if path in claims:
        return claims[path]
    here: Any = claims
    for part in path.split("."):
        here = cast("Mapping[str, Any]", here).get(part) if isinstance(here, Mapping) else None
    return here


def _texts(value: Any) -> list[str]:
    """A claim's texts: a list of them, or one that may hold several between spaces, as scopes do."""
    if isinstance(value, str):
        return value.split()
    return [one for one in cast("list[Any]", value) if isinstance(one, str)] if isinstance(value, list) else []
