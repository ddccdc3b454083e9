"""Generated requests against a served app, as every role: nothing crashes, and every answer is as documented."""

import threading
import time
import zlib

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CHECKS, load_all_checks

from graph.driver import Graph
from schemas.settings import Settings
from services.access.principals import ROLES, Role
from services.api.app import create_app
from services.api.bulk import XLSX
from services.local.ports import free_ports
from tests.api.doors import new_key

OTHERS = [role for role in ROLES if role is not Role.ADMIN]
SUBJECTS = {Role.AGENCY: "buy-mine", Role.SUPPLIER: "sup-mine"}


@pytest.fixture(scope="module")
async def keys(settings) -> dict[Role, dict[str, str]]:
    """The headers of a principal of each role."""
    graph = Graph(settings)
    made: dict[Role, dict[str, str]] = {Role.ANONYMOUS: {}}
    for role in ROLES[1:]:
        key = await new_key(graph, role, SUBJECTS.get(role))
        made[role] = {"Authorization": f"Bearer {key.text}"}
    await graph.close()
    return made


@pytest.fixture(scope="module")
def served(settings):
    """The address of the app, asking for keys, served over a socket by a thread with a loop of its own."""
    [port] = free_ports(1)
    closed = settings.model_copy(update={"access": "keys", "rate_per_second": 0, "anonymous_rate_per_second": 0})
    config = uvicorn.Config(create_app(closed), host="127.0.0.1", port=port, log_config=None, access_log=False)
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
ANSWERS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
CHECKED = CHECKS.get_by_names([*ANSWERS, "unsupported_method", "allow_header_conformance"])
CHECKED_AGAIN = CHECKS.get_by_names(ANSWERS)
REFUSED = CHECKS.get_by_names(["negative_data_rejection"])
# The contract takes a buyer by bare name, which the JSON schema of Demand does not tell
BUYERS = {"/v1/demands", "/v1/demands/{demand_id}", "/v1/events"}
# Any text may be a table; its rows are judged after the answer
TABLES = {"/v1/bulk/{kind}"}


@schemathesis.serializer(XLSX)
def workbook(_, value):
    """Whatever bytes there are: what is no workbook becomes an import that fails."""
    return value if isinstance(value, bytes) else str(value).encode()


# A stream has no end to wait for; tests/api/test_telling.py reads it
schema = schemathesis.openapi.from_dict(create_app(Settings()).openapi()).exclude(operation_id="stream_inbox")


@schema.parametrize()
@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_answers_are_as_documented(case, served, keys):
    named = case.method in ("POST", "PUT") and case.path in BUYERS | TABLES
    checks = [*CHECKED, *([] if named else REFUSED)]
    case.call_and_validate(base_url=served, headers=keys[Role.ADMIN], checks=checks)
    case.call_and_validate(base_url=served, headers=keys[other_role(case)], checks=CHECKED_AGAIN)


def other_role(case) -> Role:
    """One of the other roles by what is sent: of the dozens of cases of a route each gets some, the same every time."""
    sent = repr((case.method, case.path_parameters, case.query, case.headers, case.body))
    return OTHERS[zlib.crc32(sent.encode("utf-8", "replace")) % len(OTHERS)]
