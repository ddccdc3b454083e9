"""Unmet needs, consortia and equivalents of imports over HTTP, from the demand's publication to its end."""

import pytest

from graph.checksum import checksum
from graph.driver import Graph
from streams.rebuild import rebuild
from tests.api.records import demand, offer, supplier
from tests.service import caught_up

pytestmark = pytest.mark.usefixtures("worker")
ITEM = demand("x")["items"][0]


def monthly(quantity):
    return {"quantity": quantity, "unit": "pcs", "per": "month"}


def wanted(demand_id, **more):
    return demand(demand_id, items=[{**ITEM, **more}])


def named(title, **more):
    """An item that only its title and import tell of."""
    return {"id": "1", "title": title, "quantity": 10, "unit": "pcs", **more}


async def item_of(calls, demand_id):
    [item] = (await calls.get(f"/v1/demands/{demand_id}/matches"))["items"]
    return item


@pytest.fixture(scope="module")
async def makers(calls, worker):
    """Two makers with some 13,000 pieces free until the end of June 2027, one that does not state its capacity."""
    accepted = []
    for name, capacity in (("need-a", monthly(2000)), ("need-b", monthly(1900)), ("need-c", None)):
        accepted.append(await calls.write("POST", "/v1/suppliers", supplier(name)))
        accepted.append(await calls.write("POST", "/v1/offers", offer(f"off-{name}", name, capacity=capacity)))
    await calls.matched(*accepted)


async def test_two_that_each_lack_the_quantity_are_a_consortium_and_no_match(calls, makers):
    await calls.done("POST", "/v1/demands", wanted("need-large", quantity=20_000))
    item = await item_of(calls, "need-large")
    assert item["matches"] == []
    assert item["need"]["state"] == "open"
    assert {(c["kind"], c["finding"], c["suppliers"]) for c in item["need"]["causes"]} == {
        ("capacity", "not_met", 2), ("capacity", "silent", 1),
    }  # fmt: skip
    found = item["consortium"]
    assert (found["outcome"], found["short"], found["unstated"]) == ("together", 2, 1)
    assert {each["supplier_id"] for each in found["members"]} == {"need-a", "need-b"}
    assert sum(each["quantity"] for each in found["members"]) == 20_000
    assert "No single offer" in found["words"]["en"]
    assert "کنسرسیوم" in found["words"]["fa"]
    assert await calls.get("/v1/demands/need-large/items/1/consortium") == found


async def test_a_single_offer_that_has_it_solves_the_need_and_leaves_no_consortium(calls, makers):
    await calls.done("POST", "/v1/demands", wanted("need-small", quantity=5_000))
    item = await item_of(calls, "need-small")
    assert (item["need"], item["consortium"]) == ({"state": "solved", "causes": []}, None)
    assert {each["supplier_id"] for each in item["matches"]} == {"need-a", "need-b"}


async def test_what_is_awarded_or_declined_is_not_counted_on_again(calls, makers):
    await calls.done("POST", "/v1/demands", wanted("need-first", quantity=9_000))
    award = {
        "award_id": "need-award", "item_id": "1", "supplier_id": "need-a", "offer_id": "off-need-a", "quantity": 9_000,
    }  # fmt: skip
    await calls.done("POST", "/v1/demands/need-first/awards", award)
    await calls.done("POST", "/v1/demands", wanted("need-second", quantity=20_000))
    found = (await item_of(calls, "need-second"))["consortium"]
    assert (found["outcome"], found["members"]) == ("short", [])
    assert 0.7 < found["covered"] < 0.95
    await calls.done("POST", "/v1/demands/need-first/awards", {**award, "version": 2, "cancelled": True})
    assert (await item_of(calls, "need-second"))["consortium"]["outcome"] == "together"
    declined = {
        "supplier_id": "need-b", "demand_id": "need-second", "item_id": "1",
        "offer_id": "off-need-b", "answer": "decline", "reason": "other",
    }  # fmt: skip
    await calls.done("POST", "/v1/responses", declined)
    found = (await item_of(calls, "need-second"))["consortium"]
    assert (found["outcome"], found["short"]) == ("short", 1)
    assert await calls.get("/v1/demands/need-second/items/1/consortium") == found


async def test_an_import_opens_a_need_until_somebody_says_that_he_replaces_it(calls, makers):
    imported = {
        "brand": "Quorl", "part_numbers": ["QX 4711-9"], "origin": "DE", "unit_value": {"amount": 20, "currency": "EUR"},
    }  # fmt: skip
    await calls.done("POST", "/v1/demands", demand("need-import", items=[named("Zubehör Quorl", imported=imported)]))
    found = await calls.get("/v1/demands/need-import/items/1/equivalents")
    assert (found["unmet"], found["origin"], found["part_numbers"]) == (True, "DE", ["QX 4711-9"])
    assert [each["kind"] for each in found["causes"]] == ["not_understood"]
    [row] = await calls.all_pages("/v1/needs", imported=True)
    assert (row["key"], row["state"], row["value"]) == ("need-import~1", "open", {"amount": 200, "currency": "EUR"})
    assert row["imported"]["brand"] == "Quorl"
    replaces = {
        "title": "آبسازه ویژه",
        "classifications": [],
        "standards": [],
        "description": "جایگزین Quorl QX-4711/9",
    }
    await calls.done("POST", "/v1/offers", offer("off-replaces", "need-a", **replaces))
    found = await calls.get("/v1/demands/need-import/items/1/equivalents")
    assert not found["unmet"]
    assert found["capable"][0]["evidence"][0] == "carries or replaces the imported number QX 4711-9"
    assert await calls.all_pages("/v1/needs", imported=True) == []
    assert (await item_of(calls, "need-import"))["need"]["state"] == "solved"
    await calls.done("DELETE", "/v1/offers/off-replaces")
    assert [each["key"] for each in await calls.all_pages("/v1/needs", imported=True)] == ["need-import~1"]


async def test_a_need_closes_with_its_demand(calls, makers):
    await calls.done("POST", "/v1/demands", demand("need-gone", items=[named("Zubehör Quorl")]))
    assert "need-gone~1" in {each["key"] for each in await calls.all_pages("/v1/needs", limit=1)}
    await calls.done("POST", "/v1/demands/need-gone/cancel", {"reason": "budget"})
    assert "need-gone~1" not in {each["key"] for each in await calls.all_pages("/v1/needs", limit=1)}
    item = await item_of(calls, "need-gone")
    assert (item["need"], item["consortium"]) == ({"state": "closed", "causes": []}, None)


async def test_the_list_of_needs_is_what_the_matches_say_also_after_a_rebuild(calls, settings, app, makers):
    listed = await calls.all_pages("/v1/needs", limit=2)
    items = {
        f"{one['id']}~{item['id']}": item
        for one in [await calls.get(f"/v1/demands/{row['id']}") for row in await calls.all_pages("/v1/demands")]
        for item in one["items"]
    }
    assert [each["key"] for each in listed] == sorted(
        key for key, item in items.items() if item["state"] != "closed" and not item["matches"]
    )
    graph = Graph(settings)
    try:
        assert await caught_up(settings, graph) == 0
        before = await checksum(graph)
        result = await rebuild(settings, graph, app.state.services.publisher, lambda *_: None)
        assert result.after == before
    finally:
        await graph.close()
    assert await calls.all_pages("/v1/needs", limit=2) == listed
