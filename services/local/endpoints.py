"""What a stack is made of and where it is."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the servers are, as clients want it."""

    bootstrap_servers: str
    neo4j_uri: str
    neo4j_user: str
    neo4j_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Memory:
    """Heaps and Neo4j's page cache, in MB. The servers' other memory comes to about 200 MB each."""

    kafka_heap: int = 512
    neo4j_heap: int = 1024
    neo4j_page_cache: int = 512
