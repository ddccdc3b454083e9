"""The class paths of the embedded servers: pinned jars, fetched once into a cache and verified."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from services.local.explain import explain
from services.local.filelock import FileLock
from services.local.jarcache import JarCache
from services.local.lockfile import Jar, read_lock
from services.local.progress import Progress, silent
from services.local.versions import Server


def default_cache_dir() -> Path:
    """Peyvand's folder in the user's cache directory ($XDG_CACHE_HOME/peyvand on Linux)."""
    return Path(platformdirs.user_cache_dir("peyvand", appauthor=False))


def resolve_jars(which: Server, progress: Progress = silent, cache_dir: Path | None = None) -> list[Path]:
    """Return the jars of `which` in class path order, fetching those that the cache lacks.

    Does not touch the network when all are there and unchanged. Raises LocalStackError when one cannot be
    had.
    """
    return resolve(read_lock()[which], progress, cache_dir)


def resolve(jars: list[Jar], progress: Progress = silent, cache_dir: Path | None = None) -> list[Path]:
    """Return the paths of `jars` in the cache, fetching what is missing or changed. See resolve_jars."""
    cache = JarCache(cache_dir or default_cache_dir())
    if cache.lacking(jars):
        try:
            cache.root.mkdir(parents=True, exist_ok=True)
            with FileLock(cache.root / "lock", lambda: progress("wait for another instance that prepares", 0, 0)):
                cache.read()  # whoever held the lock may have fetched them
                cache.fill(cache.lacking(jars), progress)
        except OSError as error:
            raise explain(error, "the jars", cache.root) from error
    return [cache.path(jar) for jar in jars]
