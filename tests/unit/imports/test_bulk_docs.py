"""What docs/bulk.md shows is taken as it stands."""

import re
from pathlib import Path

from services.imports.bulk.dates import day
from services.imports.bulk.kinds import yes_or_no
from services.imports.bulk.numbers import bounds, number
from tests.unit.imports.bulk_tables import csv_bytes, imported

GUIDE = (Path(__file__).parents[3] / "docs" / "bulk.md").read_text(encoding="utf-8")


def table_after(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    lines = GUIDE.split(heading, 1)[1].splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        rows.append([cell.strip().replace("\\|", "|") for cell in cells])
    return [row for row in rows if set("".join(row)) != {"-"}]


async def test_the_table_that_is_shown_is_a_demand_of_two_items(tmp_path):
    done = await imported("demands", csv_bytes(table_after("## What a table looks like")), tmp_path)
    assert done.by_row == {2: "accepted", 3: "accepted"}, done.rows
    assert [item.quantity for item in done.record.items] == [20_000, 500]
    assert done.record.items[0].needed_by == done.record.items[1].needed_by
    assert done.record.items[0].standards == [["ISO 9001", "ISO 22163"]]


def test_the_spellings_that_are_shown_are_read():
    taken = {row[0]: re.findall(r"`([^`]+)`", row[1]) for row in table_after("## What cells may hold")[1:]}
    assert {number(each) for each in taken["numbers"]} == {1500, 12.5, 22.5}
    assert {day(each).isoformat() for each in taken["dates"]} == {"2025-11-06"}
    assert [yes_or_no(each) for each in taken["yes, no"] if each not in "10"] == [True, True, True, False, False, False]
    shown = re.search(r"a range \(([^)]*)\)", GUIDE)
    assert shown is not None
    assert all(bounds(each) for each in re.findall(r"`([^`]+)`", shown[1]))
