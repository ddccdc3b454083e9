"""Every cell of the policy's table, by a real request: what is granted works, what is not is refused, all the same way."""

import json

import pytest

from schemas.roles import EVENTS, Grant
from services.access.policy import ROUTES
from services.access.principals import ROLES, Role
from tests.api.doors import MINE, NOBODY, OTHER, REQUESTS, closed_service, demand_of, new_key
from tests.api.records import offer, supplier

pytestmark = pytest.mark.usefixtures("worker")
OWNERS = (Role.AGENCY, Role.SUPPLIER)


@pytest.fixture(scope="module")
async def closed(settings):
    """The app that asks for keys, with two of everything in the graph."""
    async with closed_service(settings) as made:
        yield made


def test_there_is_a_request_for_every_route():
    assert set(REQUESTS) == set(ROUTES)


@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_a_cell(closed, route, role):
    grant = ROUTES[route][role]
    # of what goes by events, a registrar's own are a supplier's
    agency = role is Role.AGENCY and route == ("POST", "/v1/events")
    if agency:
        events = [{"type": "DemandPublished", "data": {"demand": demand_of(MINE)}}]
        response = await closed.clients[role].client.post("/v1/events", json=events)
    else:
        response = await closed.ask(role, route, MINE)
    said = f"{role} {route}: {response.status_code} {response.text[:300]}"
    if grant is Grant.DENIED:
        assert response.status_code == (401 if role is Role.ANONYMOUS else 403), said
        assert response.headers["content-type"] == "application/problem+json"
        assert ("www-authenticate" in response.headers) == (role is Role.ANONYMOUS)
    else:
        assert response.is_success, said


OWN = [(route, role) for route, row in ROUTES.items() for role in OWNERS if row[role] is Grant.OWN]


@pytest.mark.parametrize(("route", "role"), OWN, ids=lambda one: str(one) if isinstance(one, Role) else " ".join(one))
async def test_what_is_anothers_is_as_if_it_were_not_there(closed, route, role):
    other, nobody = await closed.ask(role, route, OTHER), await closed.ask(role, route, NOBODY)
    assert not other.is_success, f"{role} {route}: {other.text[:300]}"
    assert other.status_code == nobody.status_code in (403, 404)
    in_address = (
        "{supplier_id}" in route[1] or "{demand_id}" in route[1] or "{offer_id}" in route[1] or "{job_id}" in route[1]
    )
    assert other.status_code == (404 if in_address else 403)
    assert blurred(other.text, OTHER) == blurred(nobody.text, NOBODY)
    assert set(other.headers) == set(nobody.headers)


def blurred(text: str, side: str) -> str:
    """The text of a problem without the ids that were asked for, and without the path, which has more of them."""
    text = json.dumps({**json.loads(text), "instance": ""})
    for name in ("sup", "dem", "off", "buy"):
        text = text.replace(f"{name}-{side}", name)
    return text


async def test_what_is_anothers_costs_as_much_as_what_is_not_there(closed, monkeypatch):
    asked: list[str] = []
    read = type(closed.graph).read

    async def counted(graph, query, **more):
        asked.append(query)
        return await read(graph, query, **more)

    monkeypatch.setattr(type(closed.graph), "read", counted)
    for role, path in (
        (Role.SUPPLIER, "/v1/suppliers/sup-{}/inbox"), (Role.SUPPLIER, "/v1/suppliers/sup-{}/endpoints"),
        (Role.AGENCY, "/v1/demands/dem-{}/matches"), (Role.AGENCY, "/v1/demands/dem-{}/responses"),
    ):  # fmt: skip
        seen = []
        for side in (OTHER, NOBODY):
            asked.clear()
            assert (await closed.clients[role].client.get(path.format(side))).status_code == 404
            seen.append([query for query in asked if "AccessKey" not in query])
        assert seen[0] == seen[1]


DATA = {
    "SupplierRegistered": lambda side: {"supplier": supplier(f"sup-{side}")},
    "SupplierChanged": lambda side: {"supplier": supplier(f"sup-{side}")},
    "SupplierSuspended": lambda side: {"supplier_id": f"sup-{side}", "reason": "x", "version": 1},
    "SupplierReinstated": lambda side: {"supplier_id": f"sup-{side}", "version": 1},
    "UnitStateChanged": lambda side: {"supplier_id": f"sup-{side}", "state": "active"},
    "ProductRegistered": lambda side: {"offer": offer(f"off-{side}", f"sup-{side}")},
    "ProductChanged": lambda side: {"offer": offer(f"off-{side}", f"sup-{side}")},
    "ProductWithdrawn": lambda side: {"supplier_id": f"sup-{side}", "offer_id": "gone", "version": 1},
    "CapacityReported": lambda side: {"supplier_id": f"sup-{side}", "offer_id": "gone", "capacity": None},
    "DemandPublished": lambda side: {"demand": demand_of(side)},
    "DemandAmended": lambda side: {"demand": demand_of(side)},
    "DemandCancelled": lambda side: {"demand_id": f"dem-{side}", "version": 1},
    "DemandAwarded": lambda side: {
        "demand_id": f"dem-{side}", "award_id": "a", "item_id": "1", "supplier_id": "sup-mine", "cancelled": True,
    },
    "SupplierResponded": lambda side: {
        "supplier_id": f"sup-{side}", "demand_id": "dem-mine", "item_id": "1", "offer_id": "gone", "answer": "interest",
    },
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize("name", EVENTS)
async def test_a_cell_of_events(closed, name, role):
    async def sent(side):
        return await closed.clients[role].client.post("/v1/events", json=[{"type": name, "data": DATA[name](side)}])

    mine, grant = await sent(MINE), EVENTS[name][role]
    if grant is Grant.DENIED:
        assert mine.status_code == (401 if role is Role.ANONYMOUS else 403), mine.text
        return
    assert mine.status_code == 202, mine.text
    if grant is Grant.OWN:
        other, nobody = await sent(OTHER), await sent(NOBODY)
        assert other.status_code in (403, 404)
        assert other.status_code == nobody.status_code
        assert blurred(other.text, OTHER) == blurred(nobody.text, NOBODY)


async def test_a_demand_id_of_another_buyer_cannot_be_taken(closed):
    agency = closed.clients[Role.AGENCY]
    problem = await agency.problem("POST", "/v1/demands", json=demand_of(MINE, "dem-other"))
    assert (problem["status"], problem["type"]) == (409, "urn:peyvand:problem:conflict")
    problem = await agency.problem("PUT", "/v1/demands/dem-other", json=demand_of(MINE, "dem-other"))
    assert problem["status"] == 404
    shown = await agency.get("/v1/demands/dem-other")
    assert shown["demand"]["buyer"]["id"] == "buy-other"


async def test_what_was_just_published_can_be_changed_at_once(closed):
    agency = closed.clients[Role.AGENCY]
    await agency.write("POST", "/v1/demands", demand_of(MINE, "dem-mine-new"))
    await agency.write("POST", "/v1/demands/dem-mine-new/cancel", {"reason": "error"})


async def test_a_batch_is_taken_as_a_whole_or_not_at_all(closed, settings):
    from streams.admin import end_offsets

    before = end_offsets(settings)
    events = [
        {"type": "UnitStateChanged", "data": {"supplier_id": name, "state": "active"}}
        for name in ("sup-mine", "sup-other")
    ]
    problem = await closed.clients[Role.SUPPLIER].problem("POST", "/v1/events", json=events)
    assert problem["status"] == 403
    assert end_offsets(settings) == before


async def test_a_supplier_cannot_take_the_highest_version(closed):
    events = [{"type": "SupplierChanged", "data": {"supplier": supplier("sup-mine"), "version": 2**53}}]
    problem = await closed.clients[Role.SUPPLIER].problem("POST", "/v1/events", json=events)
    assert problem["status"] == 422
    assert "too high" in problem["detail"]


@pytest.mark.parametrize(
    ("source", "status"),
    [("urn:rai:tenders", 202), ("urn:rai", 202), ("urn:peyvand:api", 202), ("urn:rail:x", 403), ("urn:else", 403)],
)
async def test_a_source_belongs_to_its_key(closed, source, status):
    made = await new_key(closed.graph, Role.AGENCY, "buy-mine", source="urn:rai")
    event = {
        "specversion": "1.0", "id": f"src-{source}", "source": source, "type": "ir.peyvand.demand.amended.v1",
        "principal": "urn:peyvand:key:forged", "data": {"demand": demand_of(MINE)},
    }  # fmt: skip
    client = closed.clients[Role.ANONYMOUS].client
    response = await client.post("/v1/events", json=[event], headers={"authorization": f"Bearer {made.text}"})
    assert response.status_code == status, response.text
