import pytest

from tests.unit.demo.folded import Folded, fold


@pytest.fixture(scope="session")
def demo() -> Folded:
    """The demonstration after its last event."""
    return fold()
