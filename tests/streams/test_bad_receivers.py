"""Receivers that redirect, drip, are deaf or answer at length: each attempt is short, small and stays where it is."""

import asyncio
import time

import pytest

from graph.delivery.endpoints import new_secret
from schemas.settings import Settings
from services.chaos.receiver import GONE, Mood, Receiver
from streams.deliver.webhook import WebhookClient

TIMEOUT = 1.0
ATTEMPTS = 12
BODY = '{"type":"match.found","timestamp":null,"data":{}}'


@pytest.mark.parametrize("mood", [mood for mood in Mood if mood is not Mood.USUAL])
async def test_a_bad_receiver_costs_an_attempt_little(mood):
    client = WebhookClient(Settings(webhook_allow_private=True, webhook_timeout_seconds=TIMEOUT))
    receiver = await Receiver(mood=mood, fail=0.5).start()
    receiver.secrets["hook"] = new_secret()
    sends = [
        client.send(receiver.address("hook"), [receiver.secrets["hook"]], f"id-{n}", BODY) for n in range(ATTEMPTS)
    ]
    began = time.monotonic()
    try:
        answers = await asyncio.gather(*sends)
    finally:
        await client.close()
        await receiver.stop()
    assert time.monotonic() - began < TIMEOUT + 2
    assert receiver.requests == ATTEMPTS, "no attempt is two requests"
    assert receiver.followed == 0
    assert receiver.forged == 0
    assert receiver.streamed < ATTEMPTS * 8_000_000, "a long body is not read: its buffers fill up, and it is closed"
    assert all(answer.ok or answer.error for answer in answers)
    if mood is Mood.HUGE:
        assert any(answer.ok for answer in answers), "success is success, whatever follows it"
    else:
        assert not any(answer.ok for answer in answers)
    if mood is Mood.REDIRECTS:
        assert all(300 <= answer.status < 400 for answer in answers)


async def test_gone_is_told():
    client = WebhookClient(Settings(webhook_allow_private=True))
    receiver = await Receiver().start()
    answer = await client.send(receiver.address(f"{GONE}/1"), [new_secret()], "id", BODY)
    await client.close()
    await receiver.stop()
    assert answer.gone
    assert not answer.ok
