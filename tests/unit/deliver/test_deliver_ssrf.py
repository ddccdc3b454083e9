"""Webhooks reach no private network, however the address is written."""

import socket

import pytest

from schemas.delivery import Endpoint
from schemas.errors import InvalidInputError
from schemas.settings import Settings
from streams.deliver.ssrf import CheckedResolver, ForbiddenAddressError, check_url, forbidden
from streams.deliver.webhook import WebhookClient

SETTINGS = Settings()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "0.0.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::",
     "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "2001:db8::1", "ff02::1"],
)  # fmt: skip
def test_forbidden_addresses(address):
    assert forbidden(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "185.143.233.120", "2606:4700::1111", "172.32.0.1", "100.128.0.1"])
def test_public_addresses(address):
    assert not forbidden(address)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://user:pw@example.com/", "https://example.com:22/", "https://127.0.0.1/",
     "https://[::1]/", "https://localhost/", "https://x.internal/", "https://169.254.169.254/latest", "ftp://example.com/",
     "https://[::ffff:7f00:1]/", "https://10.0.0.1:8443/"],
)  # fmt: skip
def test_refused_by_its_looks(url):
    with pytest.raises(InvalidInputError):
        check_url(url, SETTINGS)


def test_taken_by_its_looks():
    check_url("https://example.com/hook", SETTINGS)
    check_url("https://example.com:8443/hook?x=1", SETTINGS)
    check_url("http://127.0.0.1:9/hook", Settings(webhook_allow_private=True))


@pytest.mark.parametrize("url", ["https://", "example.com", "https://a:b@c.d/", "https://x y/", "https://[::1/"])
def test_no_endpoint_of_what_is_no_address(url):
    with pytest.raises(ValueError, match=r"address|pattern|match"):
        Endpoint(kind="webhook", address=url)


async def test_one_private_address_among_several_is_enough(monkeypatch):
    async def several(self, host, port, **_):
        return [(socket.AF_INET, 1, 6, "", ("8.8.8.8", port)), (socket.AF_INET, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", several)
    with pytest.raises(ForbiddenAddressError):
        await CheckedResolver(allow_private=False).resolve("two.example", 443)
    assert len(await CheckedResolver(allow_private=True).resolve("two.example", 443)) == 2


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost.example"])
async def test_an_attempt_at_a_name_that_points_inside_is_refused(host, monkeypatch):
    async def inside(self, name, port, **_):
        return [(socket.AF_INET, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", inside)
    client = WebhookClient(SETTINGS)
    answer = await client.send(f"https://{host}/", ["whsec_" + "A" * 44], "id", "{}")
    await client.close()
    assert not answer.ok
    assert answer.status is None
