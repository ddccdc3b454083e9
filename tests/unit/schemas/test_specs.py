import json

import jsonschema
import pytest

from schemas.events import EVENT_TYPES
from schemas.examples import EXAMPLES
from schemas.generate import SPECS, documents, example, main
from schemas.topics import CONSUMED, TOPICS


@pytest.mark.parametrize("event", EVENT_TYPES, ids=lambda event: event.name)
def test_the_example_is_valid_by_the_generated_schema(event):
    schema = json.loads(documents()[f"{event.name}.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(example(event), schema)


def test_every_event_has_an_example_and_a_topic():
    assert set(EXAMPLES) == {event.name for event in EVENT_TYPES}
    assert {event.topic for event in EVENT_TYPES} <= {topic.name for topic in TOPICS}


def test_every_consumed_topic_carries_an_event():
    assert set(CONSUMED) == {event.topic for event in EVENT_TYPES}


def test_generated_documents_are_up_to_date():
    assert main(["--check"]) == 0


def test_check_sees_a_change(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("schemas.generate.SPECS", tmp_path)
    assert main(["--check"]) == 1
    assert "asyncapi.json" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0


def test_async_api_refers_only_to_what_is_there():
    document = json.loads((SPECS / "asyncapi.json").read_text(encoding="utf-8"))
    assert document["asyncapi"] == "3.0.0"
    found = list(references(document))
    assert len(found) > 50
    for reference in found:
        if reference.startswith("./"):
            assert (SPECS / reference[2:]).is_file()
        else:
            place = document
            for part in reference.removeprefix("#/").split("/"):
                place = place[part]
    assert {operation["action"] for operation in document["operations"].values()} == {"send", "receive"}


def references(value):
    """Every $ref of a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
