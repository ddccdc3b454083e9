"""The OCDS door: documents become demands, demands become documents, and docs/ocds.md does what it says."""

import asyncio
import json
import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from graph.driver import Graph
from services.api.ocds_examples import RELEASES
from tests.api.records import offer, supplier
from tests.service import environment

pytestmark = pytest.mark.usefixtures("worker")
DOCS = Path(__file__).parents[2] / "docs" / "ocds.md"
PREFIX = "ocds-213czf"


def tender(name, **more):
    """A release of a demand that off-{name} serves."""
    base = {
        "id": name, "title": f"Brake blocks {name}", "status": "active",
        "items": [
            {
                "id": "1", "description": "کفشک ترمز کامپوزیت – composite brake block, K type", "quantity": 1000,
                "classification": {"scheme": "PEYVAND", "id": "k-brake-block"}, "unit": {"scheme": "UNCEFACT", "id": "H87"},
                "deliveryDate": {"endDate": "2027-06-30T00:00:00Z"},
            }
        ],
        **more.pop("tender", {}),
    }  # fmt: skip
    return {
        "ocid": f"{PREFIX}-{name}", "id": f"{name}-1", "date": "2026-11-20T08:00:00Z", "tag": ["tender"],
        "buyer": {"id": f"buyer-{name}", "name": "راه‌آهن"}, "tender": base, **more,
    }  # fmt: skip


async def sent(calls, document):
    """What a document became, matched."""
    answer = await calls.write("POST", "/v1/ocds/releases", document)
    await calls.matched(*answer["events"])
    return answer


@pytest.fixture(scope="module", autouse=True)
async def _maker(calls, worker):
    """A supplier of what the tenders ask."""
    await calls.write("POST", "/v1/suppliers", supplier("ocds-s", identifiers=[{"scheme": "IR-CR", "id": "10"}]))
    offered = await calls.write("POST", "/v1/offers", offer("ocds-o", "ocds-s"))
    await calls.matched(offered, seconds=150)  # the worker has just been started


async def test_a_tender_is_published_matched_and_told(calls):
    answer = await sent(calls, tender("ocds-a", colour="red"))
    [event] = answer["events"]
    assert (event["location"], event["type"]) == ("/v1/demands/ocds-a", "ir.peyvand.demand.published.v1")
    assert [(note["ocid"], note["path"], note["level"]) for note in answer["notes"]] == [
        (f"{PREFIX}-ocds-a", "colour", "warning")
    ]
    shown = await calls.get("/v1/demands/ocds-a")
    assert shown["demand"]["original"]["rest"]["colour"] == "red"
    [item] = (await calls.get("/v1/demands/ocds-a/matches"))["items"]
    assert "ocds-o" in {match["offer_id"] for match in item["matches"]}
    package = await told(calls, f"{PREFIX}-ocds-a")
    first, second = package["releases"]
    assert (first["tag"], second["tag"], first["id"]) == (["tender"], ["tenderUpdate"], "ocds-a-1")
    assert first["date"] == "2026-11-20T08:00:00.000Z"
    party = next(party for party in second["parties"] if party["id"] == "ocds-s")
    assert party["roles"] == ["notifiedPotentialSupplier"]
    assert party["identifier"] == {"scheme": "IR-CR", "id": "10"}


async def told(calls, ocid):
    """The release package once somebody was told of the demand."""
    for _ in range(200):
        package = await calls.get(f"/v1/ocds/releases/{ocid}")
        if len(package["releases"]) > 1:
            return package
        await asyncio.sleep(0.05)
    pytest.fail("nobody was told")


async def test_sending_it_again_changes_nothing(calls):
    first = await sent(calls, tender("ocds-again"))
    before = await calls.get("/v1/demands/ocds-again")
    second = await sent(calls, tender("ocds-again"))
    assert [event["event_id"] for event in first["events"]] == [event["event_id"] for event in second["events"]]
    assert await calls.get("/v1/demands/ocds-again") == before
    assert len((await calls.get(f"/v1/ocds/releases/{PREFIX}-ocds-again"))["releases"]) >= 1


async def test_the_life_of_a_demand_by_releases_that_only_say_what_changed(calls):
    ocid = f"{PREFIX}-ocds-life"
    await sent(calls, tender("ocds-life"))
    head = {"ocid": ocid, "initiationType": "tender"}
    amended = {
        "id": "ocds-life",
        "items": [{"id": "1", "quantity": 2000}],
        "amendments": [{"id": "1", "rationale": "more"}],
    }
    answer = await sent(
        calls, {**head, "id": "r2", "date": "2026-11-21T08:00:00Z", "tag": ["tenderAmendment"], "tender": amended}
    )
    assert answer["notes"] == []
    shown = await calls.get("/v1/demands/ocds-life")
    assert (shown["demand"]["items"][0]["quantity"], shown["demand"]["title"]) == (2000, "Brake blocks ocds-life")
    award = {"id": "a", "status": "active", "suppliers": [{"id": "ocds-s"}], "items": [{"id": "1", "quantity": 500}]}
    await sent(calls, {**head, "id": "r3", "date": "2026-11-22T08:00:00Z", "tag": ["award"], "awards": [award]})
    cancelled = {"id": "ocds-life", "status": "cancelled", "statusDetails": "budget: cut"}
    await sent(
        calls, {**head, "id": "r4", "date": "2026-11-23T08:00:00Z", "tag": ["tenderCancellation"], "tender": cancelled}
    )
    shown = await calls.get("/v1/demands/ocds-life")
    assert (shown["cancelled"], shown["cancelled_why"]) == (True, "budget: cut")
    assert [(one["supplier"], one["quantity"]) for one in shown["awards"]] == [("ocds-s", 500)]
    record = (await calls.get(f"/v1/ocds/records/{ocid}"))["records"][0]
    tags = [release["tag"][0] for release in record["releases"]]
    assert [tag for tag in tags if tag != "tenderUpdate"] == [
        "tender",
        "tenderAmendment",
        "award",
        "tenderCancellation",
    ]
    whole = record["compiledRelease"]
    assert (whole["tender"]["status"], whole["tender"]["statusDetails"]) == ("cancelled", "budget: cut")
    assert whole["tender"]["items"][0]["quantity"] == 2000
    assert whole["awards"][0]["suppliers"][0]["id"] == "ocds-s"
    assert record["versionedRelease"]["tender"]["status"][-1]["value"] == "cancelled"


async def test_a_demand_of_the_api_goes_out_and_its_ocid_finds_it(calls):
    body = {
        "id": "api-own",
        "ocid": "ocds-zzz999-7",
        "buyer": {"id": "b", "name": "B"},
        "title": "t",
        "items": [{"id": "1", "title": "seal", "quantity": 2}],
    }
    await calls.done("POST", "/v1/demands", body)
    package = await calls.get("/v1/ocds/releases/ocds-zzz999-7")
    assert package["releases"][0]["ocid"] == "ocds-zzz999-7"
    await calls.done("POST", "/v1/demands", {**body, "id": "api-plain", "ocid": None})
    package = await calls.get(f"/v1/ocds/releases/{PREFIX}-api-plain")
    assert package["releases"][0]["tender"]["id"] == "api-plain"
    assert package["uri"].endswith(f"/v1/ocds/releases/{PREFIX}-api-plain")
    problem = await calls.problem("GET", "/v1/ocds/releases/ocds-none-1")
    assert problem["status"] == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], "#"), ({"releases": []}, "#"), ({"releases": [tender("ocds-bad"), {"ocid": "x"}]}, "#/releases/1"),
        ({"releases": [{**tender("ocds-bad"), "tender": {"title": "t", "items": [{"id": "1", "quantity": -1}]}}]}, "#/releases/0"),
        ({"releases": [{**tender("ocds-bad"), "date": "soon"}]}, "#/releases/0"), ({"x": 1}, "#"), ("text", "#"),
        ({"releases": [tender("ocds-bad", tender={"items": [{"id": "1", "quantity": 1}] * 2})]}, "#/releases/0"),
    ],
    ids=lambda one: str(one)[:30],
)  # fmt: skip
async def test_bad_documents_are_answered_by_a_problem_and_nothing_is_taken(calls, settings, body, pointer):
    from streams.admin import end_offsets

    before = end_offsets(settings)
    problem = await calls.problem("POST", "/v1/ocds/releases", json=body)
    assert problem["status"] == 422
    assert problem["errors"][0]["pointer"] == pointer
    assert end_offsets(settings) == before


@pytest.mark.parametrize(
    "raw", [b"[" * 90_000, b'{"a":' * 90_000, b"<a/>", b"\xff", b"1e999"], ids=lambda raw: str(raw)[:12]
)
async def test_bytes_that_are_no_document(calls, raw):
    problem = await calls.problem(
        "POST", "/v1/ocds/releases", content=raw, headers={"content-type": "application/json"}
    )
    assert problem["status"] == 422


async def test_a_document_that_is_too_large_and_one_of_too_many_events(calls):
    problem = await calls.problem("POST", "/v1/ocds/releases", json={"releases": [{"x": "y" * 1_100_000}]})
    assert problem["status"] == 413
    many = [
        {
            "ocid": f"{PREFIX}-m{n}",
            "id": "1",
            "date": "2026-01-01T00:00:00Z",
            "tag": ["tender"],
            "buyer": {"name": "b"},
            "tender": {"title": "t"},
        }
        for n in range(1001)
    ]
    problem = await calls.problem("POST", "/v1/ocds/releases", json={"releases": many})
    assert "1001 events" in problem["detail"]


async def test_others_see_what_is_public(calls, app):
    from services.access.fields import Audience
    from services.access.principals import Principal, Role
    from services.api.ocds import _exported

    document = tender("ocds-public", parties=[{"id": "buyer-ocds-public", "contactPoint": {"email": "a@b.example"}}])
    document["tender"]["items"][0]["estimatedValue"] = {"amount": 5, "currency": "IRR"}
    await sent(calls, document)
    await told(calls, f"{PREFIX}-ocds-public")
    services = app.state.services
    seen = {}
    for who, principal in {
        "public": Principal(Role.ANONYMOUS), "buyer": Principal(Role.AGENCY, "buyer-ocds-public"),
        "agency": Principal(Role.AGENCY, "else"),
    }.items():  # fmt: skip
        out = await _exported(services, f"{PREFIX}-ocds-public", principal)
        seen[who] = json.dumps(out.releases)
    assert "estimatedValue" in seen["buyer"]
    assert "notifiedPotentialSupplier" in seen["buyer"]
    for who in ("public", "agency"):
        assert "estimatedValue" not in seen[who]
        assert "notifiedPotentialSupplier" not in seen[who]
    assert "a@b.example" not in seen["public"]
    assert Audience.OWNER


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("extension.json", "application/json"),
        ("release-schema.json", "application/json"),
        ("codelists/+partyRole.csv", "text/csv"),
    ],
)
async def test_the_extension_is_served(calls, name, kind):
    response = await calls.client.get(f"/v1/ocds/extension/{name}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)
    assert "otifiedPotentialSupplier" in response.text or name != "codelists/+partyRole.csv"
    assert (await calls.problem("GET", "/v1/ocds/extension/else"))["status"] == 422


async def test_the_example_of_the_documentation_is_taken(calls):
    answer = await sent(calls, RELEASES)
    assert answer["notes"] == []


def blocks(kind):
    """The code blocks of docs/ocds.md."""
    return re.findall(rf"^```{kind}\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


async def test_the_commands_of_the_documentation(calls, settings, tmp_path):
    await calls.write("POST", "/v1/suppliers", supplier("docs-s"))
    await calls.done("POST", "/v1/offers", offer("docs-o", "docs-s"))
    for name, text in zip(("brake-blocks.json", "amendment.json"), blocks("json"), strict=True):
        json.loads(text)
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = []
    for line in "".join(blocks("sh")).splitlines():
        said.append((line, await did(line, calls, settings, tmp_path)))
        await settled(settings, calls)
    outputs = dict(said)
    assert len(outputs) == len(said) == 9
    assert json.loads(outputs["peyvand import ocds brake-blocks.json --dry-run --json"])["notes"] == []
    assert "1 records, 1 events acknowledged." in outputs["peyvand import ocds brake-blocks.json"]
    assert "docs-o" in outputs["peyvand match rai-2027-0042"]
    package = json.loads(outputs["peyvand export ocds rai-2027-0042"])
    assert [release["tag"] for release in package["releases"]][-1] == ["tenderAmendment"] or package["releases"][-1][
        "tag"
    ] == ["tenderUpdate"]
    record = json.loads(outputs["peyvand export ocds ocds-213czf-rai-2027-0042 --records"])["records"][0]
    assert record["compiledRelease"]["tender"]["items"][0]["quantity"] == 2000
    everything = [json.loads(line) for line in (tmp_path / "everything.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "ocds-213czf-rai-2027-0042" in {one["releases"][0]["ocid"] for one in everything}


async def settled(settings, calls):
    """Until the worker has taken what was sent."""
    from tests.service import caught_up

    graph = Graph(settings)
    try:
        assert await caught_up(settings, graph) == 0
    finally:
        await graph.close()


async def did(line, calls, settings, folder):
    """Run one command of the documentation and return what it printed."""
    program, *arguments = shlex.split(line)
    if program == "curl":
        path = arguments[-1].removeprefix("http://127.0.0.1:8400")
        if "--data" in arguments:
            body = (folder / arguments[arguments.index("--data") + 1].removeprefix("@")).read_bytes()
            response = await calls.client.post(path, content=body, headers={"content-type": "application/json"})
        else:
            response = await calls.client.get(path)
        assert response.is_success, response.text
        return response.text
    assert program == "peyvand"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.cli", *arguments,
        cwd=folder, env={**os.environ, **environment(settings)}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, f"{line}: {err.decode()}"
    return out.decode()
