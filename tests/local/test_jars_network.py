"""Against the real repository, with the smallest of the pinned jars."""

import subprocess
import sys

import pytest

from services.local import fetch
from services.local.errors import LocalStackError
from services.local.jars import resolve
from services.local.lockfile import Jar, read_lock

SMALL = sorted((jar for jars in read_lock().values() for jar in jars), key=lambda jar: jar.size)[:4]

FETCH = """
import sys, pathlib
from services.local.jars import resolve
from services.local.lockfile import read_lock
jars = sorted((jar for jars in read_lock().values() for jar in jars), key=lambda jar: jar.size)[:4]
print(len(resolve(jars, cache_dir=pathlib.Path(sys.argv[1]))))
"""


def test_a_corrupted_jar_is_fetched_anew(tmp_path):
    path = resolve(SMALL[:1], cache_dir=tmp_path)[0]
    good = path.read_bytes()
    assert len(good) == SMALL[0].size
    path.write_bytes(good[: len(good) // 2])  # as a download that was cut off would look
    assert resolve(SMALL[:1], cache_dir=tmp_path) == [path]
    assert path.read_bytes() == good


def test_two_processes_at_once_share_one_cache(tmp_path):
    command = [sys.executable, "-c", FETCH, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in both] == [b"4\n", b"4\n"]
    assert not list(tmp_path.glob("part-*"))
    for jar in SMALL:
        assert fetch.sha256_of(tmp_path / "jars" / jar.relative_path) == jar.sha256


def test_a_jar_that_the_repository_lacks_is_named(tmp_path):
    nothing = Jar("org.neo4j:neo4j:5.26.30:no-such-classifier", 1, "0" * 64)
    with pytest.raises(LocalStackError, match=r"no-such-classifier could not be fetched .*404"):
        resolve([nothing], cache_dir=tmp_path)


def test_no_network_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "MAVEN_CENTRAL_URL", "http://127.0.0.1:9")  # nothing listens at the discard port
    with pytest.raises(LocalStackError, match="no network, or the Maven repository does not answer"):
        resolve(SMALL[:1], cache_dir=tmp_path)
