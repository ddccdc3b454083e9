"""A data directory belongs to one running instance, to one version of the servers, and has one password."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from pydantic import BaseModel, ValidationError

from services.local.errors import EXIT_DATA, EXIT_RUNNING, LocalStackError
from services.local.filelock import FileLock
from services.local.processes import ProcessName
from services.local.versions import KAFKA_VERSION, NEO4J_VERSION

MEGABYTE = 1024 * 1024
NEEDED_MB = 200


class Format(BaseModel):
    """What wrote a data directory (format.json). Raise `layout` when the folders in it change."""

    layout: int
    kafka: str
    neo4j: str

    def __str__(self) -> str:
        return f"Kafka {self.kafka} and Neo4j {self.neo4j} (layout {self.layout})"


class About(BaseModel):
    """Who runs, or ran, with a data directory (instance.json)."""

    process: ProcessName
    bootstrap_servers: str = ""
    neo4j_uri: str = ""
    servers: list[ProcessName] = []


OURS = Format(layout=1, kafka=KAFKA_VERSION, neo4j=NEO4J_VERSION)


class Instance:
    """Holds `data_dir`: lock, version mark, password file.

    The lock is the kernel's (flock on stack.lock), which frees it when the holder dies: a lock is never stale
    and a process id given to another does not matter. instance.json only tells who holds it, or held it last.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._lock = FileLock(data_dir / "stack.lock")
        self._about_path = data_dir / "instance.json"

    def acquire(self) -> None:
        """Take the directory, making it when absent. Raises LocalStackError."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            taken = self._lock.try_acquire()
        except OSError as error:
            msg = f"The data directory {self.data_dir} cannot be used: {error.strerror}."
            raise LocalStackError(
                msg,
                "Give another, or the right to write there.",
                EXIT_DATA,
            ) from error
        if not taken:
            raise self._already_running()
        try:
            self._end_orphans()
            self._check_space()
            self._check_format()
            self.publish("", "", [])
        except BaseException:
            self._lock.release()
            raise

    def release(self) -> None:
        """Give the directory back. May be called twice."""
        self._about_path.unlink(missing_ok=True)
        self._lock.release()

    def publish(self, bootstrap_servers: str, neo4j_uri: str, pids: list[int]) -> None:
        """Write who we are, for people and for whoever finds the directory in use."""
        about = About(
            process=ProcessName.of(os.getpid()),
            bootstrap_servers=bootstrap_servers,
            neo4j_uri=neo4j_uri,
            servers=[ProcessName.of(pid) for pid in pids],
        )
        write_atomically(self._about_path, about.model_dump_json(indent=1) + "\n")

    def password(self, given: str | None) -> str:
        """Return the given password, else the kept one, else a new one.

        The first of all is kept at once, because the store will be made with it.
        """
        path = self.data_dir / "password"
        if path.exists():
            return given or path.read_text(encoding="utf-8").strip()
        password = given or secrets.token_urlsafe(16)
        self.keep_password(password)
        return password

    def keep_password(self, password: str) -> None:
        """Keep a password that the server took, for starts that give none."""
        write_atomically(self.data_dir / "password", password + "\n")

    def _about(self) -> About | None:
        try:
            return About.model_validate_json(self._about_path.read_bytes())
        except (OSError, ValidationError):
            return None

    def _already_running(self) -> LocalStackError:
        about = self._about()
        who = f"process {about.process.pid}" if about else "its process is not known"
        addresses = [text for text in (about.bootstrap_servers, about.neo4j_uri) if text] if about else []
        state = f"at {' and '.join(addresses)}" if addresses else "still starting, or stopping"
        return LocalStackError(
            f"Another instance ({who}) runs with the data in {self.data_dir}, {state}.",
            "Use it, stop it, or give another data directory.",
            EXIT_RUNNING,
        )

    def _end_orphans(self) -> None:
        """Kill servers that a dead instance left. On Linux they die with it, elsewhere they may not."""
        about = self._about()
        for server in about.servers if about else []:
            server.kill()

    def _check_space(self) -> None:
        free_mb = shutil.disk_usage(self.data_dir).free // MEGABYTE
        if free_mb < NEEDED_MB:
            msg = f"The disk is full: {self.data_dir} has {free_mb} MB left, a start needs {NEEDED_MB} MB."
            raise LocalStackError(
                msg,
                "Free space, or give another data directory.",
            )

    def _check_format(self) -> None:
        path = self.data_dir / "format.json"
        try:
            found = Format.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            write_atomically(path, OURS.model_dump_json() + "\n")
            return
        except (OSError, ValidationError):
            found = None
        if found != OURS:
            msg = f"The data in {self.data_dir} was written by {found or 'something else'}, not {OURS}."
            raise LocalStackError(
                msg,
                "Give another data directory, or remove this one and load the events again.",
                EXIT_DATA,
            )


def write_atomically(path: Path, text: str) -> None:
    """Write a file, readable by its owner only, whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.touch(mode=0o600)
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
