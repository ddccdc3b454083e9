"""Peyvand at a broker with SASL, TLS and ACLs: what the printed ACLs allow suffices, and no outsider gets further."""

import asyncio
import os
import re
import subprocess
import sys

import httpx
import pytest
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePattern, ResourceType

from schemas.envelope import wrap
from schemas.errors import UnavailableError
from schemas.suppliers import SupplierRegistered
from services.api.app import create_app
from streams.acls import commands
from streams.admin import admin, create_topics
from streams.publish import KafkaPublisher, publish
from tests.api.calls import Calls
from tests.api.records import demand, offer, supplier
from tests.service import environment
from tests.streams.closed_kafka import start, stop

KINDS = {"worker": "worker", "api": "api", "rai": "agency"}
LINE = re.compile(r"--allow-principal (\S+) ((?:--operation \w+ ?)+)--(topic|group|cluster) ?(\S*)$")


def acls_of(line: str) -> list[ACL]:
    """The ACLs that a printed command makes."""
    principal, operations, resource, name = LINE.search(line).groups()
    pattern = ResourcePattern(ResourceType[resource.upper()], name or "kafka-cluster", ACLResourcePatternType.LITERAL)
    names = (re.sub(r"(?<!^)(?=[A-Z])", "_", one).upper() for one in re.findall(r"--operation (\w+)", operations))
    return [ACL(principal, "*", ACLOperation[one], ACLPermissionType.ALLOW, pattern) for one in names]


@pytest.fixture(scope="module")
async def closed(stack_settings, tmp_path_factory):
    """The broker with topics and ACLs, and the settings of each user by name."""
    from tests.service import empty_service

    graph_settings = await empty_service(stack_settings)
    broker, by_admin = start(tmp_path_factory.mktemp("closed"))
    kafka = {name: getattr(by_admin, name) for name in type(by_admin).model_fields if name.startswith("kafka_")}
    kafka["kafka_partitions"] = 4
    settings = graph_settings.model_copy(update=kafka)
    try:
        create_topics(settings)
        with admin(settings) as client:
            for user, kind in KINDS.items():
                made = [one for line in commands(settings, kind, f"User:{user}") for one in acls_of(line)]
                client.create_acls(made)
        secret = type(settings.kafka_password)
        yield {
            user: settings.model_copy(update={"kafka_username": user, "kafka_password": secret(f"{user}-secret")})
            for user in ("admin", "worker", "api", "rai", "stranger")
        }
    finally:
        stop(broker)


@pytest.fixture(scope="module")
def worker(closed, tmp_path_factory):
    """A worker that runs, and its log."""
    folder = tmp_path_factory.mktemp("worker")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "worker", "--slot", "1"],
            env={**os.environ, **environment(closed["worker"]), "PEYVAND_LOG_LEVEL": "info"}, cwd=folder, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    yield folder / "log"
    process.terminate()
    process.wait(15)


async def test_workers_api_and_an_agency_get_by_with_what_they_are_allowed(closed, worker):
    app = create_app(closed["api"])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=30) as client,
    ):
        calls = Calls(client)
        assert (await client.get("/readyz")).status_code == 200
        accepted = [await calls.write("POST", "/v1/suppliers", supplier("acl-s"))]
        accepted.append(await calls.write("POST", "/v1/offers", offer("acl-o", "acl-s")))
        await calls.matched(*accepted, seconds=150)
        agency = KafkaPublisher(closed["rai"])
        await publish(agency, [wrap_demand("acl-d")])
        await agency.stop()
        for _ in range(300):
            inbox = await calls.get("/v1/suppliers/acl-s/inbox")
            if inbox["items"]:
                break
            await asyncio.sleep(0.2)
        assert [one["kind"] for one in inbox["items"]] == ["MatchFound"], worker.read_text()[-2000:]
        assert "peyvand_lag_events" in (await client.get("/metrics")).text


def wrap_demand(demand_id):
    from schemas.demands import DemandPublished

    return wrap(DemandPublished.model_validate({"version": 1, "demand": demand(demand_id)}), source="urn:rai:tenders")


async def refused(settings, event) -> str:
    publisher = KafkaPublisher(settings, timeout_seconds=8)
    try:
        with pytest.raises(UnavailableError) as caught:
            await publish(publisher, [event])
    finally:
        await publisher.stop()
    return caught.value.detail


async def test_nobody_writes_where_they_may_not(closed):
    registered = wrap(SupplierRegistered.model_validate({"supplier": supplier("acl-x")}), source="urn:rai:x")
    await refused(closed["rai"], registered)
    await refused(closed["stranger"], wrap_demand("acl-y"))
    wrong = closed["rai"].model_copy(update={"kafka_password": type(closed["rai"].kafka_password)("guess")})
    await refused(wrong, wrap_demand("acl-z"))
    plain = closed["rai"].model_copy(update={"kafka_security_protocol": "PLAINTEXT"})
    await refused(plain, wrap_demand("acl-z"))
    untrusted = closed["rai"].model_copy(update={"kafka_ca_file": None})
    await refused(untrusted, wrap_demand("acl-z"))


async def test_an_agency_reads_nobodys_news(closed):
    from aiokafka import AIOKafkaConsumer, TopicPartition
    from aiokafka.errors import KafkaError

    from streams.security import client_arguments

    consumer = AIOKafkaConsumer(**client_arguments(closed["rai"]), enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([TopicPartition("match-events", 0)])
        consumer.seek(TopicPartition("match-events", 0), 0)
        with pytest.raises((KafkaError, TimeoutError)):
            await asyncio.wait_for(consumer.getone(), 8)
    finally:
        await consumer.stop()
