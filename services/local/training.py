"""The training run for aot.py: both servers work a little on a throw-away store and write what they used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from services.local import bolt
from services.local.kafka import KafkaServer
from services.local.neo4j import Neo4jServer
from services.local.neo4j_auth import USER
from services.local.ports import free_ports
from services.local.versions import Server

STOP_SECONDS = 120.0  # the caches are written at the end
HEAP_MB = 1024
PAGE_CACHE_MB = 128
PASSWORD = "training"  # noqa: S105 - of a store on loopback that lives for ten seconds
STATEMENT_SECONDS = 60.0
ROUNDS = 5
ROWS = 100

STATEMENTS = Path(__file__).with_suffix(".cypher")


def train(jars: dict[Server, list[Path]], folder: Path) -> dict[Server, Path]:
    """Run both servers in `folder` and return the caches they wrote. Raises LocalStackError, OSError."""
    caches: dict[Server, Path] = {server: folder / f"{server}.aot" for server in jars}
    flags = {server: (f"-XX:AOTCacheOutput={path}",) for server, path in caches.items()}
    ports = free_ports(3)
    kafka = KafkaServer(
        folder / "kafka",
        jars=jars["kafka"],
        port=ports[0],
        controller_port=ports[1],
        heap_mb=HEAP_MB,
        flags=flags["kafka"],
    )
    neo4j = Neo4jServer(
        folder / "neo4j",
        jars=jars["neo4j"],
        port=ports[2],
        password=PASSWORD,
        heap_mb=HEAP_MB,
        page_cache_mb=PAGE_CACHE_MB,
        flags=flags["neo4j"],
    )

    def train_kafka() -> None:
        kafka.launch()
        kafka.wait_ready()

    def train_neo4j() -> None:
        neo4j.launch()
        neo4j.wait_ready()
        exercise(ports[2])

    try:
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(train_kafka), pool.submit(train_neo4j)]
        for job in jobs:
            job.result()
        for server in (kafka, neo4j):
            server.terminate()
        for server in (kafka, neo4j):
            server.finish(STOP_SECONDS)
    finally:
        kafka.kill()
        neo4j.kill()
    return {server: path for server, path in caches.items() if path.exists()}


def read_statements(path: Path = STATEMENTS) -> tuple[list[str], list[str]]:
    """Read the statements to run once and those to run with rows."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[:2] != "//"]
    border = lines.index("--")
    return lines[:border], lines[border + 1 :]


def exercise(port: int) -> None:
    """Run the statements on the server at `port`. Raises OSError."""
    schema, work = read_statements()
    try:
        with bolt.Connection(port, USER, PASSWORD, STATEMENT_SECONDS) as connection:
            for statement in schema:
                connection.run(statement)
            for number in range(ROUNDS):
                rows = [_row(number * ROWS // 2 + offset) for offset in range(ROWS)]
                for statement in work:
                    connection.run(statement, {"rows": rows})
    except (EOFError, bolt.BoltError) as error:
        msg = f"Neo4j broke off the training: {error!r}"
        raise OSError(msg) from error


def _row(number: int) -> dict[str, bolt.Value]:
    text = "لنت ترمز واگن" if number % 2 else "brake pad for a wagon"
    properties: dict[str, bolt.Value] = {"size": number % 100, "text": text, "codes": ["a", "b"]}
    return {"id": f"thing {number}", "group": f"group {number % 7}", "size": number, "set": properties}
