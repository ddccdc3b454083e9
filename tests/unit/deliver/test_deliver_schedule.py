"""When deliveries are tried again, and when mail may be sent."""

import random
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.delivery import Preferences, QuietHours
from schemas.settings import Settings
from streams.deliver.schedule import (
    day_start,
    mail_time,
    next_attempt,
    next_clock,
    parse_schedule,
    quiet_until,
    retry_after_seconds,
)

STANDARD = parse_schedule(Settings.model_fields["webhook_schedule"].default)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_the_standard_schedule_lasts_75_hours():
    assert len(STANDARD) == 10
    assert sum(STANDARD) == (75 * 60 + 35) * 60 + 5


@given(st.integers(1, 9), st.floats(0, 2e9), st.integers())
def test_waits_have_jitter_and_grow(attempts, now, seed):
    found = next_attempt(STANDARD, attempts, now, random.Random(seed))
    assert found is not None
    assert STANDARD[attempts] * 0.999 <= found - now <= STANDARD[attempts] * 1.201


def test_the_last_attempt_is_the_last():
    assert next_attempt(STANDARD, 10, 0, random.Random(1)) is None


def test_retry_after_is_honoured_within_a_day():
    assert next_attempt(STANDARD, 1, 1000, random.Random(1), 600) == 1600
    assert next_attempt(STANDARD, 1, 0, random.Random(1), 1e9) == 86_400
    assert retry_after_seconds("120", 0) == 120
    assert retry_after_seconds("Tue, 24 Nov 2026 08:00:30 GMT", at("2026-11-24T08:00:00")) == 30
    assert retry_after_seconds("soon", 0) is None
    assert retry_after_seconds(None, 0) is None
    assert retry_after_seconds("²", 0) is None


def test_a_digest_waits_for_its_hour():
    wish = Preferences(mode="digest")
    planned = at("2026-11-24T08:00:00")  # 11:30 in Tehran
    assert mail_time(wish, planned, planned, "07:30", 3.5) == at("2026-11-25T04:00:00")
    later = at("2026-11-25T04:00:01")
    assert mail_time(wish, planned, later, "07:30", 3.5) == later


def test_quiet_hours_may_pass_midnight():
    quiet = QuietHours(start="22:00", end="07:00")
    assert quiet_until(quiet, at("2026-11-24T19:00:00"), 3.5) == at("2026-11-25T03:30:00")
    assert quiet_until(quiet, at("2026-11-25T03:00:00"), 3.5) == at("2026-11-25T03:30:00")
    assert quiet_until(quiet, at("2026-11-25T03:30:00"), 3.5) is None
    assert quiet_until(QuietHours(start="12:00", end="14:00"), at("2026-11-24T09:00:00"), 3.5) == at(
        "2026-11-24T10:30:00"
    )


@given(st.floats(1e9, 2e9), st.integers(0, 23), st.integers(0, 59), st.sampled_from([-5, 0, 3.5, 5.75]))
def test_the_next_clock_time_is_within_a_day(now, hour, minute, offset):
    found = next_clock(now, f"{hour:02}:{minute:02}", offset)
    assert 0 <= found - now < 86_400
    local = datetime.fromtimestamp(found + offset * 3600, UTC)
    assert (local.hour, local.minute) == (hour, minute)


def test_days_begin_at_local_midnight():
    assert day_start(at("2026-11-24T20:29:00"), 3.5) == at("2026-11-23T20:30:00")
    assert day_start(at("2026-11-24T20:31:00"), 3.5) == at("2026-11-24T20:30:00")
