"""The versions of the embedded servers, pinned here and nowhere else.

A change here needs a new jars.lock: `python -m services.local --lock`.
"""

from __future__ import annotations

from typing import Literal

Server = Literal["kafka", "neo4j"]

KAFKA_VERSION = "4.3.1"
NEO4J_VERSION = "5.26.30"
SLF4J_VERSION = "1.7.36"
SCALA_LINE = "2.13"

ROOT_COORDINATES: dict[Server, tuple[str, ...]] = {
    "kafka": (
        f"org.apache.kafka:kafka_{SCALA_LINE}:{KAFKA_VERSION}",
        f"org.slf4j:slf4j-simple:{SLF4J_VERSION}",
    ),
    "neo4j": (
        f"org.neo4j.app:neo4j-server:{NEO4J_VERSION}",
        f"org.neo4j:neo4j:{NEO4J_VERSION}",
    ),
}
