"""The house keeps its order: settings, topics and commands are documented, secrets and paths stay out, files stay small."""

import importlib.util
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from schemas.settings import Settings
from schemas.topics import TOPICS
from services.cli.reference import main

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described_and_documented(name):
    assert Settings.model_fields[name].description
    assert f"`PEYVAND_{name.upper()}`" in REFERENCE


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_documented(topic):
    assert f"`{topic.name}`" in REFERENCE


def test_the_reference_lists_every_command_as_it_is():
    assert main(["--check"]) == 0


def test_compose_names_only_real_settings():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    known = {f"PEYVAND_{name.upper()}" for name in Settings.model_fields}
    for service in compose["services"].values():
        named = {name for name in service.get("environment", {}) if name.startswith("PEYVAND_")}
        assert named <= known


def test_compose_is_valid_by_the_compose_schema():
    # check-jsonschema brings the schema; its command needs a newer click than others here allow
    package = importlib.util.find_spec("check_jsonschema").submodule_search_locations[0]
    schema = json.loads(
        (Path(package) / "builtin_schemas" / "vendor" / "compose-spec.json").read_text(encoding="utf-8")
    )
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    jsonschema.validate(compose, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**compose, "services": {"x": {"imagine": 1}}}, schema)


def sources() -> list[Path]:
    return [f for room in ("schemas", "graph", "streams", "services") for f in (ROOT / room).rglob("*.py")]


def test_no_file_is_longer_than_400_lines():
    assert [str(f) for f in sources() if len(f.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_the_environment_is_read_in_one_place():
    readers = [
        f.relative_to(ROOT) for f in sources() if re.search(r"os\.(environ|getenv)\b", f.read_text(encoding="utf-8"))
    ]
    assert [
        str(f) for f in readers if str(f) != "schemas/settings.py" and not str(f).startswith("services/local/")
    ] == []


def test_cypher_stays_in_graph():
    pattern = re.compile(r"^\s*(MATCH|MERGE|UNWIND) .*[(\[{]", re.MULTILINE)
    found = [str(f.relative_to(ROOT)) for f in sources() if pattern.search(f.read_text(encoding="utf-8"))]
    assert [name for name in found if not name.startswith("graph/")] == []
