import re

import pytest

from services.local.lockfile import Jar, read_lock, write_lock
from services.local.versions import ROOT_COORDINATES

ROOTS = [Jar(root, 1, "0" * 64) for roots in ROOT_COORDINATES.values() for root in roots]
KAFKA_ROOTS, NEO4J_ROOTS = ROOTS[:2], ROOTS[2:]


def test_committed_lock_pins_both_servers_whole():
    lock = read_lock()
    assert len(lock["kafka"]) > 40
    assert len(lock["neo4j"]) > 200
    for jars in lock.values():
        assert len({jar.relative_path for jar in jars}) == len(jars)
        assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in jars)


def test_what_is_written_is_read(tmp_path):
    native = Jar("io.netty:netty-tcnative:1.0:linux-x86_64", 5, "f" * 64)
    jars = {"kafka": [*KAFKA_ROOTS, native], "neo4j": NEO4J_ROOTS}
    write_lock(jars, tmp_path / "jars.lock")
    assert read_lock(tmp_path / "jars.lock") == jars


def test_a_classifier_is_part_of_the_file_name():
    assert str(Jar("g.h:a:1.0:linux", 1, "").relative_path) == "g.h/a-1.0-linux.jar"
    assert str(Jar("g.h:a:1.0", 1, "").relative_path) == "g.h/a-1.0.jar"


@pytest.mark.parametrize("line", ["kafka a:b:1 12", "redis a:b:1 12 00", "kafka a:b 12 00"])
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "jars.lock"
    path.write_text(f"# head\n{line}\n")
    with pytest.raises(ValueError, match=r"jars\.lock, line 2: expected 'server coordinate bytes sha256'"):
        read_lock(path)


def test_a_lock_of_other_versions_is_refused(tmp_path):
    path = tmp_path / "jars.lock"
    write_lock({"kafka": KAFKA_ROOTS, "neo4j": NEO4J_ROOTS[:1]}, path)
    with pytest.raises(ValueError, match=rf"lacks {NEO4J_ROOTS[1].coordinate}.*--lock"):
        read_lock(path)
