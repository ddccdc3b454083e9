"""The folder of verified jars.

A jar gets its final name only after its sha256 was right, so a half-finished download never looks finished.
What was verified is remembered with size and modification time; a start with a full cache looks only at
those.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from services.local.errors import LocalStackError
from services.local.explain import DISK_FULL, NO_RIGHT, explain
from services.local.lockfile import Jar
from services.local.progress import Progress

if TYPE_CHECKING:
    from services.local.fetch import Downloader

STAGE = "fetch Kafka and Neo4j (once)"
THREADS = 6
TRIES = 3

State = list[str | int]


class JarCache:
    """Jars in `root`/jars; `root`/verified.json tells path -> [sha256, size, mtime in ns] when verified."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._manifest_path = root / "verified.json"
        self._verified: dict[str, State] = {}
        self.read()

    def path(self, jar: Jar) -> Path:
        """Where `jar` lies when it is there."""
        return self.root / "jars" / jar.relative_path

    def read(self) -> None:
        """Read verified.json; absent or damaged means that everything is hashed again."""
        try:
            content = json.loads(self._manifest_path.read_bytes())
        except (OSError, ValueError):
            content = {}
        self._verified = content if isinstance(content, dict) else {}

    def lacking(self, jars: list[Jar]) -> list[Jar]:
        """Return those that are absent, changed since they were verified, or pinned to another sha256."""
        return [jar for jar in jars if self._verified.get(str(jar.relative_path), []) != self._state(jar)]

    def fill(self, jars: list[Jar], progress: Progress) -> None:
        """Verify or fetch `jars`. Call with the cache's lock held. Raises LocalStackError, OSError."""
        from services.local.fetch import Downloader, sha256_of  # noqa: PLC0415 - slow, seldom needed

        sweep(self.root)
        wanted: list[Jar] = []
        for jar in jars:
            path = self.path(jar)
            if path.is_file() and path.stat().st_size == jar.size and sha256_of(path) == jar.sha256:
                self._remember(jar)
            else:
                wanted.append(jar)
        meter = _Meter(progress, sum(jar.size for jar in wanted))
        try:
            with Downloader() as downloader, ThreadPoolExecutor(THREADS) as pool:
                jobs = [pool.submit(self._bring, jar, downloader, meter) for jar in wanted]
                try:
                    for job in jobs:
                        job.result()
                finally:
                    pool.shutdown(wait=True, cancel_futures=True)  # after the first failure, start no more
        finally:
            self._write()

    def _bring(self, jar: Jar, downloader: Downloader, meter: _Meter) -> None:
        """Fetch one jar, with a few tries, verify it, give it its final name."""
        for attempt in range(1, TRIES + 1):
            try:
                self._try_to_bring(jar, downloader, meter)
            except (OSError, RuntimeError, LocalStackError) as error:
                local = isinstance(error, OSError) and error.errno in (*DISK_FULL, *NO_RIGHT)
                if local or attempt == TRIES:
                    raise explain(error, jar.coordinate, self.root) from error
            else:
                return

    def _try_to_bring(self, jar: Jar, downloader: Downloader, meter: _Meter) -> None:
        from services.local.fetch import sha256_of  # noqa: PLC0415 - as in fill

        part = Path(tempfile.mkdtemp(prefix="part-", dir=self.root))
        pieces: list[int] = []

        def count(size: int) -> None:
            pieces.append(size)
            meter.add(size)

        try:
            path = downloader.download(jar, part, count)
            _require(jar, sha256_of(path))
            target = self.path(jar)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            self._remember(jar)
        except BaseException:
            meter.add(-sum(pieces))
            raise
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _state(self, jar: Jar) -> State | None:
        try:
            stat = self.path(jar).stat()
        except OSError:
            return None
        return [jar.sha256, stat.st_size, stat.st_mtime_ns]

    def _remember(self, jar: Jar) -> None:
        self._verified[str(jar.relative_path)] = self._state(jar) or []

    def _write(self) -> None:
        temporary = self._manifest_path.with_suffix(".tmp")
        temporary.write_text(json.dumps(self._verified, indent=0), encoding="utf-8")
        temporary.replace(self._manifest_path)


def _require(jar: Jar, digest: str) -> None:
    """Raise LocalStackError unless `digest` is the pinned one."""
    if digest != jar.sha256:
        msg = f"{jar.coordinate} came with sha256 {digest}, but jars.lock pins {jar.sha256}."
        raise LocalStackError(msg, "A proxy or mirror on the way may alter files: try another network.")


def sweep(root: Path) -> None:
    """Remove what processes that died left in the cache. Call with the cache's lock held."""
    for leftover in root.glob("part-*"):
        shutil.rmtree(leftover, ignore_errors=True)


class _Meter:
    """Adds up bytes from several threads and tells the progress."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0
        self._lock = threading.Lock()
        if total:
            progress(STAGE, 0, total)

    def add(self, size: int) -> None:
        with self._lock:
            self._done += size
            self._progress(STAGE, self._done, self._total)
