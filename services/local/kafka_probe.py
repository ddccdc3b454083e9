"""Asks a Kafka broker which requests it speaks: proof that it serves, not only that its port is open."""

from __future__ import annotations

import socket
import struct

API_VERSIONS = 18
HEAD = struct.Struct(">iih")  # size, correlation id, error code


def answers(port: int, timeout: float = 2.0) -> bool:
    """Return whether the broker at 127.0.0.1:`port` answers ApiVersions (version 0) without error."""
    client = b"peyvand"
    request = struct.pack(">hhih", API_VERSIONS, 0, 1, len(client)) + client
    try:
        with socket.create_connection(("127.0.0.1", port), timeout) as sock:
            sock.settimeout(timeout)
            sock.sendall(struct.pack(">i", len(request)) + request)
            head = b""
            while len(head) < HEAD.size:
                part = sock.recv(HEAD.size - len(head))
                if not part:
                    return False
                head += part
    except OSError:
        return False
    _size, correlation, error = HEAD.unpack(head)
    return correlation == 1 and error == 0
