"""What the door refuses, and how: every error a problem document, nothing a crash."""

import pytest

from tests.api.records import demand, offer, supplier


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/v1/suppliers/api-none", "supplier"), ("/v1/suppliers/api-none/matches", "supplier"),
        ("/v1/suppliers/api-none/inbox", "supplier"), ("/v1/offers/api-none", "offer"),
        ("/v1/offers/api-none?supplier=api-none", "offer"), ("/v1/demands/api-none", "demand"),
        ("/v1/demands/api-none/matches", "demand"), ("/v1/classes/api-none", "product class"),
        ("/v1/classes?parent=api-none", "product class"), ("/v1/demands/a/items/b/offers/c/explanation", "item"),
    ],
)  # fmt: skip
async def test_what_is_not_there(calls, path, what):
    problem = await calls.problem("GET", path)
    assert problem["status"] == 404
    assert f"no {what} " in problem["detail"]
    assert problem["hint"]


async def test_unknown_paths_and_methods(calls):
    problem = await calls.problem("GET", "/v2/nothing")
    assert (problem["status"], problem["detail"]) == (404, "There is nothing at /v2/nothing.")
    response = await calls.client.request("PATCH", "/v1/demands/x")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, PUT"
    assert response.json()["hint"] == "It takes GET, PUT."
    assert response.json()["type"] == "urn:peyvand:problem:method-not-allowed"


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/demands?limit=0", "limit"), ("/v1/demands?limit=201", "limit"), ("/v1/demands?limit=x", "limit"),
        ("/v1/demands?cursor=zzz", "cursor"), ("/v1/demands?buyer=a&open=true", "open"),
        ("/v1/offers?supplier=a&class=b", "class"), ("/v1/suppliers/a~b", "supplier_id"),
        ("/v1/suppliers/a%00b", "supplier_id"), ("/v1/suppliers/%ED%A0%80%0A", "supplier_id"),
        ("/v1/suppliers/x/matches?kind=some", "kind"), ("/v1/demands/x/matches?per_item=101", "per_item"),
        ("/v1/search?q=", "q"), ("/v1/search", "q"), ("/v1/events/x", "at"), ("/v1/events/x?at=1", "at"),
        ("/v1/events/x?at=dead-letters:0:1", "at"), ("/v1/events/x?at=demand-events:0:99999999999999999999", "at"),
        ("/v1/classes?scheme=CPV", "code"), ("/v1/search?q=x&cursor=WzUwMV0", "cursor"),
    ],
)  # fmt: skip
async def test_parameters_are_checked(calls, path, parameter):
    problem = await calls.problem("GET", path)
    assert problem["status"] == 422
    assert [one["parameter"] for one in problem["errors"]] == [parameter]


async def test_bodies_are_checked_before_anything_is_sent(calls):
    wrong = {**demand("api-wrong"), "titel": "x", "items": [{"id": "1", "title": "t", "quantity": -1}]}
    problem = await calls.problem("POST", "/v1/demands", json=wrong)
    assert problem["status"] == 422
    errors = {one["pointer"]: one for one in problem["errors"]}
    assert errors["#/titel"]["hint"] == "Did you mean 'title'?"
    assert "#/items/0/quantity" in errors


async def test_the_id_of_a_record_is_that_of_the_address(calls):
    for path, body in (
        ("/v1/suppliers/other", supplier("mine")), ("/v1/offers/other", offer("mine", "s")), ("/v1/demands/other", demand("mine")),
    ):  # fmt: skip
        problem = await calls.problem("PUT", path, json=body)
        assert problem["errors"][0]["pointer"] == "#/id"
    problem = await calls.problem("PUT", "/v1/offers/mine?supplier=other", json=offer("mine", "s"))
    assert problem["errors"][0]["pointer"] == "#/supplier_id"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 422),
        (b'{"id": "\\ud800"}', "application/json", 422),
        (b'{"id": "\xff"}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b" " * 1_000_001, "application/json", 413),
    ],
)
@pytest.mark.parametrize("path", ["/v1/demands", "/v1/events", "/v1/suppliers/x/suspend", "/v1/responses"])
async def test_bodies_that_cannot_be_read(calls, path, content, kind, status):
    problem = await calls.problem("POST", path, content=content, headers={"content-type": kind})
    assert problem["status"] == status


async def test_a_query_with_every_kind_of_character_is_only_a_search(calls):
    for text in ('") OR (*:*', "\x00", "AND", "~", "a" * 400, "😀", "\u200c"):
        assert "items" in await calls.get("/v1/search", q=text)


async def test_a_fault_in_the_code_is_a_problem_without_a_trace(app, calls, monkeypatch):
    async def broken(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr("graph.reads.suppliers.suppliers", broken)
    problem = await calls.problem("GET", "/v1/suppliers")
    assert problem["status"] == 500
    assert "secret" not in str(problem)
    assert "Traceback" not in str(problem)


async def test_the_index_leads_to_what_there_is(calls):
    index = await calls.get("/")
    for name in (
        "demands",
        "suppliers",
        "offers",
        "classes",
        "openapi",
        "documentation",
        "healthz",
        "readyz",
        "metrics",
    ):
        assert (await calls.client.get(index["links"][name])).status_code == 200, name


async def test_classes_can_be_walked_and_found_by_foreign_codes(calls):
    roots = await calls.all_pages("/v1/classes", parent="root", limit=3)
    assert roots
    assert all(root["broader"] == [] for root in roots)
    everything = [row["id"] for row in await calls.all_pages("/v1/classes", limit=200)]
    assert everything == sorted(set(everything))
    shown = await calls.get("/v1/classes/k-brake-block")
    assert shown["trail"][-1]["id"] == "k-brake-block"
    below = await calls.all_pages("/v1/classes", parent=shown["broader"][0])
    assert "k-brake-block" in [row["id"] for row in below]
    [scheme, codes] = (
        next((s, c) for s, c in shown["codes"].items() if c) if any(shown["codes"].values()) else ["HS", ["8607.21"]]
    )
    found = await calls.get("/v1/classes", scheme=scheme, code=codes[0])
    assert found["items"]
