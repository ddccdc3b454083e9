"""Ports: free ones, and who holds a taken one."""

from __future__ import annotations

import random
import socket

import psutil

from services.local.errors import LocalStackError

# Below the range from which Linux takes the ports of outgoing connections, so none of those can come in
# between.
LOWEST, HIGHEST = 20_000, 32_000
TRIES = 200
PORTS = 65_536


def is_free(port: int) -> bool:
    """Return whether a server can listen at 127.0.0.1:`port`."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: closing connections do not count
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Different ports that are free now."""
    found: list[int] = []
    for port in random.sample(range(LOWEST, HIGHEST), TRIES):
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    msg = f"No {count} free ports were found between {LOWEST} and {HIGHEST} on 127.0.0.1."
    raise LocalStackError(msg)


def require_free(port: int, purpose: str) -> None:
    """Raise LocalStackError naming port, purpose and, where it can be known, the process that holds it."""
    if not 0 < port < PORTS:
        msg = f"{port} is no port for {purpose}."
        raise LocalStackError(msg, "Give a number from 1 to 65535.")
    if not is_free(port):
        holder = holder_of(port)
        by = f" by {holder}" if holder else ""
        msg = f"Port {port}, wanted for {purpose}, is taken{by}."
        raise LocalStackError(msg, "Stop what holds it, or set another port.")


def holder_of(port: int) -> str | None:
    """'NAME (process PID)' of whoever listens at `port`, or None when that cannot be seen."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return None
