"""The loop that sends what is due: finds endpoints, leases them, sends, records, gives them back."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import structlog

from graph import clock
from graph.delivery.queue import (
    LEASE_SECONDS,
    Outcome,
    due_deliveries,
    due_endpoints,
    lease,
    record_outcomes,
    release,
    sent_since,
    suppress,
)
from graph.driver import Graph, Row
from schemas.delivery import EndpointKind, Mode, Preferences
from schemas.errors import PeyvandError
from schemas.settings import Settings
from streams.deliver.mail import Letter, compose, send_mail
from streams.deliver.schedule import DAY, day_start, mail_time, next_attempt, parse_schedule
from streams.deliver.webhook import Answer, WebhookClient, payload

log = structlog.get_logger()

POLL_SECONDS: Final = 0.5
OUTAGE_SECONDS: Final = 2.0
AT_ONCE: Final = 2
BATCH: Final = 100
SENDING_SECONDS: Final = LEASE_SECONDS / 3
NO_NOTICE_SECONDS: Final = 5.0
NO_MAIL_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording some attempts: was the endpoint disabled, and when are failures tried again (0: none)."""

    disabled: bool
    next_at: float


class Deliveries:
    """One per worker. Endpoints side by side up to a bound, at one endpoint two deliveries at once."""

    def __init__(
        self, graph: Graph, settings: Settings, owner: str, checkpoint: Callable[[str], None] = lambda _: None
    ) -> None:
        self._graph = graph
        self._settings = settings
        self._owner = owner
        self._at = checkpoint
        self._schedule = parse_schedule(settings.webhook_schedule)
        self._rng = random.Random()
        self._client = WebhookClient(settings)
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Send until cancelled; outages of Neo4j are waited out."""
        while True:
            wait = POLL_SECONDS
            try:
                room = self._settings.deliver_at_once - len(self._busy)
                found = await due_endpoints(self._graph, self._settings.deliver_at_once * 2) if room > 0 else []
                for endpoint in islice((one for one in found if one not in self._busy), room):
                    self._start(endpoint)
            except PeyvandError as error:
                log.warning("deliver.waits", error=error.detail)
                wait = OUTAGE_SECONDS
            await asyncio.sleep(wait)

    async def stop(self) -> None:
        """Give up what is under way: it is sent again when the lease has ended, under the same id."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.close()

    def _start(self, endpoint: str) -> None:
        task = asyncio.get_running_loop().create_task(self._endpoint(endpoint))
        self._busy[endpoint] = task
        task.add_done_callback(lambda _: self._busy.pop(endpoint, None))

    async def _endpoint(self, endpoint: str) -> None:
        try:
            row = await lease(self._graph, endpoint, self._owner)
            if row is None:
                return
            not_before = 0.0
            try:
                send = self._webhook if row["kind"] == EndpointKind.WEBHOOK.value else self._mail
                not_before = await send(row)
            finally:
                await release(self._graph, endpoint, self._owner, not_before)
        except PeyvandError as error:
            log.warning("deliver.put-off", endpoint=endpoint, error=error.detail)
        except Exception:
            log.exception("deliver.failed", endpoint=endpoint)

    async def _webhook(self, row: Row) -> float:
        """Send what is due, a few at once, until nothing is or the time is up; returns when to look again."""
        until = time.monotonic() + SENDING_SECONDS
        while time.monotonic() < until:
            due = await due_deliveries(self._graph, row["id"], BATCH)
            ready = [one for one in due if one["body"] is not None]
            if not ready:
                return clock.now() + NO_NOTICE_SECONDS if due else 0.0
            for start in range(0, len(ready), AT_ONCE):
                if time.monotonic() > until:
                    return 0.0
                part = ready[start : start + AT_ONCE]
                answers = await asyncio.gather(*(self._post(row, one) for one in part))
                self._at("deliver.sent-before-mark")
                if (await self._record(row, part, answers)).disabled:
                    return 0.0
                if all(answer.busy for answer in answers):
                    return clock.now() + self._breath(answers)
        return 0.0

    async def _post(self, row: Row, one: Row) -> Answer:
        secrets = [secret for secret in (row["secret"], row["old_secret"]) if secret]
        try:
            body = payload(one["kind"], one["body"], one["at"])
        except (ValueError, KeyError) as error:
            return Answer(ok=False, status=None, error=f"the notice cannot be written out: {error}"[:500], seconds=0.0)
        return await self._client.send(row["address"], secrets, one["id"], body)

    def _breath(self, answers: Sequence[Answer]) -> float:
        """How long to leave an endpoint alone that is down or asks for it."""
        asked = max((answer.retry_after or 0.0 for answer in answers), default=0.0)
        usual = self._schedule[1] if len(self._schedule) > 1 else POLL_SECONDS
        return max(asked, usual)

    async def _record(self, row: Row, sent: Sequence[Row], answers: Sequence[Answer]) -> Recorded:
        now = clock.now()
        outcomes = [
            Outcome(
                id=one["id"], attempts=one["attempts"] + 1, ok=answer.ok, status=answer.status, error=answer.error,
                seconds=answer.seconds, gone=answer.gone,
                next_at=next_attempt(self._schedule, one["attempts"] + 1, now, self._rng, answer.retry_after),
            )
            for one, answer in zip(sent, answers, strict=True)
        ]  # fmt: skip
        why = await record_outcomes(self._graph, row["id"], outcomes, self._settings.webhook_disable_days * DAY)
        for outcome in outcomes:
            log.info("deliver.attempt", endpoint=row["id"], delivery=outcome.id, ok=outcome.ok, error=outcome.error)
        if why is not None:
            log.warning("deliver.endpoint-disabled", endpoint=row["id"], reason=why)
        return Recorded(why is not None, max((o.next_at or 0.0 for o in outcomes if not o.ok), default=0.0))

    async def _mail(self, row: Row) -> float:
        """Send what is due, one message each or one for all; returns when to look again."""
        settings = self._settings
        if not settings.smtp_host:
            return clock.now() + NO_MAIL_SECONDS
        due = await due_deliveries(self._graph, row["id"], BATCH)
        wish = Preferences.model_validate_json(row["preferences"]) if row["preferences"] else Preferences()
        now = clock.now()
        times = [mail_time(wish, one["planned_at"], now, settings.digest_at, settings.utc_offset_hours) for one in due]
        ready = [one for one, at in zip(due, times, strict=True) if at <= now and one["body"] is not None]
        if not ready:
            return min(times, default=0.0) if times and min(times) > now else (now + NO_NOTICE_SECONDS if due else 0.0)
        chosen, over = await self._capped(row["id"], wish, ready, now)
        groups = [chosen] if wish.mode is Mode.DIGEST else [[one] for one in chosen]
        for group in (group for group in groups if group):
            letters = [Letter(one["id"], one["kind"], one["body"]) for one in group]
            more = len(over) if wish.mode is Mode.DIGEST else 0
            message = compose(letters, wish.languages, settings.smtp_from, row["address"], more)
            answer = await send_mail(settings, message)
            self._at("deliver.sent-before-mark")
            recorded = await self._record(row, group, [answer] * len(group))
            if recorded.disabled:
                return 0.0
            if not answer.ok and over:  # the best go first: what is over the cap waits with them
                return max(recorded.next_at, clock.now() + POLL_SECONDS)
            if answer.busy:
                return clock.now() + self._breath([answer])
        await suppress(self._graph, [one["id"] for one in over], "the daily cap that the supplier chose was reached")
        return 0.0

    async def _capped(
        self, endpoint: str, wish: Preferences, ready: list[Row], now: float
    ) -> tuple[list[Row], list[Row]]:
        """Split into what is sent and what is over the day's cap of new matches: the best are sent."""
        if wish.daily_cap is None:
            return ready, []
        found = sorted((r for r in ready if r["kind"] == "MatchFound"), key=lambda r: (-(r["score"] or 0.0), r["id"]))
        day = day_start(now, self._settings.utc_offset_hours)
        left = max(0, wish.daily_cap - await sent_since(self._graph, endpoint, day))
        over = {row["id"] for row in found[left:]}
        return [row for row in ready if row["id"] not in over], [row for row in ready if row["id"] in over]
