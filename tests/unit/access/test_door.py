"""Who gets in: open access from this machine alone, keys from anywhere, and nobody too often."""

import time

import pytest

from schemas.errors import InvalidInputError
from schemas.settings import Settings
from services.access.door import MOST_STREAMS, Door, Knock
from services.access.errors import ForbiddenError, TooManyRequestsError, UnauthenticatedError
from services.access.openness import require_safe
from services.access.principals import ANONYMOUS, LOCAL, Role
from tests.unit.access.fakes import KeysOnly, made_key

HERE = {"address": "127.0.0.1", "host": "localhost:8400"}


def door(*made, **settings) -> Door:
    return Door(Settings(**settings), KeysOnly(*made))


async def test_open_access_is_for_this_machine():
    opened = door()
    assert await opened.enter(Knock(**HERE)) is LOCAL
    assert await opened.enter(Knock(**HERE, origin="http://localhost:8400", writes=True)) is LOCAL
    assert (
        await opened.enter(Knock(**HERE, origin="https://evil.example")) is LOCAL
    )  # it reads, and browsers keep it from the page


@pytest.mark.parametrize(
    "knock",
    [
        Knock(address="192.0.2.1", host="localhost:8400"), Knock(address=None, host="localhost"),
        Knock(address="127.0.0.1", host="evil.example"), Knock(address="127.0.0.1", host=None),
        Knock(address="127.0.0.1", host="[::1"), Knock(**HERE, origin="https://evil.example", writes=True),
        Knock(**HERE, origin="null", writes=True), Knock(**HERE, origin="http://localhost:9000", writes=True),
    ],
)  # fmt: skip
async def test_open_access_is_not_for_others(knock):
    with pytest.raises(ForbiddenError):
        await door().enter(knock)


async def test_other_names_and_pages_can_be_let_in():
    opened = door(public_url="https://peyvand.example/", cors_origins="https://console.example")
    knock = Knock(address="127.0.0.1", host="peyvand.example", origin="https://console.example", writes=True)
    assert await opened.enter(knock) is LOCAL
    assert await door(access_open_anywhere=True).enter(Knock(address="192.0.2.1", host="x")) is LOCAL


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "peyvand.example"])  # noqa: S104 - it must not start so
def test_an_open_service_does_not_start_for_others(host):
    with pytest.raises(InvalidInputError, match="anybody there would be admin") as caught:
        require_safe(Settings(api_host=host))
    assert "PEYVAND_ACCESS=keys" in caught.value.hint
    require_safe(Settings(api_host=host, access="keys"))
    require_safe(Settings(api_host=host, access_open_anywhere=True))
    require_safe(Settings(api_host="::1"))


async def test_without_a_key_one_is_nobody():
    closed = door(access="keys")
    assert await closed.enter(Knock(**HERE)) is ANONYMOUS


@pytest.mark.parametrize(
    "header", ["Basic eDp5", "Bearer", "Bearer ", "pvk_a_b", "Bearer x y z", "Bearer pvk_0_1", "Bearer a.b.c"]
)
async def test_a_header_that_does_not_hold_is_refused(header):
    with pytest.raises(UnauthenticatedError) as caught:
        await door(access="keys").enter(Knock(header, **HERE))
    assert caught.value.headers["WWW-Authenticate"] == 'Bearer realm="peyvand", error="invalid_token"'


async def test_a_key_is_taken_from_anywhere():
    made = made_key(Role.TASK_FORCE, now=time.time())
    closed = door(made, access="keys")
    found = await closed.enter(
        Knock(f"bearer  {made.text} ", address="192.0.2.1", host="x", origin="https://x.example", writes=True)
    )
    assert found.role is Role.TASK_FORCE


async def test_guessing_ends_soon_and_stops_nobody_who_is_known():
    made = made_key(now=time.time())
    closed = door(made, access="keys", anonymous_rate_per_second=0.001, anonymous_rate_burst=5)
    good = Knock(f"Bearer {made.text}", **HERE)
    await closed.enter(good)
    graph = closed._graph
    for number in range(5):
        with pytest.raises(UnauthenticatedError):
            await closed.enter(Knock(f"Bearer pvk_{number:016d}_x", **HERE))
    asked = graph.asked
    for number in range(5, 50):
        with pytest.raises(TooManyRequestsError) as caught:
            await closed.enter(Knock(f"Bearer pvk_{number:016d}_x", **HERE))
        assert int(caught.value.headers["Retry-After"]) > 100
    assert graph.asked == asked
    with pytest.raises(TooManyRequestsError):
        await closed.enter(Knock(**HERE))
    await closed.enter(good)
    await closed.enter(Knock(address="192.0.2.9"))


async def test_one_key_cannot_ask_without_end():
    one, two = made_key(now=time.time()), made_key(now=time.time())
    closed = door(one, two, access="keys", rate_per_second=0.001, rate_burst=3)
    for _ in range(3):
        await closed.enter(Knock(f"Bearer {one.text}", **HERE))
    with pytest.raises(TooManyRequestsError):
        await closed.enter(Knock(f"Bearer {one.text}", **HERE))
    await closed.enter(Knock(f"Bearer {two.text}", **HERE))


async def test_live_streams_are_counted():
    made = made_key(now=time.time())
    closed = door(made, access="keys")
    me = await closed.enter(Knock(f"Bearer {made.text}", **HERE))
    held = [closed.streaming(me) for _ in range(MOST_STREAMS)]
    for one in held:
        one.__enter__()
    with pytest.raises(TooManyRequestsError):
        closed.may_stream(me)
    held[0].__exit__(None, None, None)
    closed.may_stream(me)
    for one in held[1:]:
        one.__exit__(None, None, None)
    assert closed._streams == {}


@pytest.mark.parametrize(
    "settings",
    [{"oidc_issuer": "https://i.example"}, {"oidc_issuer": "http://i.example", "oidc_audience": "x"},
     {"oidc_issuer": "https://i.example", "oidc_audience": "x", "oidc_jwks_url": "http://i.example/jwks"}],
)  # fmt: skip
def test_an_issuer_that_is_not_set_up_whole_is_refused(settings):
    with pytest.raises(InvalidInputError):
        door(access="keys", **settings)
