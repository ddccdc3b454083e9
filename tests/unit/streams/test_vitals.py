"""What may be committed, and when Faust is dead."""

from types import SimpleNamespace

import pytest
from faust.types.tuples import TP

from streams.vitals import crash_of, end_on_crash, owned


class EndedError(Exception):
    """Stands for the end of the process."""


def service(label: str, reason: BaseException | None = None) -> SimpleNamespace:
    return SimpleNamespace(label=label, crashed=reason is not None, crash_reason=reason)


def app(thread: SimpleNamespace) -> SimpleNamespace:
    consumer = service("consumer")
    consumer._thread = thread
    return SimpleNamespace(**vars(service("app")), consumer=consumer)


def test_offsets_of_partitions_that_went_to_another_are_left_out():
    kept, gone = TP("demand-events", 1), TP("demand-events", 2)
    assert owned({kept: 7, gone: 9}, [kept, TP("demand-events", 3)]) == {kept: 7}
    assert owned({gone: 9}, [kept]) == {}


def test_a_crash_deep_in_faust_is_seen():
    assert crash_of(app(service("thread"))) is None
    reason = ValueError({})
    assert crash_of(app(service("thread", reason))) is reason


async def test_the_worker_ends_when_faust_crashed():
    said = []

    def die(reason):
        said.append(reason)
        raise EndedError

    with pytest.raises(EndedError):
        await end_on_crash(app(service("thread", ValueError("x"))), die)
    assert [str(reason) for reason in said] == ["x"]
