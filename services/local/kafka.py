"""A real Kafka broker (KRaft, one node) on this machine."""

from __future__ import annotations

import base64
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

from services.local import kafka_probe
from services.local.errors import LocalStackError
from services.local.java import java_command
from services.local.server import JavaServer, never
from services.local.spawn import spawn

READY_SECONDS = 90.0
STOP_SECONDS = 20.0
FORMAT_SECONDS = 60.0
FORMAT_HEAP_MB = 128

# Single node, so every replication factor is 1. Topics are made by the registry, never by a typing mistake; their
# retention is theirs to state. No delay before the first rebalance: one consumer group starts all at once. After a
# kill -9 the broker is let in again only when its old session has run out: 4 s instead of 9 s for a single node.
# The data folder is relative to the working directory: a properties file takes no Persian letter, no comma in it.
CONFIG = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
log.cleaner.dedupe.buffer.size=8388608
"""

LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.showThreadName=false",
)


def _cluster_id() -> str:
    """Make a random id as Kafka writes them. None that starts with a dash: the tool would read it as an option."""
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return made


class KafkaServer(JavaServer):
    """Broker at 127.0.0.1:`port`; data, settings and logs below `folder`."""

    def __init__(
        self,
        folder: Path,
        *,
        jars: list[Path],
        port: int,
        controller_port: int,
        heap_mb: int,
        flags: tuple[str, ...] = (),
        advertised_port: int | None = None,
    ) -> None:
        super().__init__("Kafka", folder / "kafka.log")
        self.port = port
        self._advertised = advertised_port or port
        self._folder = folder
        self._jars = jars
        self._controller_port = controller_port
        self._heap_mb = heap_mb
        self._flags = (*flags, *LOGGING, f"-Djava.io.tmpdir={folder / 'tmp'}")

    @property
    def address(self) -> str:
        """For bootstrap.servers."""
        return f"127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Write the settings, format the storage when it is new, start. Returns before the broker serves.

        Raises LocalStackError, or OSError on the disk.
        """
        (self._folder / "tmp").mkdir(parents=True, exist_ok=True)
        config = CONFIG.format(port=self.port, controller_port=self._controller_port, advertised=self._advertised)
        (self._folder / "server.properties").write_text(config, encoding="ascii")
        if not (self._folder / "data" / "meta.properties").exists():
            self._format()
        self.start(self._command("kafka.Kafka", "server.properties", heap_mb=self._heap_mb), self._folder)

    def wait_ready(self, given_up: Callable[[], bool] = never) -> None:
        """Return when the broker answers. Raises LocalStackError."""
        self.wait_until(lambda: kafka_probe.answers(self.port), READY_SECONDS, given_up)

    def _command(self, *main: str, heap_mb: int) -> list[str]:
        return java_command(self._jars, list(main), heap_mb, self._flags)

    def _format(self) -> None:
        """Give the storage a cluster id. What an interrupted format left is formatted over."""
        cluster = _cluster_id()
        arguments = ["format", "-t", cluster, "-c", "server.properties", "--ignore-formatted"]
        command = self._command("kafka.tools.StorageTool", *arguments, heap_mb=FORMAT_HEAP_MB)
        process = spawn(command, self._folder, self.log)
        try:
            code = process.wait(FORMAT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if code != 0:
            msg = f"Kafka's storage in {self._folder} could not be formatted (exit code {code})."
            raise LocalStackError(
                msg,
                self.last_words(),
            )
