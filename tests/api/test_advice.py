"""Advice over HTTP: the simulator, equivalents, consortia, classification, recommendation."""

import pytest

from tests.api.records import demand, offer, supplier

pytestmark = pytest.mark.usefixtures("worker")
ITEM = demand("x")["items"][0]


@pytest.fixture(scope="module")
async def filled(calls, worker):
    """Two makers that hold the standard, each with half of what is asked, and one that does not."""
    half = {"quantity": 1000, "unit": "pcs", "per": "month"}
    accepted = []
    for name, more in (("adv-a", {}), ("adv-b", {}), ("adv-c", {"standards": []})):
        accepted.append(await calls.write("POST", "/v1/suppliers", supplier(name)))
        accepted.append(await calls.write("POST", "/v1/offers", offer(f"off-{name}", name, capacity=half, **more)))
    imported = {"brand": "Knorrwerk", "part_numbers": ["II-23451"], "hs": "8607.21"}
    large = {**ITEM, "quantity": 10_000, "imported": imported, "classifications": [{"scheme": "CPV", "id": "34631400"}]}
    accepted.append(await calls.write("POST", "/v1/demands", demand("adv-large", items=[large])))
    plain = {name: value for name, value in large.items() if name != "imported"}
    accepted.append(await calls.write("POST", "/v1/demands", demand("adv-plain", items=[plain])))
    await calls.matched(*accepted)


async def post(calls, path, body):
    response = await calls.client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_draft_is_simulated_without_id_or_buyer(calls, filled):
    draft = {"needed_by": "2027-06-30", "items": [{**ITEM, "quantity": 2000}]}
    found = (await post(calls, "/v1/demands/simulate", draft))["items"][0]
    assert {each["supplier_id"] for each in found["capable"]} == {"adv-a", "adv-b"}
    [standard] = [each for each in found["effects"] if each["clause"]["kind"] == "standard"]
    assert (standard["removes_alone"], standard["removes_given_others"], standard["silent"]) == (1, 1, 1)
    assert standard["won"] == ["adv-c"]
    problem = await calls.problem("POST", "/v1/demands/simulate", json={"items": [{"title": "x", "quantity": -1}]})
    assert problem["errors"][0]["pointer"] == "#/items/0/quantity"


async def test_two_offers_together_have_the_quantity(calls, filled):
    found = await calls.get("/v1/demands/adv-plain/items/1/consortium")
    assert {each["supplier_id"] for each in found["members"]} == {"adv-a", "adv-b"}
    assert sum(each["quantity"] for each in found["members"]) == pytest.approx(10_000)


async def test_equivalents_of_an_import_name_the_gap(calls, filled):
    found = await calls.get("/v1/demands/adv-large/items/1/equivalents")
    assert found["unmet"]
    assert found["brand"] == "Knorrwerk"
    assert [gap["kind"] for gap in found["near"][0]["gaps"]] == ["capacity"]
    assert {"kind": "capacity", "finding": "not_met", "suppliers": 3} in found["causes"]
    await calls.problem("GET", "/v1/demands/adv-large/items/7/equivalents")
    await calls.problem("GET", "/v1/demands/adv-none/items/1/consortium")


async def test_texts_are_classified_one_or_many(calls, filled):
    text = {"id": "t", "title": "لنت ترمز کامپوزیتی واگن باری"}
    one = await post(calls, "/v1/classify", text)
    assert one["id"] == "t"
    assert "brake" in one["classes"][0]["id"]
    assert "34631400" in [each["code"] for each in one["cpv"]]
    assert [each["id"] for each in await post(calls, "/v1/classify", [text, {"title": "office chair"}])] == ["t", "2"]
    problem = await calls.problem("POST", "/v1/classify", json=[text, {"titel": "x"}])
    assert problem["errors"][0]["pointer"].startswith("#/1/")
    await calls.problem("POST", "/v1/classify", json=[])


async def test_suppliers_are_recommended_by_what_they_make(calls, filled):
    found = await post(calls, "/v1/recommend", {"items": [{"title": ITEM["title"]}]})
    assert {"adv-a", "adv-b", "adv-c"} <= {each["supplier_id"] for each in found["suppliers"]}
