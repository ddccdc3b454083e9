"""A service whose access is by keys, with two of everything, and a request for each route of the policy's table."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from graph.delivery import endpoints as endpoint_store
from graph.delivery import log as delivery_log
from graph.driver import Graph
from schemas.delivery import Endpoint
from schemas.settings import Settings
from services.access import issuing
from services.access.issuing import COMMAND_LINE, By
from services.access.keys import NewKey
from services.access.principals import ROLES, Role
from services.api.app import create_app
from tests.api.calls import Calls
from tests.api.records import demand, offer, supplier

MINE, OTHER, NOBODY = "mine", "other", "nobody"
_NUMBER = itertools.count(1)


@dataclass
class Case:
    """One request: path, and what goes with it; `table` is a body of CSV."""

    path: str
    json: Any = None
    query: dict[str, str] = field(default_factory=dict)
    table: str | None = None


@dataclass
class Closed:
    """Clients by role, and ids by side: `mine` is of the agency and the supplier that ask, `other` of others."""

    clients: dict[Role, Calls]
    graph: Graph
    role: Role = Role.ADMIN
    """Who asks now."""

    def supplier(self, side: str) -> str:
        return f"sup-{side}"

    def buyer(self, side: str) -> str:
        return f"buy-{side}"

    def demand(self, side: str) -> str:
        return f"dem-{side}"

    def offer(self, side: str) -> str:
        return f"off-{side}"

    async def endpoint(self, side: str) -> str:
        """A new endpoint of the side's supplier; an id that is not there when the supplier is not."""
        wish = Endpoint.model_validate({"kind": "webhook", "address": "https://hooks.example.com/x"})
        for row in await endpoint_store.endpoints(self.graph, self.supplier(side)):
            await endpoint_store.remove_endpoint(self.graph, self.supplier(side), row["id"])
        made = await endpoint_store.add_endpoint(self.graph, self.supplier(side), wish, f"ep-{side}-{next(_NUMBER)}")
        return made["id"] if made else "ep-nobody"

    async def delivery(self, side: str) -> tuple[str, str]:
        """An endpoint with a delivery."""
        endpoint = await self.endpoint(side)
        made = await delivery_log.ping(self.graph, self.supplier(side), endpoint, "2026-11-24T08:00:00Z")
        return endpoint, made or "none"

    async def key(self) -> str:
        """The id of a new key."""
        return (await new_key(self.graph, Role.TASK_FORCE)).row["id"]

    async def ask(self, role: Role, route: tuple[str, str], side: str) -> httpx.Response:
        """Send the route's request as a role, about the things of a side."""
        self.role = role
        case = await REQUESTS[route](self, side)
        arguments: dict[str, Any] = {"params": case.query or None}
        if case.json is not None:
            arguments["json"] = case.json
        if case.table is not None:
            arguments |= {"content": case.table, "headers": {"content-type": "text/csv"}}
        return await self.clients[role].client.request(route[0], case.path, **arguments)


async def new_key(graph: Graph, role: Role, subject: str | None = None, **more: Any):
    """A key, made as the command line makes it."""
    wish = NewKey(name=f"test {role.value}", role=role, subject=subject, **more)
    return await issuing.issue(graph, wish, By(COMMAND_LINE, "test"))


async def clients_of(app, graph: Graph) -> dict[Role, Calls]:
    """A client per role, the agency's and the supplier's for the side `mine`."""
    subjects = {Role.AGENCY: "buy-mine", Role.SUPPLIER: "sup-mine"}
    made: dict[Role, Calls] = {}
    for role in ROLES:
        headers = {}
        if role is not Role.ANONYMOUS:
            key = await new_key(graph, role, subjects.get(role))
            headers = {"authorization": f"Bearer {key.text}"}
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        made[role] = Calls(
            httpx.AsyncClient(transport=transport, base_url="http://api.test", timeout=30, headers=headers)
        )
    return made


@contextlib.asynccontextmanager
async def closed_service(settings: Settings, **more: Any) -> AsyncIterator[Closed]:
    """An app that asks for keys and limits nobody, with a client per role and two of everything in the graph."""
    keys = {"access": "keys", "rate_per_second": 0, "anonymous_rate_per_second": 0, **more}
    app = create_app(settings.model_copy(update=keys))
    async with app.router.lifespan_context(app):
        graph = app.state.services.graph
        clients = await clients_of(app, graph)
        await filled(clients[Role.ADMIN])
        yield Closed(clients, graph)
        for calls in clients.values():
            await calls.client.aclose()


async def filled(admin: Calls) -> None:
    """Two suppliers with an offer each, two buyers with a demand each, matched."""
    accepted = []
    for side in (MINE, OTHER):
        more = {"email": f"{side}@example.com", "owner": "Holding", "phone": "021"}
        accepted.append(await admin.write("POST", "/v1/suppliers", supplier(f"sup-{side}", **more)))
        accepted.append(await admin.write("POST", "/v1/offers", offer(f"off-{side}", f"sup-{side}")))
        accepted.append(await admin.write("POST", "/v1/demands", demand_of(side)))
    await admin.matched(*accepted)


def demand_of(side: str, demand_id: str | None = None) -> dict[str, Any]:
    """A demand of the side's buyer."""
    return demand(
        demand_id or f"dem-{side}", buyer={"id": f"buy-{side}", "name": f"Buyer {side}"}, contact="tender@buyer.example"
    )


def fixed(
    path: str, body: Callable[[Closed, str], Any] | None = None, **query: str
) -> Callable[[Closed, str], Awaitable[Case]]:
    """A request by a path whose placeholders are names of `Closed`'s methods."""

    async def make(world: Closed, side: str) -> Case:
        values = {name: getattr(world, name)(side) for name in ("supplier", "demand", "offer")}
        if "{endpoint}" in path:
            values["endpoint"] = await world.endpoint(side)
        if "{key}" in path:
            values["key"] = await world.key()
        asked = {name: value.format(**values) for name, value in query.items()}
        return Case(path.format(**values), body(world, side) if body else None, asked)

    return make


async def _replay(world: Closed, side: str) -> Case:
    endpoint, delivery = await world.delivery(side)
    return Case(f"/v1/suppliers/{world.supplier(side)}/endpoints/{endpoint}/deliveries/{delivery}/replay")


async def _table(world: Closed, side: str) -> Case:
    table = f"supplier id,offer id,title\n{world.supplier(side)},{world.offer(side)},Composite brake block\n"
    return Case("/v1/bulk/offers", query={"dry_run": "true"}, table=table)


def _job(after: str = "") -> Callable[[Closed, str], Awaitable[Case]]:
    """An import of whoever asks, of somebody else, or of nobody."""

    async def make(world: Closed, side: str) -> Case:
        if side == NOBODY:
            return Case(f"/v1/bulk/imports/2c1f5c7e-0000-4000-8000-000000000000{after}")
        by = world.role if side == MINE and world.role not in (Role.ANONYMOUS, Role.TASK_FORCE) else Role.ADMIN
        case = await _table(world, side)
        ordered = await world.clients[by].client.post(
            case.path, params=case.query, content=case.table, headers={"content-type": "text/csv"}
        )
        for _ in range(200):  # one import of a principal after the other
            if (await world.clients[by].get(ordered.json()["status"]))["state"] == "done":
                break
            await asyncio.sleep(0.05)
        return Case(f"/v1/bulk/imports/{ordered.json()['id']}{after}")

    return make


HOOK = {"kind": "webhook", "address": "https://hooks.example.com/peyvand"}
DRAFT = {"items": [{"title": "composite brake block"}]}
UNIT = {"state": "active"}


def _award(world: Closed, side: str) -> dict[str, Any]:
    return {
        "award_id": "a-1",
        "item_id": "1",
        "supplier_id": world.supplier(side),
        "complete": False,
        "cancelled": True,
    }


def _answer(world: Closed, side: str) -> dict[str, Any]:
    return {
        "supplier_id": world.supplier(side), "demand_id": "dem-mine", "item_id": "1", "offer_id": world.offer(side),
        "answer": "interest",
    }  # fmt: skip


def _record(side: str) -> dict[str, Any]:
    return supplier(f"sup-{side}", email=f"{side}@example.com", owner="Holding", phone="021")


def _unit_event(side: str) -> list[dict[str, Any]]:
    return [{"type": "UnitStateChanged", "data": {"supplier_id": f"sup-{side}", "state": "active"}}]


def _release(side: str) -> dict[str, Any]:
    """The side's demand as an OCDS release."""
    return {
        "ocid": f"ocds-213czf-dem-{side}", "id": "r1", "date": "2026-11-20T08:00:00Z", "tag": ["tender"],
        "buyer": {"id": f"buy-{side}", "name": f"Buyer {side}"},
        "tender": {
            "id": "1", "title": "Brake blocks", "items": [{"id": "1", "description": "brake block", "quantity": 1}],
        },
    }  # fmt: skip


OFFERS = {"supplier": "{supplier}"}
S, E = "/v1/suppliers/{supplier}", "/v1/suppliers/{supplier}/endpoints/{endpoint}"
D, O = "/v1/demands/{demand}", "/v1/offers/{offer}"  # noqa: E741 - an offer
REQUESTS: dict[tuple[str, str], Callable[[Closed, str], Awaitable[Case]]] = {
    ("GET", "/"): fixed("/"),
    ("GET", "/healthz"): fixed("/healthz"),
    ("GET", "/readyz"): fixed("/readyz"),
    ("GET", "/metrics"): fixed("/metrics"),
    ("GET", "/docs"): fixed("/docs"),
    ("GET", "/v1/me"): fixed("/v1/me"),
    ("GET", "/v1/keys"): fixed("/v1/keys"),
    ("POST", "/v1/keys"): fixed("/v1/keys", lambda *_: {"name": "x", "role": "task_force", "days": 1}),
    ("GET", "/v1/keys/{key_id}"): fixed("/v1/keys/{key}"),
    ("POST", "/v1/keys/{key_id}/rotate"): fixed("/v1/keys/{key}/rotate", lambda *_: {}),
    ("DELETE", "/v1/keys/{key_id}"): fixed("/v1/keys/{key}"),
    ("GET", "/v1/audit-log"): fixed("/v1/audit-log"),
    ("GET", "/v1/demands"): fixed("/v1/demands"),
    ("POST", "/v1/demands"): fixed("/v1/demands", lambda _, side: demand_of(side)),
    ("POST", "/v1/demands/simulate"): fixed("/v1/demands/simulate", lambda *_: DRAFT),
    ("GET", "/v1/demands/{demand_id}"): fixed(D),
    ("PUT", "/v1/demands/{demand_id}"): fixed(D, lambda _, side: demand_of(side)),
    ("POST", "/v1/demands/{demand_id}/cancel"): fixed(D + "/cancel", lambda *_: {"version": 1}),
    ("POST", "/v1/demands/{demand_id}/awards"): fixed(D + "/awards", _award),
    ("GET", "/v1/demands/{demand_id}/matches"): fixed(D + "/matches"),
    ("GET", "/v1/demands/{demand_id}/audit"): fixed(D + "/audit"),
    ("GET", "/v1/demands/{demand_id}/responses"): fixed(D + "/responses"),
    ("GET", "/v1/demands/{demand_id}/items/{item_id}/equivalents"): fixed(D + "/items/1/equivalents"),
    ("GET", "/v1/demands/{demand_id}/items/{item_id}/consortium"): fixed(D + "/items/1/consortium"),
    ("GET", "/v1/demands/{demand_id}/items/{item_id}/offers/{offer_id}/explanation"): fixed(
        D + "/items/1/offers/{offer}/explanation", **OFFERS
    ),
    ("GET", "/v1/needs"): fixed("/v1/needs"),
    ("POST", "/v1/bulk/{kind}"): _table,
    ("GET", "/v1/bulk/imports/{job_id}"): _job(),
    ("GET", "/v1/bulk/imports/{job_id}/rows"): _job("/rows"),
    ("POST", "/v1/ocds/releases"): fixed("/v1/ocds/releases", lambda _, side: _release(side)),
    ("GET", "/v1/ocds/releases/{ocid}"): fixed("/v1/ocds/releases/ocds-213czf-{demand}"),
    ("GET", "/v1/ocds/records/{ocid}"): fixed("/v1/ocds/records/ocds-213czf-{demand}"),
    ("GET", "/v1/ocds/extension/{name}"): fixed("/v1/ocds/extension/extension.json"),
    ("GET", "/v1/suppliers"): fixed("/v1/suppliers"),
    ("POST", "/v1/suppliers"): fixed("/v1/suppliers", lambda _, side: _record(side)),
    ("GET", "/v1/suppliers/{supplier_id}"): fixed(S),
    ("PUT", "/v1/suppliers/{supplier_id}"): fixed(S, lambda _, side: _record(side)),
    ("POST", "/v1/suppliers/{supplier_id}/suspend"): fixed(S + "/suspend", lambda *_: {"reason": "x", "version": 1}),
    ("POST", "/v1/suppliers/{supplier_id}/reinstate"): fixed(S + "/reinstate", lambda *_: {"version": 1}),
    ("POST", "/v1/suppliers/{supplier_id}/units/{unit_id}/state"): fixed(S + "/units/main/state", lambda *_: UNIT),
    ("GET", "/v1/suppliers/{supplier_id}/matches"): fixed(S + "/matches"),
    ("GET", "/v1/suppliers/{supplier_id}/inbox"): fixed(S + "/inbox"),
    ("GET", "/v1/suppliers/{supplier_id}/inbox/stream"): fixed(S + "/inbox/stream", seconds="1"),
    ("POST", "/v1/suppliers/{supplier_id}/inbox/read"): fixed(S + "/inbox/read", lambda *_: {"seq": -1}),
    ("GET", "/v1/suppliers/{supplier_id}/preferences"): fixed(S + "/preferences"),
    ("PUT", "/v1/suppliers/{supplier_id}/preferences"): fixed(S + "/preferences", lambda *_: {}),
    ("GET", "/v1/suppliers/{supplier_id}/endpoints"): fixed(S + "/endpoints"),
    ("POST", "/v1/suppliers/{supplier_id}/endpoints"): fixed(S + "/endpoints", lambda *_: HOOK),
    ("GET", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}"): fixed(E),
    ("PUT", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}"): fixed(E, lambda *_: HOOK),
    ("DELETE", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}"): fixed(E),
    ("POST", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/rotate"): fixed(E + "/rotate"),
    ("POST", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/ping"): fixed(E + "/ping"),
    ("GET", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/deliveries"): fixed(E + "/deliveries"),
    ("POST", "/v1/suppliers/{supplier_id}/endpoints/{endpoint_id}/deliveries/{delivery_id}/replay"): _replay,
    ("POST", "/v1/recommend"): fixed("/v1/recommend", lambda *_: DRAFT),
    ("GET", "/v1/offers"): fixed("/v1/offers"),
    ("POST", "/v1/offers"): fixed("/v1/offers", lambda w, side: offer(w.offer(side), w.supplier(side))),
    ("GET", "/v1/offers/{offer_id}"): fixed(O, **OFFERS),
    ("PUT", "/v1/offers/{offer_id}"): fixed(O, lambda w, side: offer(w.offer(side), w.supplier(side)), **OFFERS),
    ("DELETE", "/v1/offers/{offer_id}"): fixed("/v1/offers/gone-{offer}", **OFFERS),
    ("POST", "/v1/offers/{offer_id}/capacity"): fixed(
        O + "/capacity", lambda *_: {"capacity": None, "version": 1}, **OFFERS
    ),
    ("POST", "/v1/responses"): fixed("/v1/responses", _answer),
    ("POST", "/v1/events"): fixed("/v1/events", lambda _, side: _unit_event(side)),
    ("GET", "/v1/events/{event_id}"): fixed("/v1/events/x", at="demand-events:0:1"),
    ("GET", "/v1/classes"): fixed("/v1/classes"),
    ("GET", "/v1/classes/{class_id}"): fixed("/v1/classes/k-brake-block"),
    ("GET", "/v1/search"): fixed("/v1/search", q="brake"),
    ("POST", "/v1/classify"): fixed("/v1/classify", lambda *_: {"title": "brake block"}),
}
