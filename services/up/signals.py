"""How a signal ends `peyvand up`."""

import contextlib
import os
import signal
from collections.abc import Generator


@contextlib.contextmanager
def sigterm_as_interrupt() -> Generator[None]:
    """Let SIGTERM end `up` as Ctrl-C does, also where a shell that put it in the background made it ignore Ctrl-C."""

    def interrupt(_number: int, _frame: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    before = {signal.SIGINT: signal.getsignal(signal.SIGINT), signal.SIGTERM: signal.getsignal(signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio takes it over only from this one
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
