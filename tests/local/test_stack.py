"""Both real servers. One stack for the module, on data and ports of its own: these tests stop and kill it."""

import os
import signal
import socket
import time
from pathlib import Path

import psutil
import pytest

from services.local import LocalStack, LocalStackError, bolt, kafka_probe
from services.local.errors import EXIT_DATA, EXIT_RUNNING

PASSWORD = "of these tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """With a space and Persian letters, as a home folder may have."""
    return tmp_path_factory.mktemp("stack") / "my داده"


@pytest.fixture(scope="module")
def running(folder):
    stack = LocalStack(folder, password=PASSWORD)
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture
def stack(running):
    """The module's stack with both servers running, whatever the test before did."""
    if running.endpoints is None:
        running.start()
    if "kafka" not in running.pids:
        running.restart_kafka()
    running.start_neo4j()
    return running


def port_of(address):
    return int(address.rsplit(":", 1)[1])


def query(stack, cypher, **parameters):
    with bolt.Connection(port_of(stack.endpoints.neo4j_uri), "neo4j", PASSWORD, 20) as connection:
        return connection.run(cypher, parameters)


def kafka_answers(stack):
    return kafka_probe.answers(port_of(stack.endpoints.bootstrap_servers))


def refused(stack, cypher):
    with pytest.raises(bolt.BoltError) as caught:
        query(stack, cypher)
    return caught.value.code


def test_both_serve_on_loopback_only(stack):
    assert kafka_answers(stack)
    assert query(stack, "RETURN 1") == 1
    assert set(stack.pids) == {"kafka", "neo4j"}
    for pid in stack.pids.values():
        listening = [c.laddr.ip for c in psutil.Process(pid).net_connections("tcp") if c.status == "LISTEN"]
        assert listening
        assert {ip.removeprefix("::ffff:") for ip in listening} == {"127.0.0.1"}


def test_the_password_is_needed(stack):
    port = port_of(stack.endpoints.neo4j_uri)
    assert bolt.ask(port, "neo4j", "not it") == "refused"
    assert bolt.ask(port, "neo4j", PASSWORD) == "ready"
    assert PASSWORD not in repr(stack.endpoints)


def test_queries_cannot_read_files(stack, folder):
    (folder / "neo4j" / "import" / "some.csv").write_text("a,b")
    assert "ExternalResource" in refused(stack, "LOAD CSV FROM 'file:///some.csv' AS row RETURN row")


def test_queries_cannot_reach_the_network(stack):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/some.csv"
        assert refused(stack, f"LOAD CSV FROM '{address}' AS row RETURN row")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_transaction_log_takes_little_room(stack, folder):
    logs = list((folder / "neo4j" / "data" / "transactions").rglob("neostore.transaction.db.*"))
    assert logs
    assert sum(path.stat().st_blocks * 512 for path in logs) < 8_000_000


def test_a_second_instance_is_refused(stack, folder):
    with pytest.raises(LocalStackError) as caught:
        LocalStack(folder).start()
    assert caught.value.exit_code == EXIT_RUNNING
    assert f"process {os.getpid()}" in caught.value.sentence
    assert stack.endpoints.bootstrap_servers in caught.value.sentence
    assert query(stack, "RETURN 1") == 1


def test_data_outlives_a_stop_and_a_wrong_password_is_a_sentence(stack, folder):
    query(stack, "CREATE (:Kept {id: $id})", id="one")
    cluster = (folder / "kafka" / "data" / "meta.properties").read_text()
    pids = list(stack.pids.values())
    stack.stop()
    assert stack.pids == {}
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not (folder / "instance.json").exists()
    with pytest.raises(LocalStackError, match="does not take the password") as caught:
        LocalStack(folder, password="another").start()
    assert caught.value.exit_code == EXIT_DATA
    stack.start()
    assert query(stack, "MATCH (k:Kept {id: 'one'}) RETURN k") == 1
    assert (folder / "kafka" / "data" / "meta.properties").read_text() == cluster
    assert kafka_answers(stack)


def test_kafka_comes_back_at_its_port_after_a_kill(stack):
    before, pid = stack.endpoints, stack.pids["kafka"]
    stack.kill_kafka()
    assert not kafka_answers(stack)
    assert "kafka" not in stack.pids
    stack.check()  # a kill that was asked for is no failure
    stack.restart_kafka()
    assert kafka_answers(stack)
    assert stack.pids["kafka"] != pid
    assert stack.endpoints == before


def test_neo4j_keeps_what_was_committed_when_killed(stack):
    query(stack, "CREATE (:Committed)")
    stack.kill_neo4j()
    assert bolt.ask(port_of(stack.endpoints.neo4j_uri), "neo4j", PASSWORD) == "silent"
    stack.start_neo4j()
    assert query(stack, "MATCH (c:Committed) RETURN c") == 1


def test_a_server_that_ends_by_itself_is_told_with_its_log(stack):
    stack.check()
    os.kill(stack.pids["kafka"], signal.SIGKILL)
    while "kafka" in stack.pids:
        time.sleep(0.01)
    with pytest.raises(LocalStackError, match=r"Kafka ended by itself \(exit code -9\)") as caught:
        stack.check()
    assert "kafka.log" in caught.value.hint


def test_a_taken_port_leaves_nothing_behind(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        stack = LocalStack(tmp_path, neo4j_port=port)
        with pytest.raises(LocalStackError, match=f"Port {port}, wanted for Neo4j, is taken"):
            stack.start()
    assert stack.pids == {}
    assert not (tmp_path / "kafka").exists()
    assert not (tmp_path / "instance.json").exists()


def test_a_server_that_cannot_start_ends_the_other_and_shows_its_log(tmp_path):
    data = tmp_path / "neo4j" / "data"
    data.mkdir(parents=True)
    (data / "databases").write_text("a file where Neo4j wants a folder")
    stack = LocalStack(tmp_path)
    with pytest.raises(LocalStackError, match="Neo4j") as caught:
        stack.start()
    assert "neo4j.log" in caught.value.hint
    assert stack.pids == {}
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(p.info["cmdline"] or [])]
    assert Path(tmp_path, "kafka", "data", "meta.properties").exists()
