"""Token buckets, which addresses count together, and what counts as this machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.access import limits
from services.access.limits import Buckets, is_loopback, network_of


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_then_fills_by_its_rate():
    clock = Time()
    buckets = Buckets(2, 4, clock)
    assert [buckets.take("a") for _ in range(6)] == [0, 0, 0, 0, 1, 1]
    assert buckets.take("b") == 0
    clock.now += 0.5
    assert [buckets.take("a") for _ in range(2)] == [0, 1]
    clock.now += 3600
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 0, 1]


def test_waiting_as_long_as_was_said_is_enough():
    clock = Time()
    buckets = Buckets(0.1, 1, clock)
    assert buckets.take("a") == 0
    wait = buckets.take("a")
    assert wait == 10
    clock.now += wait
    assert buckets.empty("a") == 0
    assert buckets.take("a") == 0
    assert buckets.empty("a") == 10


def test_a_rate_of_nothing_never_says_no():
    buckets = Buckets(0, 1)
    assert {buckets.take("a") for _ in range(1000)} == {0}
    assert buckets.empty("a") == 0


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 5)), max_size=60), st.floats(0.5, 20), st.integers(1, 20))
def test_never_more_than_burst_and_rate_allow(steps, rate, burst):
    clock, given_ = Time(), 0
    start, buckets = clock.now, Buckets(rate, burst, clock)
    for pause, asked in steps:
        clock.now += pause
        given_ += sum(buckets.take("a") == 0 for _ in range(asked))
    assert given_ <= burst + rate * (clock.now - start) + 1e-6


def test_the_oldest_buckets_are_forgotten(monkeypatch):
    monkeypatch.setattr(limits, "KEPT", 3)
    buckets = Buckets(1, 1, Time())
    for name in "abcd":
        assert buckets.take(name) == 0
    assert buckets.take("d") == 1
    assert buckets.take("a") == 0


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("192.0.2.1", "192.0.2.2", False), ("2001:db8::1", "2001:db8::ffff:2", True), ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True), ("fe80::1%eth0", "fe80::2", True), (None, "nonsense", True), ("", "x", True),
    ],
)  # fmt: skip
def test_which_addresses_count_together(one, other, together):
    assert (network_of(one) == network_of(other)) == together


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST.", "x.localhost", "::1", "[::1]", "::ffff:127.0.0.1"]
)
def test_what_is_this_machine(host):
    assert is_loopback(host)


EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound to it here


@pytest.mark.parametrize(
    "host", [EVERYWHERE, "::", "10.0.0.1", "localhost.example.com", "127.0.0.1.example.com", "", None, "api"]
)
def test_what_is_not(host):
    assert not is_loopback(host)
