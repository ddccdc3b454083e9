import json
import os
import shutil
import subprocess
import sys

import pytest

from services.local.errors import EXIT_DATA, EXIT_RUNNING, LocalStackError
from services.local.instance import Instance
from services.local.processes import ProcessName

HOLD = """
import sys, pathlib
from services.local.instance import Instance
held = Instance(pathlib.Path(sys.argv[1]))
held.acquire()
held.publish("127.0.0.1:9", "bolt://127.0.0.1:8", [])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds tmp_path."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_directory_in_use_is_refused_with_pid_and_addresses(tmp_path, holder):
    with pytest.raises(LocalStackError) as caught:
        Instance(tmp_path).acquire()
    assert f"process {holder.pid}" in caught.value.sentence
    assert "127.0.0.1:9 and bolt://127.0.0.1:8" in caught.value.sentence
    assert caught.value.exit_code == EXIT_RUNNING


def test_the_lock_of_a_killed_process_is_free(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / "instance.json").exists()
    instance = Instance(tmp_path)
    instance.acquire()
    assert json.loads((tmp_path / "instance.json").read_bytes())["process"]["pid"] == os.getpid()
    instance.release()
    assert not (tmp_path / "instance.json").exists()


def test_a_process_id_given_to_another_holds_nothing_and_is_spared(tmp_path):
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        reused = ProcessName(pid=sleeper.pid, started=ProcessName.of(sleeper.pid).started - 3600)
        about = {"process": reused.model_dump(), "servers": [reused.model_dump()]}
        (tmp_path / "instance.json").write_text(json.dumps(about))
        instance = Instance(tmp_path)
        instance.acquire()
        instance.release()
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_servers_that_a_dead_instance_left_are_ended(tmp_path):
    orphan = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    name = ProcessName.of(orphan.pid)
    dead = ProcessName(pid=name.pid, started=1.0)
    about = {"process": dead.model_dump(), "servers": [name.model_dump()]}
    (tmp_path / "instance.json").write_text(json.dumps(about))
    instance = Instance(tmp_path)
    instance.acquire()
    instance.release()
    assert name.find() is None
    orphan.wait(5)


@pytest.mark.parametrize("text", ["", "[]", '{"process": 3}', "\x00"])
def test_a_damaged_note_does_not_stop_a_start(tmp_path, text):
    (tmp_path / "instance.json").write_text(text)
    instance = Instance(tmp_path)
    instance.acquire()
    instance.release()


@pytest.mark.parametrize(
    ("text", "wrote"),
    [
        ('{"layout": 1, "kafka": "3.9.0", "neo4j": "5.26.30"}', "Kafka 3.9.0 and Neo4j 5.26.30"),
        ("{}", "something else"),
        ("", "something else"),
    ],
)
def test_data_of_another_version_is_refused_and_left_alone(tmp_path, text, wrote):
    (tmp_path / "format.json").write_text(text)
    with pytest.raises(LocalStackError, match=wrote) as caught:
        Instance(tmp_path).acquire()
    assert caught.value.exit_code == EXIT_DATA
    assert (tmp_path / "format.json").read_text() == text
    (tmp_path / "format.json").unlink()
    instance = Instance(tmp_path)  # the refusal gave the lock back
    instance.acquire()
    instance.release()


def test_a_directory_that_is_a_file_is_named(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(LocalStackError, match="data cannot be used"):
        Instance(tmp_path / "data").acquire()


def test_a_full_disk_is_told_before_anything_starts(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=3 * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(LocalStackError, match="has 3 MB left"):
        Instance(tmp_path).acquire()


def test_a_password_is_made_once_and_readable_by_the_owner_only(tmp_path):
    instance = Instance(tmp_path)
    made = instance.password(None)
    assert len(made) >= 16
    assert Instance(tmp_path).password(None) == made
    assert (tmp_path / "password").stat().st_mode & 0o777 == 0o600


def test_a_given_password_makes_the_store_and_a_later_one_is_kept_only_when_it_worked(tmp_path):
    assert Instance(tmp_path).password("first-one") == "first-one"
    assert Instance(tmp_path).password("wrong-one") == "wrong-one"
    assert Instance(tmp_path).password(None) == "first-one"
    Instance(tmp_path).keep_password("changed-in-the-database")
    assert Instance(tmp_path).password(None) == "changed-in-the-database"
