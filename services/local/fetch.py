"""Brings jars from the Maven repository through jgo, and resolves what the pinned roots need."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import jgo
from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import Artifact, MavenContext, PythonResolver

from services.local.lockfile import Jar
from services.local.versions import ROOT_COORDINATES, Server

TIMEOUT_SECONDS = 30

Count = Callable[[int], None]


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Downloader:
    """Downloads single jars over kept connections; safe from several threads. A context manager.

    jgo's own download opens two connections a jar: 56 s for all, measured where kept connections take 2 s.
    Repositories of the user's jgo settings (a mirror, say) are asked before Maven Central.
    """

    def __init__(self) -> None:
        self._client = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=True)
        self._repositories = {**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def download(self, jar: Jar, folder: Path, count: Count) -> Path:
        """Download `jar` below `folder` (fresh, private to this call) and return its path; not yet verified.

        `count` is told of every piece in bytes. Raises OSError on the network or disk, RuntimeError when the
        repository does not have it.
        """
        group, artifact, version, *classifier = jar.coordinate.split(":")
        context = MavenContext(
            resolver=_PooledResolver(self._client, count),
            repo_cache=folder,
            local_repos=[],
            remote_repos=self._repositories,
        )
        component = context.project(group, artifact).at_version(version)
        return component.artifact(classifier=classifier[0] if classifier else "").resolve()


class _PooledResolver(PythonResolver):
    """jgo's resolver, downloading with our client."""

    def __init__(self, client: httpx.Client, count: Count) -> None:
        super().__init__()
        self._client = client
        self._count = count

    def download(self, artifact: Artifact) -> Path | None:
        target = artifact.cached_path
        if target is None:
            msg = f"jgo has no folder for {artifact}"
            raise RuntimeError(msg)
        target.parent.mkdir(parents=True, exist_ok=True)
        unreachable: httpx.HTTPError | None = None
        answer = "no repository has it"
        for repository in artifact.context.remote_repos.values():
            address = f"{repository}/{artifact.component.path_prefix.as_posix()}/{artifact.filename}"
            try:
                with self._client.stream("GET", address) as response, target.open("wb") as stream:
                    answer = f"answer {response.status_code}"
                    if response.is_success:
                        for piece in response.iter_bytes():
                            stream.write(piece)
                            self._count(len(piece))
                        return target
            except httpx.HTTPError as error:
                unreachable = error
        if unreachable:
            msg = f"{type(unreachable).__name__}: {unreachable}"
            raise ConnectionError(msg) from unreachable
        raise RuntimeError(answer)


def resolve_roots(server: Server, tell: Callable[[str, int, int], None]) -> list[Jar]:
    """Resolve the pinned roots of `server` afresh, download every jar and hash it. For --lock only."""
    artifacts = jgo.resolve("+".join(ROOT_COORDINATES[server]))
    jars: dict[str, Jar] = {}
    for number, artifact in enumerate(artifacts, 1):
        parts = [artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier]
        coordinate = ":".join(part for part in parts if part)
        if artifact.packaging == "jar" and coordinate not in jars:
            path = artifact.resolve()
            jars[coordinate] = Jar(coordinate, path.stat().st_size, sha256_of(path))
        tell(f"lock {server}", number, len(artifacts))
    return list(jars.values())
