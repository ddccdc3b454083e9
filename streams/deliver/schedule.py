"""When to try again, and when mail may be sent. Pure; times are seconds since the epoch."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from schemas.delivery import Mode, Preferences, QuietHours

UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
JITTER: Final = 0.2
LONGEST_WAIT: Final = 24 * 3600.0
DAY: Final = 86_400.0


def parse_schedule(text: str) -> tuple[float, ...]:
    """Waits in seconds of `0 5s 5m 2h`."""
    return tuple(float(part.rstrip("smhd")) * UNITS.get(part[-1], 1.0) for part in text.split())


def next_attempt(
    schedule: tuple[float, ...], attempts: int, now: float, rng: random.Random, retry_after: float | None = None
) -> float | None:
    """When to try again after `attempts` failures, not before the receiver asked for; None when it was the last."""
    if attempts >= len(schedule):
        return None
    wait = schedule[attempts] * rng.uniform(1.0, 1.0 + JITTER)
    return now + max(wait, min(retry_after or 0.0, LONGEST_WAIT))


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """Seconds of a Retry-After header in either of its forms; None when it says nothing."""
    if not header:
        return None
    text = header.strip()
    if text.isdecimal() and text.isascii():
        return min(float(text), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, at.timestamp() - now), LONGEST_WAIT)


def mail_time(wish: Preferences, planned: float, now: float, digest_at: str, offset_hours: float) -> float:
    """The earliest time from now on at which mail planned at `planned` may be sent; `now` when it may at once."""
    at = now
    if wish.mode is Mode.DIGEST:
        at = max(now, next_clock(planned, digest_at, offset_hours))
    end = quiet_until(wish.quiet, at, offset_hours) if wish.quiet is not None else None
    return at if end is None else end


def next_clock(after: float, clock: str, offset_hours: float) -> float:
    """The first time at or after `after` at which local clocks show `clock` (HH:MM)."""
    local = datetime.fromtimestamp(after, UTC) + timedelta(hours=offset_hours)
    hours, minutes = clock.split(":")
    wanted = local.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    if wanted < local:
        wanted += timedelta(days=1)
    return (wanted - timedelta(hours=offset_hours)).timestamp()


def quiet_until(quiet: QuietHours, at: float, offset_hours: float) -> float | None:
    """When the quiet hours that hold at a time end; None outside of them. They may pass midnight."""
    local = datetime.fromtimestamp(at, UTC) + timedelta(hours=offset_hours)
    clock = f"{local:%H:%M}"
    start, end = quiet.start, quiet.end
    inside = start <= clock < end if start <= end else clock >= start or clock < end
    return next_clock(at, end, offset_hours) if inside else None


def day_start(now: float, offset_hours: float) -> float:
    """When the local day began."""
    shifted = now + offset_hours * 3600
    return shifted - shifted % DAY - offset_hours * 3600
