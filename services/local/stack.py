"""The embedded stack: a real Kafka broker and a real Neo4j server as child processes."""

from __future__ import annotations

import atexit
from pathlib import Path
from types import TracebackType
from typing import Self

from services.local import kafka, neo4j
from services.local.aot import aot_flags
from services.local.bringup import bring_up
from services.local.endpoints import Endpoints, Memory
from services.local.errors import LocalStackError
from services.local.explain import explain_disk
from services.local.instance import Instance
from services.local.jars import default_cache_dir
from services.local.kafka import KafkaServer
from services.local.neo4j import Neo4jServer
from services.local.neo4j_auth import USER
from services.local.ports import free_ports, require_free
from services.local.prepare import prepare_machine
from services.local.progress import Progress, silent


class LocalStack:
    """Both servers with their data in `data_dir`, which outlives a stop. One instance a directory.

    Ports that are not given are chosen afresh at each start. The password, when not given, is made at the
    first start and kept in the data directory. Use as a context manager, or call start and stop. The servers
    end with this process however it ends. Every method raises LocalStackError when it cannot do what it says.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        kafka_port: int | None = None,
        neo4j_port: int | None = None,
        password: str | None = None,
        cache_dir: Path | None = None,
        memory: Memory | None = None,
        kafka_advertised_port: int | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.endpoints: Endpoints | None = None
        self._kafka_port = kafka_port
        self._neo4j_port = neo4j_port
        self._kafka_advertised_port = kafka_advertised_port
        self._password = password
        self._cache_dir = (cache_dir or default_cache_dir()).absolute()
        self._memory = memory or Memory()
        self._instance: Instance | None = None
        self._kafka: KafkaServer | None = None
        self._neo4j: Neo4jServer | None = None

    def start(self, progress: Progress = silent) -> Endpoints:
        """Start both, side by side; return when both serve. On failure everything is stopped again."""
        if self._instance:
            msg = f"The stack in {self.data_dir} was started already."
            raise LocalStackError(msg)
        instance = Instance(self.data_dir)
        instance.acquire()
        self._instance = instance
        atexit.register(self.stop)
        try:
            password = instance.password(self._password)
            broker, database = self._make_servers(password, progress)
            self._kafka, self._neo4j = broker, database
            bring_up([database, broker], progress)
            self.endpoints = Endpoints(broker.address, database.uri, USER, password)
            instance.keep_password(password)
            self._publish()
        except OSError as error:
            self.stop()
            raise explain_disk(error, self.data_dir) from error
        except BaseException:
            self.stop()
            raise
        return self.endpoints

    def stop(self) -> None:
        """Stop both, side by side, and give the data directory back. May be called twice."""
        broker, database = self._kafka, self._neo4j
        if broker:
            broker.terminate()
        if database:
            database.terminate()
        if broker:
            broker.finish(kafka.STOP_SECONDS)
        if database:
            database.finish(neo4j.STOP_SECONDS)
        self._kafka = self._neo4j = self.endpoints = None
        if self._instance:
            self._instance.release()
            self._instance = None
        atexit.unregister(self.stop)

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the servers that run: keys kafka and neo4j."""
        pairs = (("kafka", self._kafka), ("neo4j", self._neo4j))
        return {name: server.pid for name, server in pairs if server and server.pid}

    def check(self) -> None:
        """Raise LocalStackError when a server ended by itself since its start."""
        for server in (self._kafka, self._neo4j):
            if server:
                server.check()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def kill_kafka(self) -> None:
        """SIGKILL the broker."""
        self._broker().kill()
        self._publish()

    def restart_kafka(self) -> None:
        """Start the broker again at the same port, after stopping it in order when it still runs."""
        broker = self._broker()
        broker.terminate()
        broker.finish(kafka.STOP_SECONDS)
        self._again(broker)

    def kill_neo4j(self) -> None:
        """SIGKILL the database server."""
        self._database().kill()
        self._publish()

    def start_neo4j(self) -> None:
        """Start the database server again at the same port; without effect when it runs."""
        database = self._database()
        if database.pid is None:
            self._again(database)

    def _make_servers(self, password: str, progress: Progress) -> tuple[KafkaServer, Neo4jServer]:
        """Check the ports, fetch what is missing, build both servers; nothing is started yet."""
        for port, purpose in ((self._kafka_port, "Kafka"), (self._neo4j_port, "Neo4j")):
            if port is not None:
                require_free(port, purpose)
        cache = self._cache_dir
        jars = prepare_machine(progress, cache)
        spare = free_ports(3)
        broker = KafkaServer(
            self.data_dir / "kafka",
            jars=jars["kafka"],
            port=self._kafka_port or spare[0],
            controller_port=spare[1],
            heap_mb=self._memory.kafka_heap,
            flags=aot_flags("kafka", jars["kafka"], cache),
            advertised_port=self._kafka_advertised_port,
        )
        database = Neo4jServer(
            self.data_dir / "neo4j",
            jars=jars["neo4j"],
            port=self._neo4j_port or spare[2],
            password=password,
            heap_mb=self._memory.neo4j_heap,
            page_cache_mb=self._memory.neo4j_page_cache,
            flags=aot_flags("neo4j", jars["neo4j"], cache),
        )
        return broker, database

    def _again(self, server: KafkaServer | Neo4jServer) -> None:
        try:
            server.launch()
        except OSError as error:
            raise explain_disk(error, self.data_dir) from error
        server.wait_ready()
        self._publish()

    def _publish(self) -> None:
        if self._instance and self.endpoints:
            endpoints = self.endpoints
            self._instance.publish(endpoints.bootstrap_servers, endpoints.neo4j_uri, list(self.pids.values()))

    def _broker(self) -> KafkaServer:
        if self._kafka is None:
            msg = f"The stack in {self.data_dir} is not started."
            raise LocalStackError(msg)
        return self._kafka

    def _database(self) -> Neo4jServer:
        if self._neo4j is None:
            msg = f"The stack in {self.data_dir} is not started."
            raise LocalStackError(msg)
        return self._neo4j
