"""The bill of materials names everything that is locked, and what could not be looked up is never taken for safe."""

import json
import re
import subprocess

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from services.cli import dependencies
from services.local.lockfile import read_lock


def test_the_bill_of_materials_is_whole_and_valid(tmp_path):
    file = tmp_path / "sbom.json"
    count = dependencies.write_sbom(file)
    text = file.read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    components = json.loads(text)["components"]
    names = {(one["name"].lower().replace("_", "-"), one["version"]) for one in components}
    locked = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", dependencies.LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert locked
    assert {(name.lower().replace("_", "-"), version) for name, version in locked} <= names
    jars = {jar.coordinate for jars in read_lock().values() for jar in jars}
    assert count == len(components) == len(locked) + len(jars)


ROW = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("answers", "code", "says"),
    [
        ([[ROW]], 0, "1 of 1 packages were looked up (pypi); 0 vulnerabilities"),
        ([[ROW, BAD]], 1, "b 2: CVE-1, fixed in: 3"),
        ([[ROW, SKIPPED]], 6, "NOT audited: 1 packages"),
        ([[BAD, SKIPPED]], 1, "NOT audited"),
        ([[SKIPPED], [ROW]], 0, "(osv)"),
        ([[SKIPPED], None], 6, "could NOT be audited"),
        ([None, None], 6, "could NOT be audited"),
        ([None, [ROW]], 0, "(osv)"),
    ],
)
def test_what_the_audit_says(monkeypatch, capsys, answers, code, says):
    left = iter(answers)

    def run(*_):
        rows = next(left)
        out = "" if rows is None else json.dumps({"dependencies": rows, "fixes": []})
        return subprocess.CompletedProcess([], 0, out, "no connection")

    monkeypatch.setattr(dependencies, "_run", run)
    assert dependencies.audit() == code
    assert says in capsys.readouterr().out
