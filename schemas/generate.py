"""Writes the JSON Schema of every event and the AsyncAPI 3 document: `python -m schemas.generate [--check]`.

With --check nothing is written; the exit code is 1 and the differing files are named when docs/specs is not up to date.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from schemas.codec import STRUCTURED
from schemas.envelope import ENVELOPES
from schemas.events import EVENT_TYPES, EventType
from schemas.examples import EXAMPLES
from schemas.topics import TOPICS

SPECS: Final = Path(__file__).parent.parent / "docs" / "specs"
SCHEMA_BASE: Final = "https://peyvand.invalid/schemas/"


def json_schema(event: EventType) -> dict[str, Any]:
    """JSON Schema 2020-12 of one event with its envelope."""
    schema = ENVELOPES[event.ce_type].model_json_schema(ref_template="#/$defs/{model}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{SCHEMA_BASE}{event.name}.json",
        **schema,
    }


def example(event: EventType) -> dict[str, Any]:
    """A whole CloudEvent of this type, as it stands on the topic."""
    data = event.model.model_validate(EXAMPLES[event.name])
    return {
        "specversion": "1.0",
        "id": "7f1d7d3c-6f3e-4bb5-9f0b-2f5a2d1f0001",
        "source": "https://rai.example/procurement",
        "type": event.ce_type,
        "time": "2026-11-24T08:00:00Z",
        "subject": event.key(data),
        "datacontenttype": "application/json",
        "data": EXAMPLES[event.name],
    }


def async_api() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of all topics and events."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for event in EVENT_TYPES:
        messages[event.name] = {
            "name": event.name,
            "title": event.name,
            "summary": (event.model.__doc__ or "").strip().splitlines()[0],
            "contentType": STRUCTURED,
            "bindings": {
                "kafka": {
                    "key": {"type": "string", "description": f"data.{event.key_field}"},
                    "bindingVersion": "0.5.0",
                }
            },
            "payload": {"$ref": f"./{event.name}.json"},
            "examples": [{"name": event.name, "payload": example(event)}],
        }
    for topic in TOPICS:
        events = [event for event in EVENT_TYPES if event.topic == topic.name]
        channels[topic.name] = {
            "address": topic.name,
            "description": f"{topic.what} Key: {topic.key}.",
            "messages": {event.name: {"$ref": f"#/components/messages/{event.name}"} for event in events},
            "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "bindingVersion": "0.5.0"}},
        }
        refs = [{"$ref": f"#/channels/{topic.name}/messages/{event.name}"} for event in events]
        for action, who in (("send", topic.producers), ("receive", topic.consumers)):
            operations[f"{action}-{topic.name}"] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{topic.name}"},
                "summary": f"By: {', '.join(who)}.",
                "messages": refs,
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Peyvand",
            "version": "1.0.0",
            "description": "Events in CloudEvents 1.0 structured mode; binary mode is read too.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": STRUCTURED,
        "servers": {"local": {"host": "127.0.0.1:9092", "protocol": "kafka"}},
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def documents() -> dict[str, str]:
    """Every generated file's text by its name."""
    made: dict[str, Any] = {f"{event.name}.json": json_schema(event) for event in EVENT_TYPES}
    made["asyncapi.json"] = async_api()
    return {name: json.dumps(value, ensure_ascii=False, indent=2) + "\n" for name, value in made.items()}


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit code."""
    wanted = documents()
    there = {file.name: file.read_text(encoding="utf-8") for file in SPECS.glob("*.json")} if SPECS.is_dir() else {}
    differing = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if "--check" in arguments:
        if differing:
            sys.stderr.write(f"docs/specs is not up to date: {', '.join(differing)}. Run `make specs`.\n")
        return 1 if differing else 0
    SPECS.mkdir(parents=True, exist_ok=True)
    for name in differing:
        if name in wanted:
            (SPECS / name).write_text(wanted[name], encoding="utf-8")
        else:
            (SPECS / name).unlink()
    sys.stdout.write(f"docs/specs: {len(wanted)} files, {len(differing)} written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
