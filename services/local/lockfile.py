"""jars.lock: every jar of the embedded servers with size and sha256, one a line, in class path order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from services.local.versions import ROOT_COORDINATES, Server

LOCK_PATH = Path(__file__).with_name("jars.lock")
FIELDS = 4
HEADER = "# Made by `python -m services.local --lock`: server, coordinate, bytes, sha256.\n"


@dataclass(frozen=True, slots=True)
class Jar:
    """One pinned jar. `coordinate` is group:artifact:version or group:artifact:version:classifier."""

    coordinate: str
    size: int
    sha256: str

    @property
    def relative_path(self) -> Path:
        """Where it lies in the cache: group/artifact-version[-classifier].jar."""
        group, artifact, version, *classifier = self.coordinate.split(":")
        return Path(group) / ("-".join([artifact, version, *classifier]) + ".jar")


def read_lock(path: Path = LOCK_PATH) -> dict[Server, list[Jar]]:
    """Read the lock file.

    Raises ValueError with file and line when a line is not of the format, or when a pinned version is not in
    it.
    """
    jars: dict[Server, list[Jar]] = {"kafka": [], "neo4j": []}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        fields = line.split()
        if len(fields) != FIELDS or fields[0] not in jars or fields[1].count(":") not in (2, 3):
            msg = f"{path}, line {number}: expected 'server coordinate bytes sha256', found {line!r}."
            raise ValueError(msg)
        server: Server = "kafka" if fields[0] == "kafka" else "neo4j"
        jars[server].append(Jar(fields[1], int(fields[2]), fields[3]))
    for server, roots in ROOT_COORDINATES.items():
        missing = set(roots) - {jar.coordinate for jar in jars[server]}
        if missing:
            msg = f"{path} lacks {', '.join(sorted(missing))}: run python -m services.local --lock."
            raise ValueError(msg)
    return jars


def write_lock(jars: dict[Server, list[Jar]], path: Path = LOCK_PATH) -> None:
    """Write the lock file that read_lock reads."""
    lines = [f"{server} {jar.coordinate} {jar.size} {jar.sha256}\n" for server in jars for jar in jars[server]]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
