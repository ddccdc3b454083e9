"""Just enough Bolt to ask a server whether it answers, and to run a statement. No driver, one socket.

Source: the Bolt protocol specification (handshake; HELLO, LOGON, RUN, PULL; PackStream). Version 5.2 is asked
for.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self, Union

MAGIC = bytes.fromhex("6060B017")
VERSIONS = bytes.fromhex("00000205") + bytes(12)  # four proposals of four bytes; three are empty
HELLO, LOGON, GOODBYE, RUN, PULL = 0x01, 0x6A, 0x02, 0x10, 0x3F
SUCCESS, RECORD = 0x70, 0x71
TINY_INT_MIN, TINY_INT_MAX, TINY_SIZE_MAX, BYTE_MAX = -16, 127, 15, 255

BoltAnswer = Literal["ready", "refused", "silent"]
Value = Union[str, int, Sequence["Value"], Mapping[str, "Value"]]  # noqa: UP007 - refers to itself


def pack(value: Value) -> bytes:
    """PackStream: text and whole numbers, lists and maps of up to 65,535 of them."""
    if isinstance(value, str):
        data = value.encode()
        return _sized(len(data), 0x80, 0xD0) + data
    if isinstance(value, int):
        return struct.pack(">b", value) if TINY_INT_MIN <= value <= TINY_INT_MAX else b"\xcb" + struct.pack(">q", value)
    if isinstance(value, Mapping):
        return _sized(len(value), 0xA0, 0xD8) + b"".join(pack(k) + pack(v) for k, v in value.items())
    return _sized(len(value), 0x90, 0xD4) + b"".join(pack(item) for item in value)


def _sized(size: int, tiny: int, large: int) -> bytes:
    """Head of a sized value: `tiny` + size below 16, else marker `large` and a byte, or the next and two."""
    if size <= TINY_SIZE_MAX:
        return bytes([tiny + size])
    if size <= BYTE_MAX:
        return bytes([large, size])
    return bytes([large + 1]) + struct.pack(">H", size)


def message(tag: int, *fields: Value) -> bytes:
    """One Bolt message, in chunks."""
    body = bytes([0xB0 + len(fields), tag]) + b"".join(pack(field) for field in fields)
    chunks = [body[start : start + 65_535] for start in range(0, len(body), 65_535)]
    return b"".join(struct.pack(">H", len(chunk)) + chunk for chunk in chunks) + b"\0\0"


class BoltError(Exception):
    """The server said no to a message. `code` is Neo4j's, like Neo.ClientError.Security.Unauthorized."""

    def __init__(self, answer: bytes) -> None:
        found = re.search(rb"Neo\.[A-Za-z.]+", answer)
        self.code = found.group().decode() if found else "no code"
        super().__init__(self.code)


class Connection:
    """A connection to 127.0.0.1:`port`, logged on. A context manager. Raises OSError, EOFError, BoltError."""

    def __init__(self, port: int, user: str, password: str, timeout: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        try:
            self._socket.sendall(MAGIC + VERSIONS)
            if self._read(4) != VERSIONS[:4]:
                raise OSError("not Bolt 5.2")  # noqa: TRY301 - one way out closes the socket
            self._socket.sendall(message(HELLO, {"user_agent": "peyvand/1"}))
            if self._answer()[1] != SUCCESS:
                raise OSError("no welcome")  # noqa: TRY301 - as above
            self._ask(LOGON, {"scheme": "basic", "principal": user, "credentials": password})
        except BaseException:
            self._socket.close()
            raise

    def run(self, cypher: str, parameters: Mapping[str, Value] | None = None) -> int:
        """Run one statement in a transaction of its own; return the number of its rows."""
        self._ask(RUN, cypher, parameters or {}, {})
        self._socket.sendall(message(PULL, {"n": -1}))
        rows = 0
        while (answer := self._answer())[1] == RECORD:
            rows += 1
        if answer[1] != SUCCESS:
            raise BoltError(answer)
        return rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # it may be gone already
            self._socket.sendall(message(GOODBYE))
        self._socket.close()

    def _ask(self, tag: int, *fields: Value) -> None:
        self._socket.sendall(message(tag, *fields))
        answer = self._answer()
        if answer[1] != SUCCESS:
            raise BoltError(answer)

    def _answer(self) -> bytes:
        """Read one message: a structure's head, its tag, its fields."""
        body = b""
        while True:
            (size,) = struct.unpack(">H", self._read(2))
            if size == 0 and body:
                return body
            body += self._read(size)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data


def ask(port: int, user: str, password: str, timeout: float = 2.0) -> BoltAnswer:
    """Log on at 127.0.0.1:`port`.

    "ready": the server took the credentials. "refused": it answers, but not to them. "silent": nothing there,
    or not Bolt, or not yet.
    """
    try:
        with Connection(port, user, password, timeout):
            return "ready"
    except BoltError as error:
        return "refused" if error.code == "Neo.ClientError.Security.Unauthorized" else "silent"
    except (OSError, EOFError):
        return "silent"
