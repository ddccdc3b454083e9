"""Other people's data, read where it lies: beside the project or where PEYVAND_TEST_DATA says. A user's machine has none."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("PEYVAND_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")


def needed(*parts: str) -> Path:
    """A file of the data, or a skip that says what is absent."""
    found = DATA.joinpath(*parts)
    if not found.exists():
        pytest.skip(f"{found} is not there: it is other people's data and no part of the project (PEYVAND_TEST_DATA)")
    return found


@pytest.fixture(scope="session")
def ted_files() -> list[Path]:
    return [needed("ted", "ted_rail.jsonl"), needed("ted", "ted_other_a.jsonl")]


@pytest.fixture(scope="session")
def suppliers_file() -> Path:
    return needed("fa-rail-suppliers", "suppliers_fa.jsonl")
