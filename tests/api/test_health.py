"""Health, readiness, metrics, and what is answered while the servers are away."""

import re

import httpx
import pytest

from schemas.errors import UnavailableError
from services.api import health
from services.api.app import create_app
from services.local.ports import free_ports
from tests.api.calls import Calls
from tests.api.records import demand, supplier


async def test_all_is_well(calls):
    assert (await calls.get("/healthz"))["status"] == "ok"
    assert (await calls.get("/readyz"))["topics"] == 6


async def test_metrics_count_by_route_and_tell_the_lag(calls):
    await calls.get("/v1/demands")
    await calls.client.get("/v1/demands/api-nothing")
    await calls.client.get("/nowhere")
    sent = await calls.write("POST", "/v1/suppliers", supplier("api-lag-s"))
    assert sent["at"].startswith("supplier-events:")
    said = (await calls.client.get("/metrics")).text
    assert 'peyvand_http_requests_total{method="GET",route="/v1/demands",status="200"} 1.0' in said
    assert 'peyvand_http_requests_total{method="GET",route="/v1/demands/{demand_id}",status="404"} 1.0' in said
    assert 'peyvand_http_requests_total{method="GET",route="none",status="404"} 1.0' in said
    assert 'peyvand_http_request_seconds_count{method="POST",route="/v1/suppliers"} 1.0' in said
    assert 'peyvand_lag_events{topic="supplier-events"} 1.0' in said
    assert 'peyvand_lag_events{topic="demand-events"} 0.0' in said
    assert 'peyvand_up{server="neo4j"} 1.0' in said
    assert 'peyvand_up{server="kafka"} 1.0' in said
    assert 'peyvand_graph{what="suppliers"} 0.0' in said
    for name in ("outbox_rows", "deliveries_waiting", "deliveries_age_seconds", "endpoints_failing", "workers"):
        assert f"peyvand_{name} 0.0" in said
    assert "peyvand_dead_letters 0.0" in said


async def test_answers_while_both_servers_are_away(settings):
    kafka, neo4j = free_ports(2)
    away = settings.model_copy(
        update={"kafka_bootstrap_servers": f"127.0.0.1:{kafka}", "neo4j_uri": f"bolt://127.0.0.1:{neo4j}"}
    )
    app = create_app(away, deadline=2.0)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=30) as client:
            calls = Calls(client)
            assert (await calls.get("/healthz"))["status"] == "ok"
            assert (await calls.get("/v1/classes", parent="root"))["items"]
            for method, path, body in (
                ("GET", "/v1/demands", None),
                ("GET", "/readyz", None),
                ("POST", "/v1/demands", demand("api-away")),
                ("POST", "/v1/demands", {**demand("api-away"), "version": 3}),
            ):
                response = await client.request(method, path, **({"json": body} if body else {}))
                assert response.status_code == 503, (path, response.text)
                assert int(response.headers["retry-after"]) > 0
                assert response.json()["type"] == "urn:peyvand:problem:unavailable"


async def test_a_missing_topic_is_not_ready(app, monkeypatch):
    monkeypatch.setattr(health, "known_topics", lambda _: ["demand-events"])
    with pytest.raises(UnavailableError, match="no topic supplier-events") as caught:
        await health.Readiness().check(app.state.services)
    assert "peyvand topics create" in caught.value.hint


async def test_documents_are_served(calls):
    assert (await calls.client.get("/openapi.json")).status_code == 200
    page = (await calls.client.get("/docs")).text
    wanted = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert len([one for one in wanted if one.startswith("/")]) >= 2
    for one in wanted:
        assert one.startswith(("/", "data:")), "the page asks another host"
        if one.startswith("/"):
            assert (await calls.client.get(one)).status_code == 200, one
