"""The watchdog: a worker that stands still with work ends; one that is only slow with much of it goes on."""

from streams.vitals import PATIENCE, Stillness

SECONDS = 60.0


def looks(still: Stillness, until: int, **positions) -> list[tuple[int, str, float]]:
    """Look every 3 s at partitions, each with where it stands by time; what was found, with when and for how long."""
    found = []
    for now in range(0, until, 3):
        for tp, at in positions.items():
            seconds = still.look(tp, at(now), float(now), has_work=True)
            if seconds is not None:
                found.append((now, tp, seconds))
    return found


def test_one_that_stands_still_with_work_is_found_after_the_time():
    found = looks(Stillness(SECONDS), 90, a=lambda _: 7)
    assert found[0] == (63, "a", 63.0)


def test_one_that_moves_on_or_has_nothing_to_do_is_not():
    assert looks(Stillness(SECONDS), 1000, a=lambda now: now) == []
    still = Stillness(SECONDS)
    assert [still.look("a", 7, float(now), has_work=False) for now in range(0, 1000, 3)] == [None] * 334


def test_a_partition_that_waits_while_others_move_on_has_longer_and_not_for_ever():
    found = looks(Stillness(SECONDS), 400, a=lambda _: 7, b=lambda now: now)
    assert found[0][1:] == ("a", 303.0)
    assert found[0][0] == SECONDS * PATIENCE + 3


def test_when_the_others_stop_too_the_short_time_holds():
    found = looks(Stillness(SECONDS), 400, a=lambda _: 7, b=lambda now: min(now, 90))
    assert found[0][:2] == (153, "a")


def test_waiting_for_a_server_begins_anew():
    still = Stillness(SECONDS)
    looks(still, 60, a=lambda _: 7)
    still.forget()
    assert still.look("a", 7, 70.0, has_work=True) is None
    assert still.look("a", 7, 131.0, has_work=True) == 61.0
