"""The road of a demand through the HTTP door: written, matched, told, changed, withdrawn."""

import pytest

from tests.api.calls import Calls
from tests.api.records import demand, offer, supplier

pytestmark = pytest.mark.usefixtures("worker")


async def registered(calls: Calls, name: str, **more) -> None:
    """A supplier and an offer, both named after the test."""
    await calls.write("POST", "/v1/suppliers", supplier(f"api-{name}-s"))
    await calls.done("POST", "/v1/offers", offer(f"api-{name}-o", f"api-{name}-s", **more))


async def outcome(calls: Calls, name: str) -> dict[str, str]:
    """match or near_miss by offer, of the demand's one item."""
    [item] = (await calls.get(f"/v1/demands/api-{name}-d/matches", per_item=100))["items"]
    said = {one["offer_id"]: "match" for one in item["matches"]}
    return said | {one["offer_id"]: "near_miss" for one in item["near_misses"]}


async def test_a_demand_is_matched_explained_and_told(calls):
    await registered(calls, "told")
    accepted = await calls.done("POST", "/v1/demands", demand("api-told-d"))
    assert accepted["version"] == 1
    assert accepted["type"] == "ir.peyvand.demand.published.v1"
    shown = await calls.get(accepted["location"])
    assert shown["demand"]["items"][0]["title"].startswith("کفشک")
    assert shown["items"][0]["state"] == "open"

    found = await calls.get("/v1/demands/api-told-d/matches", per_item=100)
    [match] = [m for m in found["items"][0]["matches"] if m["offer_id"] == "api-told-o"]
    assert match["current"] is True
    assert match["revision"] == 1
    said = {(c["kind"], c["name"]): c for c in match["criteria"]}
    assert said["standard", "UIC 541-4"]["finding"] == "met"

    rows = await calls.all_pages("/v1/suppliers/api-told-s/matches", kind="match")
    [row] = [row for row in rows if row["demand_id"] == "api-told-d"]
    assert row["match_id"] == match["match_id"]
    explained = await calls.get(row["explanation"])
    assert explained["outcome"] == "match"
    assert explained["stands_as"] == "match"
    assert explained["criteria"] == match["criteria"]


async def test_the_inbox_is_a_feed_that_can_be_asked_again(calls):
    await registered(calls, "inbox")
    await calls.done("POST", "/v1/demands", demand("api-inbox-d"))
    first = await inbox_until(
        calls, "api-inbox-s", lambda news: any(n["news"]["demand_id"] == "api-inbox-d" for n in news)
    )
    assert {n["kind"] for n in first["items"]} == {"MatchFound"}
    await calls.done("POST", "/v1/demands/api-inbox-d/cancel", {"reason": "budget", "note": "بودجه نیست"})
    later = await inbox_until(calls, "api-inbox-s", bool, cursor=first["next"])
    assert [n["kind"] for n in later["items"]] == ["MatchWithdrawn"]
    assert later["items"][0]["news"]["reason"] == "the demand was cancelled"
    one_by_one = await calls.get("/v1/suppliers/api-inbox-s/inbox", limit=1)
    assert one_by_one["more"] is True
    empty = await calls.get("/v1/suppliers/api-inbox-s/inbox", cursor=later["next"])
    assert (empty["items"], empty["more"], empty["next"]) == ([], False, later["next"])


async def inbox_until(calls: Calls, supplier_id: str, enough, cursor: str | None = None) -> dict:
    """The inbox once it holds enough: news travels through the log once more."""
    import asyncio

    for _ in range(200):
        page = await calls.get(f"/v1/suppliers/{supplier_id}/inbox", cursor=cursor, limit=200)
        if enough(page["items"]):
            return page
        await asyncio.sleep(0.05)
    pytest.fail(f"the inbox stayed {page}")


async def test_what_is_missing_is_said_in_data_and_words(calls):
    await registered(calls, "near", standards=[{"standard": "UIC 541-4", "valid_until": "2020-01-01"}])
    await calls.done("POST", "/v1/demands", demand("api-near-d"))
    [item] = (await calls.get("/v1/demands/api-near-d/matches", per_item=100))["items"]
    [near] = [n for n in item["near_misses"] if n["offer_id"] == "api-near-o"]
    [missing] = near["missing"]
    assert (missing["kind"], missing["name"], missing["finding"]) == ("standard", "UIC 541-4", "expired")
    assert "expired" in missing["words"]["en"]
    assert "منقضی" in missing["words"]["fa"]
    rows = await calls.all_pages("/v1/suppliers/api-near-s/matches", kind="near_miss", limit=1)
    assert "api-near-d" in {row["demand_id"] for row in rows}


async def test_amending_and_publishing_again_number_themselves(calls):
    await registered(calls, "amend")
    await calls.done("POST", "/v1/demands", demand("api-amend-d"))
    body = demand("api-amend-d", title="Now with another title")
    amended = await calls.done("PUT", "/v1/demands/api-amend-d", {**body, "reason": "typing error"})
    assert amended["version"] == 2
    assert (await calls.get("/v1/demands/api-amend-d"))["demand"]["title"] == "Now with another title"
    cancelled = await calls.done("POST", "/v1/demands/api-amend-d/cancel", {})
    assert cancelled["version"] == 3
    shown = await calls.get("/v1/demands/api-amend-d")
    assert (shown["cancelled"], shown["items"][0]["state"]) == (True, "closed")
    assert await outcome(calls, "amend") == {}
    again = await calls.done("POST", "/v1/demands", body)
    assert again["version"] == 4
    assert (await outcome(calls, "amend"))["api-amend-o"] == "match"


async def test_versions_run_on_before_the_graph_has_them(calls):
    first = await calls.write("POST", "/v1/suppliers", supplier("api-run-s"))
    second = await calls.write("PUT", "/v1/suppliers/api-run-s", supplier("api-run-s", owner="second"))
    third = await calls.write("PUT", "/v1/suppliers/api-run-s", {**supplier("api-run-s", owner="third"), "version": 9})
    fourth = await calls.write("PUT", "/v1/suppliers/api-run-s", supplier("api-run-s", owner="fourth"))
    assert [one["version"] for one in (first, second, third, fourth)] == [1, 2, 9, 10]
    await calls.matched(first, second, third, fourth)
    assert (await calls.get("/v1/suppliers/api-run-s"))["supplier"]["owner"] == "fourth"


async def test_suspension_withdraws_and_reinstatement_brings_back(calls):
    await registered(calls, "susp")
    await calls.done("POST", "/v1/demands", demand("api-susp-d"))
    assert (await outcome(calls, "susp"))["api-susp-o"] == "match"
    suspended = await calls.done("POST", "/v1/suppliers/api-susp-s/suspend", {"reason": "inspection refused"})
    assert suspended["version"] == 2
    assert "api-susp-o" not in await outcome(calls, "susp")
    shown = await calls.get("/v1/suppliers/api-susp-s")
    assert (shown["suspended"], shown["suspended_why"]) == (True, "inspection refused")
    await calls.done("POST", "/v1/suppliers/api-susp-s/reinstate", {})
    assert (await outcome(calls, "susp"))["api-susp-o"] == "match"


async def test_a_plant_that_stops_and_runs_again(calls):
    await registered(calls, "unit")
    await calls.done("POST", "/v1/demands", demand("api-unit-d"))
    idle = {"state": "idle", "since": "2026-10-01", "reason": "no working capital", "jobs": 120}
    await calls.done("POST", "/v1/suppliers/api-unit-s/units/main/state", idle)
    assert (await outcome(calls, "unit"))["api-unit-o"] == "near_miss"
    [unit] = (await calls.get("/v1/suppliers/api-unit-s"))["units"]
    assert (unit["id"], unit["state"], unit["version"], unit["report"]["jobs"]) == ("main", "idle", 1, 120)
    await calls.done("POST", "/v1/suppliers/api-unit-s/units/main/state", {"state": "active"})
    assert (await outcome(calls, "unit"))["api-unit-o"] == "match"


async def test_capacity_and_withdrawal_of_an_offer(calls):
    await registered(calls, "cap")
    await calls.done("POST", "/v1/demands", demand("api-cap-d"))
    report = {"capacity": {"quantity": 1, "unit": "pcs", "per": "month"}}
    reported = await calls.done("POST", "/v1/offers/api-cap-o/capacity", report)
    assert reported["version"] == 2
    shown = await calls.get("/v1/offers/api-cap-o")
    assert (shown["offer"]["capacity"]["quantity"], shown["version"], shown["report"]["version"]) == (1, 1, 2)
    assert (await outcome(calls, "cap"))["api-cap-o"] == "near_miss"
    await calls.done("PUT", "/v1/offers/api-cap-o", offer("api-cap-o", "api-cap-s"))
    assert (await outcome(calls, "cap"))["api-cap-o"] == "match"
    await calls.done("DELETE", "/v1/offers/api-cap-o", reason="discontinued")
    assert (await calls.get("/v1/offers/api-cap-o"))["withdrawn"] is True
    assert "api-cap-o" not in await outcome(calls, "cap")
    explained = await calls.get("/v1/demands/api-cap-d/items/1/offers/api-cap-o/explanation")
    assert explained["closed_why"] == "the offer was withdrawn"


async def test_an_offer_id_that_several_suppliers_have(calls):
    for owner in ("api-two-s1", "api-two-s2"):
        await calls.write("POST", "/v1/suppliers", supplier(owner))
        await calls.done("POST", "/v1/offers", offer("api-two-o", owner))
    for method, path, body in (
        ("GET", "/v1/offers/api-two-o", None),
        ("DELETE", "/v1/offers/api-two-o", None),
        ("POST", "/v1/offers/api-two-o/capacity", {"capacity": None}),
    ):
        problem = await calls.problem(method, path, **({"json": body} if body else {}))
        assert problem["status"] == 409
        assert "api-two-s1, api-two-s2" in problem["detail"]
        assert problem["hint"] == "Add the supplier to the address: ?supplier=api-two-s1"
    shown = await calls.get("/v1/offers/api-two-o", supplier="api-two-s2")
    assert shown["supplier_id"] == "api-two-s2"
    await calls.done("DELETE", "/v1/offers/api-two-o", supplier="api-two-s1")
    assert (await calls.get("/v1/offers/api-two-o", supplier="api-two-s2"))["withdrawn"] is False
    await calls.done("POST", "/v1/demands", demand("api-two-d"))
    pair = "/v1/demands/api-two-d/items/1/offers/api-two-o/explanation"
    assert (await calls.problem("GET", pair))["status"] == 409
    assert (await calls.get(pair, supplier="api-two-s2"))["outcome"] == "match"


async def test_an_award_closes_its_item_and_an_answer_is_shown(calls):
    await registered(calls, "award")
    await calls.done("POST", "/v1/demands", demand("api-award-d"))
    ends = {"supplier_id": "api-award-s", "demand_id": "api-award-d", "item_id": "1", "offer_id": "api-award-o"}
    answered = await calls.done("POST", "/v1/responses", {**ends, "answer": "interest"})
    assert (await calls.get(answered["location"]))["offer_id"] == "api-award-o"
    [item] = (await calls.get("/v1/demands/api-award-d/matches", per_item=100))["items"]
    assert [m["answer"] for m in item["matches"] if m["offer_id"] == "api-award-o"] == ["interest"]
    award = {
        "award_id": "a1",
        "item_id": "1",
        "supplier_id": "api-award-s",
        "offer_id": "api-award-o",
        "quantity": 1000,
    }
    await calls.done("POST", "/v1/demands/api-award-d/awards", award)
    shown = await calls.get("/v1/demands/api-award-d")
    assert (shown["items"][0]["state"], shown["items"][0]["closed_why"]) == ("closed", "the item was awarded")
    assert shown["awards"][0]["supplier"] == "api-award-s"
    assert await outcome(calls, "award") == {}


async def test_lists_page_through_everything_once(calls):
    for n in range(5):
        await calls.write("POST", "/v1/suppliers", supplier(f"api-page-s{n}"))
        await calls.write("POST", "/v1/offers", offer(f"api-page-o{n}", "api-page-s0"))
        last = await calls.write(
            "POST", "/v1/demands", demand(f"api-page-d{n}", buyer={"id": "api-page-b", "name": "b"})
        )
        await calls.matched(last)
    await calls.done("POST", "/v1/offers", offer("api-page-o9", "api-page-s0"))
    ids = [row["id"] for row in await calls.all_pages("/v1/suppliers", limit=2)]
    assert ids == sorted(set(ids))
    assert {f"api-page-s{n}" for n in range(5)} <= set(ids)
    mine = [row["id"] for row in await calls.all_pages("/v1/offers", supplier="api-page-s0", limit=2)]
    assert mine == [*(f"api-page-o{n}" for n in range(5)), "api-page-o9"]
    everyone = [(row["supplier_id"], row["id"]) for row in await calls.all_pages("/v1/offers", limit=3)]
    assert len(everyone) == len(set(everyone))
    assert {("api-page-s0", one) for one in mine} <= set(everyone)
    in_class = await calls.all_pages("/v1/offers", limit=200, **{"class": "k-brake-block"})
    assert set(mine) <= {row["id"] for row in in_class}
    bought = [row["id"] for row in await calls.all_pages("/v1/demands", buyer="api-page-b", limit=2)]
    assert bought == [f"api-page-d{n}" for n in range(5)]
    await calls.done("POST", "/v1/demands/api-page-d3/cancel", {})
    still = {row["id"] for row in await calls.all_pages("/v1/demands", open=True, limit=2)}
    assert {"api-page-d2", "api-page-d4"} <= still
    assert "api-page-d3" not in still
    rows = await calls.all_pages("/v1/suppliers/api-page-s0/matches", limit=3)
    pairs = [(row["demand_id"], row["item"], row["offer_id"]) for row in rows]
    assert len(pairs) == len(set(pairs))
    assert ("api-page-d0", "1", "api-page-o9") in pairs
    assert ("api-page-d3", "1", "api-page-o9") not in pairs


async def test_items_of_a_large_demand_come_in_pages(calls):
    [item] = demand("x")["items"]
    items = [{**item, "id": f"{n:03}"} for n in range(7)]
    await calls.done("POST", "/v1/demands", demand("api-large-d", items=items))
    rows = await calls.all_pages("/v1/demands/api-large-d/matches", limit=3)
    assert [row["item"] for row in rows] == [f"{n:03}" for n in range(7)]
    bounded = await calls.get("/v1/demands/api-large-d/matches", limit=1, per_item=1)
    assert len(bounded["items"][0]["matches"]) <= 1
    assert bounded["items"][0]["matches_total"] == rows[0]["matches_total"]


async def test_search_finds_in_both_scripts(calls):
    await calls.done(
        "POST", "/v1/suppliers", supplier("api-find-s", name_en="Zagros Sinter", name_fa="زاگرس تف‌جوشی کیمیا")
    )
    for words in ("zagros sinter", "زاگرس", "كيميا", "Zagr"):
        found = await search_until(calls, words, "api-find-s")
        assert found["link"] == "/v1/suppliers/api-find-s", words
    pages = await calls.all_pages("/v1/search", q="brake", limit=2)
    keys = [(hit["kind"], hit["within"], hit["id"]) for hit in pages]
    assert len(keys) > 4
    assert len(keys) == len(set(keys))


async def search_until(calls: Calls, words: str, wanted: str) -> dict:
    """The hit; the full-text index follows the graph after a moment."""
    import asyncio

    for _ in range(100):
        hits = (await calls.get("/v1/search", q=words, limit=100))["items"]
        found = [hit for hit in hits if hit["id"] == wanted]
        if found:
            return found[0]
        await asyncio.sleep(0.1)
    pytest.fail(f"{words!r} does not find {wanted}")
