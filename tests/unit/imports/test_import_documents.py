"""`peyvand import ocds|prozorro|eforms` without servers: dry runs over files, folders and standard input, and exit codes."""

import json

import pytest
from typer.testing import CliRunner

from schemas.envelope import ONE
from services.cli.main import app
from tests.unit.imports.ocds_samples import EFORMS, PROZORRO, SHARED, release

RUN = CliRunner()
SECOND = {
    "ocid": "ocds-abc123-1", "id": "r2", "date": "2026-12-01T08:00:00Z", "tag": ["tenderAmendment"],
    "tender": {"id": "t", "items": [{"id": "1", "quantity": 2}]},
}  # fmt: skip


def run(*arguments, stdin=None):
    """The command's result, and its lines of JSON."""
    result = RUN.invoke(app, ["import", *map(str, arguments)], input=stdin)
    lines = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return result, lines


@pytest.fixture(autouse=True)
def _nowhere(tmp_path, monkeypatch):
    """Where no stack runs."""
    monkeypatch.chdir(tmp_path)


def test_a_dry_run_prints_events_for_publish(tmp_path):
    file = tmp_path / "r.json"
    file.write_text(json.dumps(release()), encoding="utf-8")
    result, lines = run("ocds", file, "--dry-run")
    assert result.exit_code == 0, result.output
    [event] = [ONE.validate_python(line) for line in lines]
    assert (event.kind.name, event.key, event.source) == ("DemandPublished", "ocds-abc123-1", "urn:peyvand:import:ocds")
    assert run("ocds", file, "--dry-run")[0].stdout == result.stdout, "importing again says the same"


def test_a_process_may_stand_in_several_files(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.jsonl").write_text(json.dumps(SECOND) + "\n", encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"releases": [release()]}), encoding="utf-8")
    result, [row] = run("ocds", tmp_path, "--dry-run", "--json")
    assert result.exit_code == 0
    assert [event["type"] for event in row["events"]] == ["DemandAmended", "DemandPublished"]
    assert row["notes"] == []


def test_standard_input():
    result, [row] = run("ocds", "-", "--dry-run", "--json", stdin=json.dumps(release(x=1)))
    assert result.exit_code == 0
    assert row["record"] == "ocds-abc123-1"
    assert row["notes"] == [
        "release r1, x: OCDS has no such field, nor has an extension that is known here; it is kept with the demand"
    ]


def test_what_is_wrong_is_named_by_file_release_and_path(tmp_path):
    bad = release(ocid="ocds-abc123-2", id="bad")
    bad["tender"]["items"][0]["quantity"] = -1
    (tmp_path / "a.json").write_text(json.dumps({"releases": [release(), bad, {"id": "r9"}]}), encoding="utf-8")
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    result, lines = run("ocds", tmp_path, "--dry-run", "--json")
    assert result.exit_code == 2
    refused = {line["record"].removeprefix(f"{tmp_path}/"): line["reason"] for line in lines if "reason" in line}
    assert refused["b.json"].startswith("it is not JSON")
    assert refused["a.json/releases/2"] == "release r9 has no ocid, so nothing says which contracting process it is of"
    assert refused["a.json/releases/1, ocds-abc123-2"] == (
        "release bad, tender.items[0].quantity: the quantity is -1: it must be above 0 and at most 1e15"
    )
    assert [line["record"] for line in lines if "events" in line] == ["ocds-abc123-1"]


@pytest.mark.parametrize("path", ["none.json", "."])
def test_files_that_are_not_there(path):
    result, _ = run("ocds", path, "--dry-run")
    assert result.exit_code != 0
    assert result.exception is not None
    assert "none.json" in str(result.exception) or "no files" in str(result.exception)


def test_another_encoding(tmp_path):
    file = tmp_path / "r.json"
    file.write_bytes(
        json.dumps(release(tender={"title": "کفشک"}), ensure_ascii=False).encode("windows-1256", "replace")
    )
    result, [row] = run("ocds", file, "--dry-run", "--json")
    assert any("iso-8859-1" in note for note in row["notes"])
    result, [row] = run("ocds", file, "--dry-run", "--json", "--encoding", "windows-1256")
    assert result.exit_code == 0
    assert row["notes"] == []


def test_all_samples_by_their_commands():
    result, lines = run("prozorro", SHARED / "prozorro", "--dry-run", "--json")
    assert (result.exit_code, len(lines)) == (0, len(PROZORRO))
    result, lines = run("eforms", SHARED / "eforms", "--dry-run", "--json")
    assert (result.exit_code, len(lines)) == (0, len(EFORMS))
    result, lines = run("ocds", SHARED / "ocds", "--dry-run", "--json")
    refused = [line["record"] for line in lines if "reason" in line]
    assert [record.rsplit("/", 1)[1] for record in refused] == ["release-schema.json"], (
        "which is no document but a schema"
    )
    assert result.exit_code == 2
