"""Bearer tokens: what holds and what does not, and who that is here."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from schemas.errors import UnavailableError
from schemas.settings import Settings
from services.access import jwks as jwks_module
from services.access.errors import ForbiddenError, UnauthenticatedError
from services.access.principals import Role
from services.access.tokens import Tokens

ISSUER = "https://issuer.example/realms/rail"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "k1", "use": "sig", "alg": "RS256"}
SETTINGS = Settings(oidc_issuer=ISSUER, oidc_audience="peyvand")


@pytest.fixture
def issuer(monkeypatch):
    """The issuer's documents by address; None is an issuer that is away."""
    documents: dict[str, Any] = {
        ISSUER + jwks_module.DISCOVERY: {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"},
        f"{ISSUER}/keys": {"keys": [PUBLIC]},
    }
    asked: list[str] = []

    async def fetch(_, url):
        asked.append(url)
        if documents.get(url) is None:
            raise jwks_module.httpx.ConnectError("away")
        return documents[url]

    monkeypatch.setattr(jwks_module, "_json", fetch)
    documents["asked"] = asked
    return documents


def token(key=KEY, algorithm="RS256", kid: str | None = "k1", **claims: Any) -> str:
    now = int(time.time())
    whole = {
        "iss": ISSUER,
        "aud": "peyvand",
        "sub": "user-1",
        "exp": now + 300,
        "iat": now,
        "roles": ["admin"],
        **claims,
    }
    whole = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(whole, key, algorithm, {"kid": kid} if kid else None)


async def test_a_token_that_holds(issuer):
    tokens = Tokens(SETTINGS)
    for _ in range(3):
        found = await tokens.principal(token(roles="agency", organisation="rai"))
    assert (found.role, found.subject, found.urn) == (Role.AGENCY, "rai", "urn:peyvand:oidc:user-1")
    assert found.expires_at == pytest.approx(time.time() + 330, abs=5)
    assert len(issuer["asked"]) == 2


NOW = int(time.time())
BAD = {
    "expired": token(exp=NOW - 3600), "of another issuer": token(iss="https://evil.example"), "for another": token(aud="other"),
    "for nobody": token(aud=None), "without an end": token(exp=None), "without a name": token(sub=None),
    "not yet": token(nbf=NOW + 3600), "signed by another": token(OTHER), "of an unknown key": token(kid="k9"),
    "of no key": token(kid=None), "signed with the public key": token("x" * 40, "HS256"),
    "not signed": jwt.encode({"iss": ISSUER, "aud": "peyvand", "sub": "x", "exp": NOW + 300, "roles": "admin"}, None, "none"),
    "of another kind of key": token(ec.generate_private_key(ec.SECP256R1()), "ES256"),
    "changed": token()[:-4] + "AAAA", "cut": token()[:60], "too long": "a" * 20_000, "no token": "a.b.c", "text": "hello",
}  # fmt: skip


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
async def test_a_token_that_does_not_hold(issuer, text):
    with pytest.raises(UnauthenticatedError) as caught:
        await Tokens(SETTINGS).principal(text)
    assert "invalid_token" in caught.value.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("settings", "claims", "role"),
    [
        ({}, {"roles": ["supplier", "registrar"], "organisation": "s"}, Role.REGISTRAR),
        ({"oidc_role_claim": "realm_access.roles"}, {"realm_access": {"roles": ["task_force"]}}, Role.TASK_FORCE),
        ({"oidc_role_claim": "https://x.example/role"}, {"https://x.example/role": "registrar"}, Role.REGISTRAR),
        ({"oidc_role_claim": "scope"}, {"scope": "openid registrar"}, Role.REGISTRAR),
        (
            {"oidc_roles": "rail/buyers=agency ops=admin"},
            {"roles": ["x", "rail/buyers"], "organisation": "rai"},
            Role.AGENCY,
        ),
        ({"oidc_subject_claim": "org.id"}, {"roles": "supplier", "org": {"id": "sup-1"}}, Role.SUPPLIER),
    ],
)
async def test_roles_and_organisations_are_where_the_settings_say(issuer, settings, claims, role):
    assert (await Tokens(SETTINGS.model_copy(update=settings)).principal(token(**claims))).role is role


@pytest.mark.parametrize(
    ("settings", "claims"),
    [
        ({}, {"roles": None}), ({}, {"roles": ["anonymous"]}), ({}, {"roles": {"a": 1}}), ({}, {"roles": [1, None]}),
        ({"oidc_roles": "ops=admin"}, {"roles": "admin"}), ({}, {"roles": "agency"}), ({}, {"roles": "supplier", "organisation": ["s"]}),
        ({}, {"roles": "supplier", "organisation": "a~b"}), ({"oidc_role_claim": "sub.roles"}, {}),
    ],
)  # fmt: skip
async def test_a_token_without_a_role_or_an_organisation_here(issuer, settings, claims):
    with pytest.raises(ForbiddenError):
        await Tokens(SETTINGS.model_copy(update=settings)).principal(token(**claims))


async def test_new_keys_are_found_and_unknown_ones_are_not_asked_for_without_end(issuer, monkeypatch):
    tokens = Tokens(SETTINGS)
    await tokens.principal(token())
    for number in range(5):
        with pytest.raises(UnauthenticatedError):
            await tokens.principal(token(kid=f"made-up-{number}"))
    assert len(issuer["asked"]) == 2
    monkeypatch.setattr(jwks_module, "AGAIN_SECONDS", -1)
    new = RSAAlgorithm.to_jwk(OTHER.public_key(), as_dict=True) | {"kid": "k2"}
    issuer[f"{ISSUER}/keys"] = {"keys": [new]}
    assert (await tokens.principal(token(OTHER, kid="k2"))).role is Role.ADMIN
    with pytest.raises(UnauthenticatedError):
        await tokens.principal(token())


async def test_old_keys_serve_while_the_issuer_is_away(issuer, monkeypatch):
    tokens = Tokens(SETTINGS.model_copy(update={"oidc_jwks_url": f"{ISSUER}/keys"}))
    await tokens.principal(token())
    issuer[f"{ISSUER}/keys"] = None
    monkeypatch.setattr(jwks_module, "AGAIN_SECONDS", -1)
    monkeypatch.setattr(jwks_module, "FRESH_SECONDS", -1)
    assert (await tokens.principal(token())).role is Role.ADMIN
    monkeypatch.setattr(jwks_module, "STALE_SECONDS", -1)
    with pytest.raises(UnavailableError):
        await tokens.principal(token())


@pytest.mark.parametrize("document", [{}, {"issuer": ISSUER}, {"issuer": "https://evil.example", "jwks_uri": f"{ISSUER}/keys"},
                                      {"issuer": ISSUER, "jwks_uri": "http://evil.example/keys"}, [], None])  # fmt: skip
async def test_an_issuer_that_says_something_else_is_not_believed(issuer, document):
    issuer[ISSUER + jwks_module.DISCOVERY] = document
    with pytest.raises(UnavailableError):
        await Tokens(SETTINGS).principal(token())


async def test_without_an_issuer_no_token_is_taken():
    with pytest.raises(UnauthenticatedError, match="not taken"):
        await Tokens(Settings()).principal(token())
