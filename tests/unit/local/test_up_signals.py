"""How `peyvand up` ends."""

import os
import signal

import pytest

from services.up.signals import sigterm_as_interrupt


@pytest.fixture
def ignored_interrupt():
    """As in a process that a script's shell has put in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ignored_interrupt")
def test_sigterm_ends_it_in_the_background_too():
    with pytest.raises(KeyboardInterrupt), sigterm_as_interrupt():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
