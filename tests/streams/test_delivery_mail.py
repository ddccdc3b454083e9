"""E-mail on real servers: at once or as a digest, capped, in the languages that were chosen."""

import asyncio
import time
from collections import Counter

import pytest

from graph.delivery.endpoints import add_endpoint
from graph.delivery.preferences import put_preferences
from graph.matching.knowledge import default_knowledge
from schemas.delivery import Endpoint, Preferences
from streams.publish import KafkaPublisher, publish
from tests.mailbox import Mailbox
from tests.oracle import expected
from tests.service import caught_up
from tests.worlds import TODAY, World


@pytest.fixture
async def mailbox():
    made = await Mailbox(refuse=2).start()
    yield made
    await made.stop()


def offset_with_digest_at(moment: float) -> float:
    """The local time (hours from UTC) in which the digest of 07:30 falls on this moment."""
    hours = (7.5 - moment / 3600) % 24
    return hours if hours <= 14 else hours - 24


async def pending(graph) -> int:
    return (await graph.read("MATCH (d:Delivery {state: 'pending'}) RETURN count(d) AS n"))[0]["n"]


async def test_mail_at_once_for_one_and_a_capped_digest_for_another(settings, graph, start_worker, mailbox):
    world = World(seed=91, suppliers=8, offers=60, demands=40, classes=3)
    events = list(world.registrations())
    wanted = Counter(offer.partition("~")[0] for _, offer in expected(events, default_knowledge(), TODAY).matches)
    [(a, _), (b, many), (c, _)] = wanted.most_common(3)
    assert many > 3
    process = start_worker(1)
    publisher = KafkaPublisher(settings)
    await publish(publisher, events[:8])
    assert await caught_up(settings, graph) == 0
    for supplier in (a, b, c):
        await add_endpoint(graph, supplier, Endpoint(kind="email", address=f"{supplier}@test.example"))
    await put_preferences(graph, a, Preferences(languages=["fa"]))
    await put_preferences(graph, b, Preferences(languages=["en"], mode="digest", daily_cap=2))
    await put_preferences(graph, c, Preferences(min_score=1.0))
    await publish(publisher, events[8:])
    assert await caught_up(settings, graph) == 0
    assert await pending(graph) > 0, "without a mail server mail waits"
    process.terminate()
    process.wait(15)
    last = (await graph.read("MATCH (d:Delivery) RETURN max(d.planned_at) AS last"))[0]["last"]
    await graph.run("MATCH (e:Endpoint) WHERE e.due_at IS NOT NULL SET e.due_at = 0.0")
    start_worker(
        1, PEYVAND_SMTP_HOST="127.0.0.1", PEYVAND_SMTP_PORT=str(mailbox.port), PEYVAND_SMTP_SECURITY="none",
        PEYVAND_SMTP_FROM="peyvand@test.example", PEYVAND_WEBHOOK_SCHEDULE="0 0.1s 0.1s 0.1s 0.1s",
        PEYVAND_UTC_OFFSET_HOURS=str(offset_with_digest_at(last + 1)),
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while await pending(graph):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    rows = await graph.read(
        "MATCH (d:Delivery) RETURN d.supplier AS s, d.state AS state, d.kind AS kind, d.reason AS why, count(*) AS n"
    )
    sent = {row["s"]: row["n"] for row in rows if row["state"] == "sent" and row["kind"] == "MatchFound"}
    mails = sum(row["n"] for row in rows if row["s"] == a and row["state"] == "sent")
    to = [message["To"] for message in mailbox.taken]
    assert to.count(f"{a}@test.example") == mails > 2, "a mail each"
    assert to.count(f"{b}@test.example") == 1, "one digest"
    assert sent[b] == 2
    assert c not in sent
    over = sum(row["n"] for row in rows if row["s"] == b and "daily cap" in (row["why"] or ""))
    assert over > 0
    assert any("below the 1.00" in (row["why"] or "") for row in rows if row["s"] == c)
    [digest] = [message for message in mailbox.taken if message["To"] == f"{b}@test.example"]
    assert f"{over} more are in your inbox" in digest.get_body(("plain",)).get_content()
    best = await graph.read(
        "MATCH (d:Delivery {supplier: $b, kind: 'MatchFound'}) RETURN d.state AS state ORDER BY d.score DESC, d.id", b=b
    )
    assert [row["state"] for row in best] == ["sent"] * 2 + ["suppressed"] * over
    first = next(message for message in mailbox.taken if message["To"] == f"{a}@test.example")
    text = first.get_body(("plain",)).get_content()
    assert "خریدار" in text
    assert "Buyer:" not in text
    ids = [message["Message-ID"] for message in mailbox.taken]
    assert len(ids) == len(set(ids))
    assert mailbox.refuse == 0, "what was refused came again"
    await publisher.stop()
