"""The door over HTTP: keys, tokens of a local issuer, audiences, limits, headers, and the log."""

import asyncio
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from services.access.principals import Role
from services.api.app import create_app
from tests.api.calls import Calls
from tests.api.doors import MINE, closed_service, demand_of, new_key
from tests.streams.test_operator_commands import peyvand

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def issuer():
    """An OpenID Connect issuer on this machine: its address."""
    documents = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = documents.get(self.path)
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    public = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "k1", "use": "sig"}
    documents["/.well-known/openid-configuration"] = {"issuer": address, "jwks_uri": f"{address}/jwks"}
    documents["/jwks"] = {"keys": [public]}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
async def closed(settings, worker, issuer):
    """The app that asks for keys, with two of everything in the graph."""
    more = {"oidc_issuer": issuer, "oidc_audience": "peyvand", "cors_origins": "https://console.example"}
    async with closed_service(settings, **more) as made:
        yield made


@pytest.fixture(scope="module")
def admin(closed) -> Calls:
    return closed.clients[Role.ADMIN]


@pytest.fixture(scope="module")
def nobody(closed) -> httpx.AsyncClient:
    return closed.clients[Role.ANONYMOUS].client


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


async def test_a_key_from_its_making_to_its_end(closed, admin, nobody):
    wish = {"name": "RAI", "role": "agency", "subject": "buy-mine", "days": 30}
    response = await admin.client.post("/v1/keys", json=wish)
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    made = response.json()
    me = (await nobody.get("/v1/me", headers=bearer(made["key"]))).json()
    assert (me["role"], me["subject"], me["name"]) == ("agency", "buy-mine", f"urn:peyvand:key:{made['id']}")
    shown = await admin.get(made["location"])
    assert made["key"].rpartition("_")[2] not in json.dumps(shown)
    assert (shown["state"], shown["name"]) == ("active", "RAI")
    assert made["id"] in [row["id"] for row in await admin.all_pages("/v1/keys", limit=2)]
    stored = await closed.graph.read("MATCH (k:AccessKey {id: $id}) RETURN properties(k) AS k", id=made["id"])
    assert made["key"].split("_", 2)[2] not in str(stored)
    replaced = (await admin.client.post(f"{made['location']}/rotate", json={"overlap_hours": 1})).json()
    for key in (made["key"], replaced["key"]):
        assert (await nobody.get("/v1/me", headers=bearer(key))).status_code == 200
    assert (await admin.client.post(f"{made['location']}/rotate", json={"overlap_hours": 0})).status_code == 201
    assert (await nobody.get("/v1/me", headers=bearer(made["key"]))).status_code == 401
    problem = await admin.problem("POST", f"{made['location']}/rotate", json={})
    assert problem["status"] == 409
    assert (await admin.client.delete(replaced["location"])).status_code == 204
    refused = await nobody.get("/v1/suppliers", headers=bearer(replaced["key"]))
    assert refused.status_code == 401
    assert "revoked" in refused.json()["detail"]
    assert (await admin.get(replaced["location"]))["state"] == "revoked"


@pytest.mark.parametrize(
    "body", [{"name": "x", "role": "agency"}, {"name": "x", "role": "anonymous"}, {"name": "x", "role": "king"}, {}]
)
async def test_keys_that_are_refused(admin, body):
    assert (await admin.problem("POST", "/v1/keys", json=body))["status"] == 422


async def test_what_is_no_key_gets_one_answer_even_where_all_is_public(nobody):
    texts = ["pvk_0000000000000000_x", "pvk_", "x", "a.b.c"]
    for text in texts:
        response = await nobody.get("/v1/suppliers", headers=bearer(text))
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert (await nobody.get("/healthz", headers=bearer("x"))).status_code == 200


async def test_a_token_of_the_issuer_is_taken(closed, nobody, issuer):
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": "peyvand",
        "sub": "ali@rai.example",
        "exp": now + 60,
        "roles": ["supplier"],
        "organisation": "sup-mine",
    }
    text = jwt.encode(claims, KEY, "RS256", {"kid": "k1"})
    me = (await nobody.get("/v1/me", headers=bearer(text))).json()
    assert (me["role"], me["subject"], me["name"]) == ("supplier", "sup-mine", "urn:peyvand:oidc:ali@rai.example")
    assert (await nobody.get("/v1/suppliers/sup-mine/inbox", headers=bearer(text))).status_code == 200
    assert (await nobody.get("/v1/suppliers/sup-other/inbox", headers=bearer(text))).status_code == 404
    for wrong in ({**claims, "aud": "else"}, {**claims, "exp": now - 3600}, {**claims, "iss": "https://else"}):
        text = jwt.encode(wrong, KEY, "RS256", {"kid": "k1"})
        assert (await nobody.get("/v1/me", headers=bearer(text))).status_code == 401
    text = jwt.encode({**claims, "roles": []}, KEY, "RS256", {"kid": "k1"})
    assert (await nobody.get("/v1/me", headers=bearer(text))).status_code == 403


async def test_each_audience_sees_its_fields(closed, nobody):
    async def seen(role, path, **query):
        return await closed.clients[role].get(path, **query)

    path = "/v1/suppliers/sup-mine"
    own = await seen(Role.SUPPLIER, path)
    assert (own["supplier"]["email"], own["supplier"]["owner"], own["hidden"]) == ("mine@example.com", "Holding", [])
    public = await seen(Role.ANONYMOUS, path)
    assert (public["supplier"]["email"], public["supplier"]["owner"]) == (None, None)
    assert "supplier.email" in public["hidden"]
    assert await seen(Role.SUPPLIER, path, **{"as": "anonymous"}) == public
    assert await seen(Role.ANONYMOUS, path, **{"as": "staff"}) == public
    agency = await seen(Role.AGENCY, path)
    assert (agency["supplier"]["email"], agency["supplier"]["owner"]) == ("mine@example.com", None)
    assert (await seen(Role.SUPPLIER, "/v1/suppliers/sup-other"))["supplier"]["email"] is None
    assert (await seen(Role.REGISTRAR, path)) == own
    offer = await seen(Role.ANONYMOUS, "/v1/offers/off-mine")
    assert (offer["offer"]["capacity"], offer["matches"]) == (None, None)
    assert (await seen(Role.SUPPLIER, "/v1/offers/off-mine"))["matches"] is not None
    assert (await seen(Role.AGENCY, "/v1/offers/off-mine"))["offer"]["capacity"]["quantity"] == 50000
    rows = {row["id"]: row["matches"] for row in (await seen(Role.SUPPLIER, "/v1/offers"))["items"]}
    assert rows["off-mine"] is not None
    assert rows["off-other"] is None
    demand = "/v1/demands/dem-mine"
    assert (await seen(Role.ANONYMOUS, demand))["demand"]["contact"] is None
    assert (await seen(Role.SUPPLIER, demand))["demand"]["contact"]
    assert (await seen(Role.ANONYMOUS, demand))["items"][0]["matches"] is None
    assert (await seen(Role.AGENCY, demand))["items"][0]["matches"] is not None
    assert (await seen(Role.AGENCY, "/v1/demands/dem-other"))["items"][0]["matches"] is None
    assert (await closed.clients[Role.ANONYMOUS].problem("GET", path, params={"as": "king"}))["status"] == 422


async def test_the_log_says_who_did_what_and_so_does_the_event(closed, admin, settings):
    agency = closed.clients[Role.AGENCY]
    me = (await agency.get("/v1/me"))["name"]
    accepted = await agency.write("PUT", "/v1/demands/dem-mine", demand_of(MINE))
    await agency.get("/v1/demands/dem-mine/matches")
    await closed.clients[Role.TASK_FORCE].get("/v1/suppliers/sup-mine/inbox")
    await closed.clients[Role.SUPPLIER].client.post("/v1/suppliers/sup-mine/inbox/read", json={"seq": -1})
    await agency.problem("GET", "/v1/keys")
    await closed.clients[Role.AGENCY].client.post("/v1/demands/simulate", json={"items": [{"title": "x"}]})
    await asyncio.sleep(1.5)
    rows = await admin.all_pages("/v1/audit-log", principal=me, limit=3)
    entry = next(row for row in rows if accepted["event_id"] in row["events"])
    assert (entry["action"], entry["target"], entry["status"]) == (
        "PUT /v1/demands/{demand_id}",
        "/v1/demands/dem-mine",
        202,
    )
    assert (entry["role"], entry["subject"], entry["address"]) == ("agency", "buy-mine", "127.0.0.1")
    assert {row["principal"] for row in rows} == {me}
    assert not any("simulate" in row["action"] or row["action"].startswith("GET") for row in rows)
    read = await admin.all_pages("/v1/audit-log", target="/v1/suppliers/sup-mine/inbox")
    assert [row["role"] for row in read] == ["task_force"]
    assert (await admin.get("/v1/audit-log", until="2026-01-01T00:00:00Z"))["items"] == []
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    made = [row for row in await admin.all_pages("/v1/audit-log") if row["action"] == "test"]
    assert made[0]["note"].startswith("made for")
    assert (await admin.problem("GET", "/v1/audit-log", params={"principal": "a", "target": "b"}))["status"] == 422
    assert (await admin.get("/v1/audit-log", since="9999-01-01T00:00:00Z"))["items"] == []
    value = await record_at(settings, accepted["at"])
    assert (value["principal"], value["source"]) == (me, "urn:peyvand:api")


async def record_at(settings, place):
    """The value of the record at `topic:partition:offset`."""
    from aiokafka import AIOKafkaConsumer, TopicPartition

    topic, partition, offset = place.split(":")
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap_servers, enable_auto_commit=False)
    await consumer.start()
    try:
        tp = TopicPartition(topic, int(partition))
        consumer.assign([tp])
        consumer.seek(tp, int(offset))
        return json.loads((await consumer.getone()).value)
    finally:
        await consumer.stop()


async def test_the_log_and_keys_survive_a_rebuild(closed):
    from graph.rebuild import DELETE_ALL

    for label in ("AccessKey", "LogEntry", "Repeat", "Edit"):
        assert f"NOT n:{label}" in DELETE_ALL


async def test_too_much_is_429_with_a_time(closed, settings):
    limited = create_app(settings.model_copy(update={"access": "keys", "rate_per_second": 0.01, "rate_burst": 3}))
    async with limited.router.lifespan_context(limited):
        made = await new_key(closed.graph, Role.TASK_FORCE)
        transport = httpx.ASGITransport(app=limited)
        async with httpx.AsyncClient(transport=transport, base_url="http://x", headers=bearer(made.text)) as client:
            said = [await client.get("/v1/me") for _ in range(4)]
            assert [one.status_code for one in said] == [200, 200, 200, 429]
            assert int(said[3].headers["retry-after"]) > 1
            assert said[3].json()["type"] == "urn:peyvand:problem:too-many-requests"
            assert (await client.get("/readyz")).status_code == 200


async def test_every_answer_has_its_headers(closed, nobody, admin):
    for response in (
        await nobody.get("/v1/suppliers"), await nobody.get("/v1/keys"), await nobody.get("/nothing"), await nobody.patch("/v1/keys"),
        await nobody.get("/healthz"), await nobody.get("/openapi.json"), await nobody.get("/v1/me", headers=bearer("x")),
    ):  # fmt: skip
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors 'none'")
        assert response.headers["cache-control"] == "no-store"
        assert "Authorization" in response.headers["vary"]
        assert "server" not in response.headers
    page = await nobody.get("/docs")
    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_pages_of_the_named_origin_may_ask_and_no_others(closed, nobody, calls):
    asked = {
        "origin": "https://console.example",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "if-match",
    }
    allowed = await nobody.options("/v1/suppliers/x", headers=asked)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://console.example"
    assert "access-control-allow-credentials" not in allowed.headers
    assert (await nobody.get("/v1/suppliers", headers={"origin": "https://console.example"})).headers[
        "access-control-allow-origin"
    ]
    evil = {**asked, "origin": "https://evil.example"}
    assert (await nobody.options("/v1/suppliers/x", headers=evil)).status_code == 400
    assert "access-control-allow-origin" not in (await nobody.get("/v1/suppliers", headers=evil)).headers
    # without the setting there is no CORS at all
    assert (await calls.client.options("/v1/suppliers/x", headers=asked)).status_code == 405
    assert "access-control-allow-origin" not in (await calls.client.get("/v1/suppliers", headers=asked)).headers


async def test_an_open_service_is_admin_to_its_own_machine_only(calls):
    assert (await calls.get("/v1/me")) == {
        "role": "admin", "subject": None, "name": "urn:peyvand:local", "access": "open", "expires_at": None,
    }  # fmt: skip
    for headers in ({"host": "evil.example"}, {"origin": "https://evil.example"}):
        response = await calls.client.post("/v1/suppliers/x/endpoints/y/rotate", headers=headers)
        assert response.status_code == 403


async def test_a_stream_ends_with_its_key(closed, admin, nobody):
    made = await new_key(closed.graph, Role.SUPPLIER, "sup-mine")
    asked = nobody.get("/v1/suppliers/sup-mine/inbox/stream?seconds=60", headers=bearer(made.text), timeout=60)
    running = asyncio.create_task(asked)
    await asyncio.sleep(1)
    assert not running.done()
    await admin.client.delete(f"/v1/keys/{made.row['id']}")
    response = await asyncio.wait_for(running, 30)
    assert response.status_code == 200


async def test_keys_at_the_command_line(closed, nobody, settings, tmp_path):
    code, out, err = await peyvand(
        settings, tmp_path, "keys", "create", "--role", "supplier", "--subject", "sup-mine", "--name", "By hand", "--days", "2"
    )  # fmt: skip
    key = out.strip()
    assert (code, key.startswith("pvk_"), "not shown again" in " ".join(err.split())) == (0, True, True)
    assert (await nobody.get("/v1/suppliers/sup-mine/inbox", headers=bearer(key))).status_code == 200
    key_id = key.split("_")[1]
    code, out, _ = await peyvand(settings, tmp_path, "keys", "list", "--json")
    [row] = [one for one in json.loads(out) if one["id"] == key_id]
    assert (row["state"], row["subject"], row["created_by"]) == ("active", "sup-mine", "urn:peyvand:cli")
    assert key.split("_", 2)[2] not in out
    code, out, _ = await peyvand(settings, tmp_path, "keys", "rotate", key_id, "--overlap-hours", "0", "--json")
    replaced = json.loads(out)["key"]
    assert (await nobody.get("/v1/me", headers=bearer(replaced))).status_code == 200
    code, _, _ = await peyvand(settings, tmp_path, "keys", "revoke", json.loads(out)["id"])
    assert code == 0
    for arguments, says in (
        (["keys", "create", "--role", "agency", "--name", "x"], "needs a subject"),
        (["keys", "create", "--role", "king", "--name", "x"], "king"),
        (["keys", "revoke", "nothing"], "no key"),
    ):
        code, _, err = await peyvand(settings, tmp_path, *arguments)
        assert code in (2, 4)
        assert says in err


@pytest.mark.parametrize("command", [["api"], ["up", "--no-demonstration"]])
async def test_nothing_starts_that_would_be_open_to_others(settings, tmp_path, command):
    opened = settings.model_copy(update={"api_host": "0.0.0.0"})  # noqa: S104 - it is refused
    code, _, err = await peyvand(opened, tmp_path, *command)
    assert code == 2
    assert "PEYVAND_ACCESS=keys" in err
