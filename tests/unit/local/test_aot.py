import logging
import os
import time

import pytest

from services.local import aot, training
from services.local.errors import LocalStackError
from services.local.java import java_command, java_path
from services.local.progress import silent


@pytest.fixture
def jars(tmp_path):
    return {"kafka": [tmp_path / "k.jar"], "neo4j": [tmp_path / "n.jar"]}


def test_caches_are_made_once_and_used(tmp_path, jars, monkeypatch):
    runs = []

    def train(_jars, folder):
        runs.append(folder)
        for server in jars:
            (folder / server).write_bytes(b"cache")
        return {server: folder / server for server in jars}

    monkeypatch.setattr(training, "train", train)
    aot.make_caches(jars, tmp_path, silent)
    aot.make_caches(jars, tmp_path, silent)
    assert len(runs) == 1
    assert not runs[0].exists()
    (flag,) = aot.aot_flags("kafka", jars["kafka"], tmp_path)
    assert flag.startswith(f"-XX:AOTCache={tmp_path}/aot/kafka-")


def test_a_failed_training_is_told_and_not_repeated(tmp_path, jars, monkeypatch, caplog):
    runs = []

    def train(_jars, _folder):
        runs.append(1)
        raise LocalStackError("Kafka ended while starting.")

    monkeypatch.setattr(training, "train", train)
    with caplog.at_level(logging.WARNING):
        aot.make_caches(jars, tmp_path, silent)
    aot.make_caches(jars, tmp_path, silent)
    assert len(runs) == 1
    assert "Kafka ended while starting" in caplog.text
    assert aot.aot_flags("kafka", jars["kafka"], tmp_path) == ()
    assert not list(tmp_path.glob("part-*"))


def test_a_failed_training_is_tried_again_after_a_day(tmp_path, jars, monkeypatch):
    runs = []
    monkeypatch.setattr(training, "train", lambda *_: runs.append(1) or {})
    aot.make_caches(jars, tmp_path, silent)
    for note in (tmp_path / "aot").iterdir():
        os.utime(note, (time.time() - 90_000,) * 2)
    aot.make_caches(jars, tmp_path, silent)
    aot.make_caches(jars, tmp_path, silent)
    assert len(runs) == 2


def test_other_jars_need_another_cache_and_old_ones_go(tmp_path, jars, monkeypatch):
    monkeypatch.setattr(training, "train", lambda *_: {})
    aot.make_caches(jars, tmp_path, silent)
    old = set((tmp_path / "aot").iterdir())
    aot.make_caches({**jars, "kafka": [tmp_path / "newer.jar"]}, tmp_path, silent)
    new = set((tmp_path / "aot").iterdir())
    assert len(new) == 2
    assert len(old & new) == 1


def test_the_java_of_the_package_is_there_and_leads_the_command(tmp_path):
    assert java_path().is_file()
    command = java_command([tmp_path / "a.jar", tmp_path / "b.jar"], ["Main", "x"], 64, ("-Dq=1",))
    assert command[:2] == [str(java_path()), "-Xmx64m"]
    assert command[-4:] == ["-cp", f"{tmp_path}/a.jar:{tmp_path}/b.jar", "Main", "x"]
    assert "-Dq=1" in command
