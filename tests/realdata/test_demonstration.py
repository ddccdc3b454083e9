"""The commands of services/demo/README.md on the running demonstration: a real supplier is matched, and it is said why."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.e2e.test_up import Running

ROOT = Path(__file__).parents[2]
README = ROOT / "services" / "demo" / "README.md"


def commands() -> list[list[str]]:
    """The commands of the section on real suppliers, as a user types them."""
    section = README.read_text(encoding="utf-8").partition("## Real suppliers")[2]
    lines = re.search(r"```\n(.+?)```", section, re.DOTALL)
    assert lines is not None
    found = [shlex.split(line.partition("  #")[0]) for line in lines[1].splitlines() if line.startswith("peyvand ")]
    assert [each[1] for each in found] == ["import", "publish", "match", "explain"]
    return [each[1:] for each in found]


@pytest.mark.timeout(400)
def test_the_documented_commands_show_a_real_supplier_with_reasons(tmp_path, suppliers_file):
    steps = [
        [str(suppliers_file) if word.endswith("suppliers_fa.jsonl") else word for word in command]
        for command in commands()
    ]
    steps = [[str(ROOT / word) if word.startswith("examples/") else word for word in step] for step in steps]
    up = Running(tmp_path)
    up.wait_for("Ready after")
    try:
        imported, published, match, explain = steps
        assert "11 records, 39 events acknowledged." in up.call(*imported)
        assert "1 events acknowledged." in up.call(*published)
        up.settle()
        said = up.call(*match)
        assert "Wagon Pars (MAPNA)" in said
        assert "1500 دستگاه per year" in said
        found = json.loads(up.call(*explain, "--json"))
        assert found["verdict"]["outcome"] == "match"
        told = {each["kind"]: each for each in found["verdict"]["criteria"]}
        assert told["thing"]["layer"] == "same"
        assert told["thing"]["finding"] == told["capacity"]["finding"] == "met"
        assert "11 records" in up.call(*imported)  # a second time changes nothing
        up.settle()
        assert up.call(*match) == said
    finally:
        up.interrupt()
