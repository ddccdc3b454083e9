"""A TCP proxy that breaks on purpose: refuses, resets, swallows or slows what passes."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

CHUNK: Final = 65_536
SWALLOWED_SECONDS: Final = 0.05


class Way(StrEnum):
    """What the proxy does with bytes."""

    PASS = "pass"  # noqa: S105 - no password
    CUT = "cut"
    SWALLOW = "swallow"
    DEAF = "deaf"
    SLOW = "slow"


@dataclass(slots=True)
class Proxy:
    """From a port on 127.0.0.1 to another. CUT resets what is open and refuses what comes; SWALLOW keeps all open.

    DEAF lets questions through and swallows the answers: what was asked is done, and who asked does not know.
    """

    to: int
    port: int = 0
    way: Way = Way.PASS
    delay: float = 0.1
    passed: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        self._reset()

    def set(self, way: Way) -> None:
        """From now on do this. A cut resets every connection; so does the end of swallowing, whose bytes are gone."""
        before, self.way = self.way, way
        if way is Way.CUT or before in (Way.SWALLOW, Way.DEAF):
            self._reset()

    def _reset(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.way is Way.CUT:
            writer.transport.abort()
            return
        try:
            there, out = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, out}
        self._open |= both
        try:
            await asyncio.gather(self._pump(reader, out), self._pump(there, writer, answers=True))
        finally:
            self._open -= both
            for end in both:
                end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK):
                if self.way is Way.SWALLOW or (answers and self.way is Way.DEAF):
                    await asyncio.sleep(SWALLOWED_SECONDS)
                    continue
                if self.way is Way.SLOW:
                    await asyncio.sleep(self.delay)
                sink.write(data)
                self.passed += len(data)
                await sink.drain()
        sink.transport.abort()
