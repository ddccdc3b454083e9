"""What is sent: payloads, signatures, sentences, mail."""

import json

import pytest
from standardwebhooks.webhooks import Webhook

from graph.delivery.endpoints import new_secret
from schemas.delivery import NEWS_NAMES
from schemas.events import BY_NAME
from schemas.examples import EXAMPLES
from streams.deliver.mail import Letter, compose
from streams.deliver.webhook import MOST_BYTES, payload, signed
from streams.deliver.words import say


def body(kind: str) -> str:
    return BY_NAME[kind].model.model_validate(EXAMPLES[kind]).model_dump_json(exclude_defaults=True)


@pytest.mark.parametrize("kind", sorted(NEWS_NAMES))
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_kind_of_news_has_words(kind, language):
    said = say(kind, body(kind), language)
    assert said.heading != kind
    assert (max(said.heading) >= "\u0600") or language == "en"


@pytest.mark.parametrize("kind", sorted(NEWS_NAMES))
def test_payloads_have_a_type_a_time_and_data(kind):
    sent = json.loads(payload(kind, body(kind), "2026-11-24T08:00:00Z"))
    assert sent["type"] == NEWS_NAMES[kind]
    assert sent["timestamp"] == "2026-11-24T08:00:00Z"
    assert sent["data"]["supplier_id"] == "sup-azar-friction"


def test_a_payload_stays_below_20_kb():
    big = json.loads(body("MatchFound"))
    big["criteria"] = big["criteria"] * 500
    sent = payload("MatchFound", json.dumps(big), None)
    assert len(sent.encode()) <= MOST_BYTES
    assert json.loads(sent)["data"]["shortened"] is True


def test_signatures_verify_with_either_secret_while_one_is_turned_over():
    old, new = new_secret(), new_secret()
    text = '{"x":"پیوند"}'
    headers = signed([new, old], "msg-1", text)
    for secret in (old, new):
        Webhook(secret).verify(text, headers)
    assert headers["webhook-id"] == "msg-1"


def test_mail_for_one_and_for_many():
    found, gap = Letter("1", "MatchFound", body("MatchFound")), Letter("2", "GapNoticed", body("GapNoticed"))
    one = compose([found], ["fa", "en"], "p@x.example", "s@y.example")
    assert "کفشک ترمز" in one["Subject"]
    text = one.get_body(("plain",)).get_content()
    assert "خریدار" in text
    assert "Buyer" in text
    assert 'dir="rtl"' in one.get_body(("html",)).get_content()
    many = compose([found, gap], ["en"], "p@x.example", "s@y.example", more=3)
    assert many["Subject"] == "Peyvand: 5 news"
    assert "3 more are in your inbox" in many.get_body(("plain",)).get_content()
    assert many["Message-ID"] == compose([found, gap], ["en"], "p@x.example", "s@y.example")["Message-ID"]


def test_mail_headers_cannot_be_broken_out_of():
    news = {**json.loads(body("MatchFound")), "item_title": "x\r\nBcc: all@example.com <b>"}
    sent = compose([Letter("1", "MatchFound", json.dumps(news))], ["en"], "p@x.example", "s@y.example")
    assert sent["Bcc"] is None
    assert "<b>" not in sent.get_body(("html",)).get_content().replace("<br>", "")
