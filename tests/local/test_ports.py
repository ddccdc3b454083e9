import os
import socket

import pytest

from services.local.errors import LocalStackError
from services.local.ports import HIGHEST, LOWEST, free_ports, is_free, require_free


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_named_with_purpose_and_holder(taken):
    with pytest.raises(LocalStackError) as caught:
        require_free(taken, "Kafka")
    assert caught.value.sentence.startswith(f"Port {taken}, wanted for Kafka, is taken by ")
    assert f"(process {os.getpid()})" in caught.value.sentence
    assert "set another port" in caught.value.hint


def test_a_port_is_free_again_at_once_after_connections(taken):
    with socket.create_connection(("127.0.0.1", taken)):
        assert not is_free(taken)
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the server's side closes first: its port is in TIME_WAIT for a minute
        client.close()
    assert is_free(port)


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(LocalStackError, match=f"{port} is no port for Neo4j"):
        require_free(port, "Neo4j")


def test_free_ports_differ_and_lie_below_those_of_outgoing_connections():
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(LOWEST <= port < HIGHEST and is_free(port) for port in ports)
