"""Endpoints, preferences, inbox, live stream, answers and audit over HTTP."""

import asyncio
import json
import threading
import time

import httpx
import pytest
import uvicorn

from services.api.app import create_app
from services.local.ports import free_ports
from tests.api.records import demand, offer, supplier

HOOK = {"kind": "webhook", "address": "https://hooks.example.com/peyvand"}


@pytest.fixture(scope="module")
async def told(calls, worker):
    """A supplier that was told of one demand."""
    await calls.done("POST", "/v1/suppliers", supplier("tell-s"))
    await calls.done("POST", "/v1/offers", offer("tell-o", "tell-s"))
    await calls.done("POST", "/v1/demands", demand("tell-d"))
    return await in_inbox(calls, 1)


async def in_inbox(calls, rows, seconds=30):
    deadline = time.monotonic() + seconds
    while len((inbox := await calls.get("/v1/suppliers/tell-s/inbox"))["items"]) < rows:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    return inbox


async def test_an_endpoint_from_its_making_to_its_end(calls, told):
    base = "/v1/suppliers/tell-s/endpoints"
    response = await calls.client.post(base, json=HOOK)
    assert response.status_code == 201
    made = response.json()
    assert made["secret"].startswith("whsec_")
    shown = await calls.get(made["location"])
    assert "secret" not in json.dumps(shown).replace("old_secret_until", "")
    assert shown["version"] == 1
    response = await calls.client.post(f"{made['location']}/rotate")
    assert response.json()["secret"] not in (None, made["secret"])
    assert (await calls.get(made["location"]))["old_secret_until"] is not None
    changed = await calls.client.put(made["location"], json={**HOOK, "enabled": False, "events": ["match.found"]})
    assert (changed.json()["enabled"], changed.json()["events"]) == (False, ["match.found"])
    response = await calls.client.post(f"{made['location']}/ping")
    assert response.status_code == 202
    log = await calls.get(response.json()["log"])
    assert [(row["kind"], row["state"]) for row in log["items"]] == [("Ping", "pending")]
    assert (await calls.client.delete(made["location"])).status_code == 204
    assert (await calls.problem("GET", made["location"]))["status"] == 404
    assert await calls.get(base) == []


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ({**HOOK, "address": "http://hooks.example.com/"}, "#/address", "https only"),
        ({**HOOK, "address": "https://10.0.0.1/"}, "#/address", "not a public address"),
        ({**HOOK, "address": "https://hooks.example.com:25/"}, "#/address", "Port 25"),
        ({**HOOK, "address": "https://me:pw@hooks.example.com/"}, "#", "user or password"),
        ({"kind": "email", "address": "nobody"}, "#", "e-mail address"),
        ({**HOOK, "events": ["match.lost"]}, "#/events/0", "pattern"),
        ({**HOOK, "adress": "x"}, "#/adress", ""),
    ],
)
async def test_endpoints_that_are_refused(calls, told, body, pointer, says):
    problem = await calls.problem("POST", "/v1/suppliers/tell-s/endpoints", json=body)
    assert problem["status"] == 422
    assert problem["errors"][0]["pointer"] == pointer
    assert says in problem["detail"]


async def test_unknown_suppliers_have_no_endpoints(calls):
    for path in ("endpoints", "preferences"):
        assert (await calls.problem("GET", f"/v1/suppliers/tell-none/{path}"))["status"] == 404
    assert (await calls.problem("POST", "/v1/suppliers/tell-none/endpoints", json=HOOK))["status"] == 404
    assert (await calls.problem("POST", "/v1/suppliers/tell-none/inbox/read", json={"seq": 1}))["status"] == 404
    assert (await calls.problem("GET", "/v1/demands/tell-none/audit"))["status"] == 404
    assert (await calls.problem("GET", "/v1/demands/tell-none/responses"))["status"] == 404


async def test_preferences_are_kept_and_counted(calls, told):
    path = "/v1/suppliers/tell-s/preferences"
    assert (await calls.get(path))["mode"] == "instant"
    wish = {"mode": "digest", "languages": ["fa"], "min_score": 0.25, "quiet": {"start": "22:00", "end": "07:00"}}
    first = (await calls.client.put(path, json=wish)).json()
    second = (await calls.client.put(path, json=wish)).json()
    assert second["version"] == first["version"] + 1
    assert await calls.get(path) == second
    problem = await calls.problem("PUT", path, json={"quiet": {"start": "25:00", "end": "07:00"}})
    assert problem["errors"][0]["pointer"] == "#/quiet/start"


async def test_reading_the_inbox_moves_the_mark(calls, told):
    path = "/v1/suppliers/tell-s/inbox"
    now = await calls.get(path)
    assert (now["read"], now["unread"]) == (-1, len(now["items"]))
    seq = now["items"][-1]["seq"]
    assert now["watermark"] > seq
    assert (await calls.client.post(f"{path}/read", json={"seq": seq})).json() == {"read": seq, "unread": 0}
    assert (await calls.client.post(f"{path}/read", json={"seq": seq - 1})).json() == {"read": seq, "unread": 0}
    back = await calls.client.post(f"{path}/read", json={"seq": -1, "back": True})
    assert back.json() == {"read": -1, "unread": len(now["items"])}


async def test_the_audit_says_who_was_told_and_who_was_not(calls, told):
    await calls.done("POST", "/v1/suppliers", supplier("tell-no"))
    await calls.done("POST", "/v1/offers", offer("tell-short", "tell-no", standards=[]))
    audit = await calls.get("/v1/demands/tell-d/audit")
    [item] = audit["items"]
    [row] = [one for one in item["told"] if one["supplier_id"] == "tell-s"]
    assert (row["kind"], row["revision"], row["rules"]) == ("MatchFound", 1, audit["rules_now"])
    assert row["decided_at"]
    assert {channel["channel"] for channel in row["channels"]} >= {"inbox", "match-events"}
    [other] = [one for one in item["not_told"] if one["supplier_id"] == "tell-no"]
    assert other["outcome"] == "near_miss"
    assert other["missing"] == [{"kind": "standard", "name": "UIC 541-4"}]


async def test_answers_reach_the_buyers_feed(calls, told):
    answer = {
        "supplier_id": "tell-s", "demand_id": "tell-d", "item_id": "1", "offer_id": "tell-o", "answer": "decline",
        "reason": "no_capacity", "free_from": "2027-03-01",
    }  # fmt: skip
    await calls.done("POST", "/v1/responses", answer)
    [row] = (await calls.get("/v1/demands/tell-d/responses"))["items"]
    assert (row["supplier_id"], row["answer"], row["reason"]) == ("tell-s", "decline", "no_capacity")
    assert row["response"]["free_from"] == "2027-03-01"
    assert row["at"]


@pytest.fixture(scope="module")
def served(settings):
    """The address of the app over a socket."""
    [port] = free_ports(1)
    config = uvicorn.Config(create_app(settings, deadline=2), host="127.0.0.1", port=port, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(15)


async def events(client, url, count, **headers):
    """The first events of a stream, as dicts of their fields."""
    found, fields = [], {}
    async with client.stream("GET", url, headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        async for line in response.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
                continue
            if "data" in fields:
                found.append(fields)
            fields = {}
            if len(found) == count:
                return found
    return found


async def test_the_stream_tells_at_once_and_goes_on_after_the_last_event(calls, told, served):
    url = f"{served}/v1/suppliers/tell-s/inbox/stream"
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        [first] = await events(client, f"{url}?after=-1", 1)
        assert first["event"] == "MatchFound"
        assert json.loads(first["data"])["seq"] == int(first["id"]) == told["items"][0]["seq"]
        listening = asyncio.create_task(events(client, url, 1, **{"Last-Event-ID": first["id"]}))
        await asyncio.sleep(2.5)  # longer than the deadline of a request
        assert not listening.done()
        started = time.monotonic()
        await calls.done("POST", "/v1/demands", demand("tell-d2"))
        [second] = await asyncio.wait_for(listening, 30)
        assert time.monotonic() - started < 25
        assert json.loads(second["data"])["news"]["demand_id"] == "tell-d2"
        assert await events(client, f"{url}?seconds=1", 1) == []
        refused = await client.get(url, headers={"Last-Event-ID": "x"})
        assert refused.status_code == 422
