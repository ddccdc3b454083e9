"""Generated requests against a served app: nothing crashes, and every answer is as documented."""

import threading
import time

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CHECKS, load_all_checks

from schemas.settings import Settings
from services.api.app import create_app
from services.local.ports import free_ports


@pytest.fixture(scope="module")
def served(settings):
    """The address of the app, served over a socket by a thread with a loop of its own."""
    [port] = free_ports(1)
    config = uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(15)


load_all_checks()
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "unsupported_method",
        "allow_header_conformance",
    ]
)
REFUSED = CHECKS.get_by_names(["negative_data_rejection"])
# The contract takes a buyer by bare name, which the JSON schema of Demand does not tell
BUYERS = {"/v1/demands", "/v1/demands/{demand_id}", "/v1/events"}
# A stream has no end to wait for; tests/api/test_telling.py reads it
schema = schemathesis.openapi.from_dict(create_app(Settings()).openapi()).exclude(operation_id="stream_inbox")


@schema.parametrize()
@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_answers_are_as_documented(case, served):
    named = case.method in ("POST", "PUT") and case.path in BUYERS
    case.call_and_validate(base_url=served, checks=[*CHECKED, *([] if named else REFUSED)])
