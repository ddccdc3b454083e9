"""Writes docs/reference.md, the table of commands, settings and topics: `python -m services.cli.reference [--check]`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from schemas.settings import Settings
from schemas.topics import TOPICS

FILE: Final = Path(__file__).parents[2] / "docs" / "reference.md"
DAY_MS: Final = 24 * 60 * 60 * 1000

HEAD: Final = """# Reference

Made by `make specs` from the code itself; `make lint` and the tests keep it true.

## Commands

Every reading command has `--json`. `--data-dir` before the command names the data directory of `peyvand up`.

| command | what it does |
|---|---|
"""
EXITS: Final = """
Exit codes: 0 done; 1 something inside went wrong; 2 wrong use, invalid input, or refused lines; 4 not found; 5 not
possible in the present state, or a rebuild that differs; 6 Kafka or Neo4j is unavailable; 69 a port, the network or the
disk; 70 a child process cannot be kept running; 73 another instance runs; 75 to 78 a worker ended itself (see
operations.md); 130 Ctrl-C.

## Settings

Read from the environment; `peyvand doctor` shows what is in force.

| variable | default | what it is |
|---|---|---|
"""
TOPIC_HEAD: Final = """
## Topics

| topic | key | partitions | kept | producers | consumers | what |
|---|---|---|---|---|---|---|
"""


def commands(group: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield every command with the first paragraph of its help."""
    for command in group.registered_commands:
        name = command.name or command.callback.__name__.replace("_", "-")
        paragraph = (command.callback.__doc__ or "").strip().split("\n\n")[0]
        yield f"{before}{name}", " ".join(paragraph.split())
    for inner in group.registered_groups:
        yield from commands(inner.typer_instance, f"{before}{inner.name} ")


def document() -> str:
    """The whole text of the reference."""
    from services.cli.main import app  # noqa: PLC0415 - the root imports the modules that are listed

    rows = [f"| `peyvand {name}` | {what} |\n" for name, what in commands(app)]
    settings = [
        f"| `PEYVAND_{name.upper()}` | {_default(field.default)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    ]
    topics: list[str] = []
    for topic in TOPICS:
        kept = "for ever" if topic.retention_ms < 0 else f"{topic.retention_ms // DAY_MS} days"
        who = f"{', '.join(topic.producers)} | {', '.join(topic.consumers)}"
        topics.append(f"| `{topic.name}` | {topic.key} | {topic.partitions} | {kept} | {who} | {topic.what} |\n")
    return HEAD + "".join(rows) + EXITS + "".join(settings) + TOPIC_HEAD + "".join(topics)


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(secret)" if value.get_secret_value() else ""
    return "" if value is None else str(value)


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit code."""
    wanted = document()
    same = FILE.is_file() and FILE.read_text(encoding="utf-8") == wanted
    if "--check" in arguments:
        if not same:
            sys.stderr.write("docs/reference.md is not up to date. Run `make specs`.\n")
        return 0 if same else 1
    FILE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
