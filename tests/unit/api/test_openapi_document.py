"""The OpenAPI document: complete, valid, stable, and true to what is taken."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.settings import Settings
from services.api.app import create_app

DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
IDS = [
    "add_endpoint", "amend_demand", "answer_match", "audit_demand", "award_item", "cancel_demand", "change_endpoint",
    "change_offer", "change_supplier", "choose_preferences", "classify_texts", "explain_pair", "import_table", "list_classes",
    "list_deliveries", "list_demands", "list_endpoints", "list_import_rows", "list_keys", "list_log", "list_needs", "list_offers",
    "list_responses",
    "list_supplier_matches", "list_suppliers", "make_key", "mark_inbox_read", "ping_endpoint", "publish_demand",
    "publish_events", "publish_releases", "recommend_suppliers", "register_offer", "register_supplier", "reinstate_supplier",
    "remove_endpoint", "replace_key", "replay_delivery", "report_capacity", "report_unit_state", "revoke_key",
    "rotate_endpoint_secret", "search_by_words", "show_class", "show_consortium", "show_demand",
    "show_demand_matches", "show_endpoint", "show_equivalents", "show_event_status", "show_extension", "show_health", "show_import", "show_inbox",
    "show_index", "show_key", "show_me", "show_metrics", "show_offer", "show_preferences", "show_readiness", "show_record", "show_releases",
    "show_supplier", "simulate_draft", "stream_inbox", "suspend_supplier", "withdraw_offer",
]  # fmt: skip

STREAMS = {"stream_inbox"}


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def test_operation_ids_are_stable():
    assert sorted(OPERATIONS) == IDS


def test_every_reference_leads_somewhere():
    for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DOCUMENT)):
        assert name in DOCUMENT["components"]["schemas"], name


@pytest.mark.parametrize("name", IDS)
def test_every_operation_says_what_it_does_and_how_it_fails(name):
    method, path, operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            assert list(response["content"]) == ["application/problem+json"], (name, status)
    assert "503" in operation["responses"]
    if operation.get("parameters") or "requestBody" in operation:
        assert "422" in operation["responses"]
    if "requestBody" in operation:
        assert {"413", "415"} <= operation["responses"].keys()
        assert {"200", "201", "202"} & operation["responses"].keys()
        media = operation["requestBody"]["content"]
        assert any(each["examples"] for each in media.values()), f"{method} {path} has no example"
    elif path != "/metrics" and not {"204"} & operation["responses"].keys() and name not in STREAMS:
        [success] = [code for code in operation["responses"] if int(code) < 400]
        assert operation["responses"][success]["content"]["application/json"]["example"] is not None


def examples() -> list[tuple[str, dict[str, Any], Any]]:
    found: list[tuple[str, dict[str, Any], Any]] = []
    for name, (_, _, operation) in OPERATIONS.items():
        content = operation.get("requestBody", {}).get("content", {})
        for kind, media in content.items():
            found += [(f"{name} {kind} {key}", media["schema"], e["value"]) for key, e in media["examples"].items()]
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                if "example" in media:
                    found.append((f"{name} {status}", media["schema"], media["example"]))
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(("schema", "example"), [e[1:] for e in EXAMPLES], ids=[e[0] for e in EXAMPLES])
def test_every_example_is_valid(schema, example):
    errors = [f"{list(e.absolute_path)}: {e.message}" for e in validator(schema).iter_errors(example)]
    assert errors == []


def test_request_bodies_refuse_unknown_fields():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name.endswith("-Input") and "properties" in schema:
            assert schema["additionalProperties"] is False, name
    schema = {"$ref": "#/components/schemas/DemandPublication"}
    errors = list(validator(schema).iter_errors({"id": "d", "buyer": "x", "titel": "t"}))
    assert any("titel" in error.message for error in errors)


def test_versions_may_be_left_out_everywhere():
    for _, _, operation in OPERATIONS.values():
        body = operation.get("requestBody")
        if body and "application/json" in body["content"]:
            name = body["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
            assert "version" not in DOCUMENT["components"]["schemas"][name].get("required", []), name
