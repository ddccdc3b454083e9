"""What the door does stands in the OpenAPI document and in the papers, and what stands there is so."""

import re
from pathlib import Path
from typing import Any

import pytest

from schemas.roles import ROLES, Grant, Role
from schemas.settings import Settings
from services.access.policy import ROUTES, changes
from services.api.access import PROBES
from services.api.app import create_app
from services.cli.main import app as command_line
from services.cli.reference import commands

ROOT = Path(__file__).parents[3]
PAPERS = [ROOT / "SECURITY.md", ROOT / "docs" / "access.md"]
DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if path not in PROBES
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_says_who_may_and_what_it_answers_then(method, path, operation):
    row = ROUTES[method, path]
    assert set(operation["x-peyvand-roles"]) == {role.value for role in ROLES}
    answers = set(operation["responses"])
    assert {"401", "403", "429"} <= answers
    assert ({} in operation["security"]) == (row[Role.ANONYMOUS] is Grant.ALLOWED)
    if Grant.OWN in row.values():
        assert "404" in answers
    headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
    assert ("Idempotency-Key" in headers) == changes(method, path)
    assert ("If-Match" in headers) == ("412" in answers)
    if "Idempotency-Key" in headers:
        assert {"409", "422"} <= answers
    assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_reads_with_a_version_are_edited_under_it():
    tagged = {path for _, path, op in OPERATIONS if "ETag" in op["responses"].get("200", {}).get("headers", {})}
    conditional = {path for method, path, op in OPERATIONS if "412" in op["responses"] and method == "PUT"}
    assert tagged == conditional
    assert len(tagged) == 5


@pytest.mark.parametrize("paper", PAPERS, ids=lambda one: one.name)
def test_what_the_papers_name_is_there(paper):
    text = paper.read_text(encoding="utf-8")
    for name in re.findall(r"PEYVAND_([A-Z_]+?)(?:_\*)?(?=[^A-Z_]|$)", text):
        assert any(field.startswith(name.lower()) for field in Settings.model_fields), name
    for path in re.findall(r"`((?:schemas|graph|streams|services|tests|docs)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (paper.parent / link).exists(), link
    known = {name for name, _ in commands(command_line)}
    for line in re.findall(r"peyvand ((?:keys|producers|topics) [\w-]+)", text):
        assert line in known, line
