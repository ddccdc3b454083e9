"""Every request example of the documentation is taken as it stands, and becomes graph."""

import pytest

from schemas.settings import Settings
from services.api.app import create_app

DOCUMENT = create_app(Settings()).openapi()
IDS = {"supplier_id": "sup-azar-friction", "offer_id": "off-k-block", "demand_id": "dem-2027-0041", "unit_id": "main"}
REQUESTS = [
    (method, path, name, example["value"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if "requestBody" in operation and "202" in operation["responses"]
    if "application/json" in operation["requestBody"]["content"]  # tests/api/test_bulk.py sends the tables
    for name, example in operation["requestBody"]["content"]["application/json"]["examples"].items()
]


def test_every_write_has_an_example():
    writes = {
        (method, path)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if "requestBody" in operation and "202" in operation["responses"]
        if "application/json" in operation["requestBody"]["content"]
    }
    assert len(writes) >= 14
    assert {(method, path) for method, path, *_ in REQUESTS} == writes
    assert len(REQUESTS) >= len(writes)


@pytest.mark.usefixtures("worker")
async def test_every_example_is_taken_and_matched(calls):
    order = {"post": 0, "put": 1}
    first = {"/v1/suppliers": -3, "/v1/offers": -2, "/v1/demands": -1}
    rank = sorted(REQUESTS, key=lambda one: (first.get(one[1], 0), order[one[0]], one[1]))
    accepted = []
    for method, path, name, body in rank:
        query = {"supplier": IDS["supplier_id"]} if "/offers" in path else {}
        sent = await calls.write(method.upper(), path.format(**IDS), body, **query)
        assert sent, (path, name)
        accepted += sent if isinstance(sent, list) else sent.get("events", [sent])
    await calls.matched(*accepted)
    assert (await calls.get(f"/v1/suppliers/{IDS['supplier_id']}"))["suspended"] in (True, False)
    assert (await calls.get(f"/v1/offers/{IDS['offer_id']}"))["supplier_id"] == IDS["supplier_id"]
    assert (await calls.get(f"/v1/demands/{IDS['demand_id']}"))["id"] == IDS["demand_id"]
