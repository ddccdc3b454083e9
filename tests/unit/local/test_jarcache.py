import errno
import hashlib
import os

import pytest

from services.local import fetch
from services.local.errors import LocalStackError
from services.local.jarcache import STAGE, TRIES
from services.local.jars import resolve
from services.local.lockfile import Jar

CONTENT = {"g:a:1": b"jar a", "g:b:2": b"the longer jar b"}
JARS = [Jar(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in CONTENT.items()]


class Repository:
    """Stands in for the network: serves CONTENT, or what `answers` says for a coordinate, one try after another."""

    def __init__(self):
        self.answers = {}
        self.asked = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def download(self, jar, folder, count):
        self.asked.append(jar.coordinate)
        waiting = self.answers.get(jar.coordinate, [])
        answer = waiting.pop(0) if waiting else CONTENT[jar.coordinate]
        path = folder / "download"
        if isinstance(answer, Exception):
            path.write_bytes(b"half")
            count(4)
            raise answer
        path.write_bytes(answer)
        count(len(answer))
        return path


@pytest.fixture
def repository(monkeypatch):
    stand_in = Repository()
    monkeypatch.setattr(fetch, "Downloader", lambda: stand_in)
    return stand_in


def leftovers(cache):
    return list(cache.glob("part-*"))


def test_jars_are_fetched_once_in_order(tmp_path, repository):
    paths = resolve(JARS, cache_dir=tmp_path)
    assert [path.read_bytes() for path in paths] == list(CONTENT.values())
    assert resolve(JARS, cache_dir=tmp_path) == paths
    assert sorted(repository.asked) == sorted(CONTENT)
    assert not leftovers(tmp_path)


def test_progress_counts_bytes_to_the_end(tmp_path, repository):
    repository.answers["g:a:1"] = [ConnectionError("reset")]
    seen = []
    resolve(JARS, lambda *news: seen.append(news), tmp_path)
    total = sum(map(len, CONTENT.values()))
    assert seen[0] == (STAGE, 0, total)
    assert seen[-1] == (STAGE, total, total)


def test_a_changed_jar_is_fetched_anew_and_only_that(tmp_path, repository):
    paths = resolve(JARS, cache_dir=tmp_path)
    paths[0].write_bytes(b"JAR A")
    repository.asked.clear()
    resolve(JARS, cache_dir=tmp_path)
    assert repository.asked == ["g:a:1"]
    assert paths[0].read_bytes() == b"jar a"


def test_a_touched_but_right_jar_is_verified_not_fetched(tmp_path, repository):
    paths = resolve(JARS, cache_dir=tmp_path)
    os.utime(paths[0], (1, 1))
    (tmp_path / "verified.json").write_text("{ damaged")
    repository.asked.clear()
    resolve(JARS, cache_dir=tmp_path)
    assert repository.asked == []


def test_another_pinned_checksum_counts_as_changed(tmp_path, repository):
    resolve(JARS, cache_dir=tmp_path)
    newer = Jar("g:a:1", 5, hashlib.sha256(b"JAR A").hexdigest())
    repository.answers["g:a:1"] = [b"JAR A"]
    (path,) = resolve([newer], cache_dir=tmp_path)
    assert path.read_bytes() == b"JAR A"


def test_a_broken_download_is_tried_again(tmp_path, repository):
    repository.answers["g:a:1"] = [ConnectionError("reset"), b"cut off"]
    assert resolve(JARS, cache_dir=tmp_path)[0].read_bytes() == b"jar a"
    assert repository.asked.count("g:a:1") == 3
    assert not leftovers(tmp_path)


def test_a_jar_that_stays_wrong_is_never_kept(tmp_path, repository):
    repository.answers["g:a:1"] = [b"forged"] * TRIES
    with pytest.raises(LocalStackError, match=r"came with sha256 .* pins"):
        resolve(JARS, cache_dir=tmp_path)
    assert not (tmp_path / "jars" / JARS[0].relative_path).exists()
    assert not leftovers(tmp_path)


def test_without_network_a_sentence_and_what_was_fetched_stays(tmp_path, repository):
    repository.answers["g:a:1"] = [ConnectionError("no route")] * TRIES
    with pytest.raises(LocalStackError, match="g:a:1 could not be fetched: no network") as caught:
        resolve([JARS[1], JARS[0]], cache_dir=tmp_path)
    assert "Connect and start again" in caught.value.hint
    repository.asked.clear()
    resolve(JARS, cache_dir=tmp_path)
    assert repository.asked == ["g:a:1"]


def test_a_full_disk_is_told_at_once(tmp_path, repository):
    repository.answers["g:a:1"] = [OSError(errno.ENOSPC, "No space left on device")] * TRIES
    with pytest.raises(LocalStackError, match="The disk is full"):
        resolve(JARS, cache_dir=tmp_path)
    assert repository.asked.count("g:a:1") == 1
    assert not leftovers(tmp_path)


def test_an_unknown_jar_is_named(tmp_path, repository):
    repository.answers["g:a:1"] = [RuntimeError("answer 404")] * TRIES
    with pytest.raises(LocalStackError, match=r"g:a:1 .*answer 404"):
        resolve(JARS, cache_dir=tmp_path)


def test_leftovers_of_a_killed_process_are_swept(tmp_path, repository):
    (tmp_path / "part-dead").mkdir()
    (tmp_path / "part-dead" / "half.jar").write_bytes(b"half")
    resolve(JARS, cache_dir=tmp_path)
    assert not leftovers(tmp_path)


def test_a_cache_that_cannot_be_made_is_named(tmp_path, repository):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LocalStackError, match="file/cache"):
        resolve(JARS, cache_dir=tmp_path / "file" / "cache")
