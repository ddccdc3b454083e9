"""The one door to Neo4j: bounded, retried, and with errors that say what to do."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeVar

import neo4j
from neo4j import AsyncGraphDatabase, AsyncManagedTransaction
from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

from graph.clock import CLOCK, NOW
from schemas.errors import PeyvandError, UnavailableError
from schemas.settings import Settings

Row = dict[str, Any]
T = TypeVar("T")

READ_SECONDS = 20.0
WRITE_SECONDS = 60.0


class RefusedError(PeyvandError):
    """Neo4j will never take this statement with these values; trying again does not help."""

    slug = "refused"
    title = "The graph refuses this record"


REFUSED = (
    "Neo.ClientError.Schema.ConstraintValidationFailed",
    "Neo.ClientError.Schema.TokenNameError",
    "Neo.ClientError.Statement.ArgumentError",
    "Neo.ClientError.Statement.ArithmeticError",
    "Neo.ClientError.Statement.EntityNotFound",
    "Neo.ClientError.Statement.PropertyNotFound",
    "Neo.ClientError.Statement.TypeError",
)
"""What the values of a statement are at fault for. All else is the server's state, or our own query's fault."""
QUERY_FAULT = "Neo.ClientError.Statement."


class Tx:
    """A transaction that is told literal Cypher and parameters, and gives rows."""

    def __init__(self, tx: AsyncManagedTransaction) -> None:
        self._tx = tx

    async def rows(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Run a statement and return all its rows."""
        result = await self._tx.run(query, parameters)
        return await result.data()

    async def run(self, query: LiteralString, **parameters: object) -> None:
        """Run a statement for its effect."""
        result = await self._tx.run(query, parameters)
        await result.consume()


class Graph:
    """A pool of connections to one database. Raises UnavailableError when Neo4j cannot be reached."""

    def __init__(self, settings: Settings) -> None:
        self.uri = settings.neo4j_uri
        self.database = settings.neo4j_database
        self._driver = AsyncGraphDatabase.driver(
            settings.neo4j_uri,
            auth=(settings.neo4j_user, settings.neo4j_password.get_secret_value()),
            max_connection_pool_size=settings.neo4j_pool_size,
            connection_acquisition_timeout=30,
            connection_timeout=10,
            max_transaction_retry_time=30,
            initial_retry_delay=0.02,  # the default of 1 s would make each deadlock cost a second
            retry_delay_multiplier=2.0,
            notifications_min_severity="OFF",
            user_agent="peyvand",
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._driver.close()

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run one write transaction; transient failures (deadlock, leader switch) run it again from the start."""

        @neo4j.unit_of_work(timeout=WRITE_SECONDS, metadata={"app": "peyvand"})
        async def unit(tx: AsyncManagedTransaction) -> T:
            return await work(Tx(tx))

        await self._set_clock()
        async with self._session(neo4j.WRITE_ACCESS) as session:
            return await session.execute_write(unit)

    async def read(self, query: LiteralString, *, seconds: float = READ_SECONDS, **parameters: object) -> list[Row]:
        """Run one read query and return its rows. Reads go to the leader, so that they see what was just written."""

        async def unit(tx: AsyncManagedTransaction) -> list[Row]:
            result = await tx.run(query, parameters)
            return await result.data()

        bounded = neo4j.unit_of_work(timeout=seconds, metadata={"app": "peyvand"})(unit)
        await self._set_clock()
        async with self._session(neo4j.WRITE_ACCESS) as session:
            return await session.execute_read(bounded)

    async def run(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Run one auto-commit statement: schema changes and `CALL {} IN TRANSACTIONS`, which need it."""
        async with self._session(neo4j.WRITE_ACCESS) as session:
            result = await session.run(query, parameters)
            return await result.data()

    async def check(self) -> Row:
        """Name and version of the server, or UnavailableError with what to do."""
        found = await self.run(
            "CALL dbms.components() YIELD name, versions, edition RETURN name, versions[0] AS version, edition"
        )
        return found[0]

    async def _set_clock(self) -> None:
        """Ask for the time now and then; what fails here fails at the caller's own statement too."""
        if not CLOCK.asks():
            return
        asked_at = time.monotonic()
        async with self._session(neo4j.READ_ACCESS) as session:
            result = await session.run(neo4j.Query(NOW, timeout=READ_SECONDS))
            CLOCK.set((await result.data())[0]["now"], asked_at)

    @asynccontextmanager
    async def _session(self, mode: str) -> AsyncGenerator[neo4j.AsyncSession]:
        try:
            async with self._driver.session(database=self.database, default_access_mode=mode) as session:
                yield session
        except AuthError as error:
            msg = f"Neo4j at {self.uri} refuses the user or password"
            raise UnavailableError(msg, hint="Set PEYVAND_NEO4J_USER and PEYVAND_NEO4J_PASSWORD.") from error
        except (DriverError, ConfigurationError, OSError) as error:
            msg = f"Neo4j at {self.uri} cannot be reached: {error}"
            raise UnavailableError(msg, hint="Is it running, and is PEYVAND_NEO4J_URI right?") from error
        except Neo4jError as error:
            code = error.code or ""
            if code in REFUSED:
                msg = f"Neo4j refuses: {error.message} ({code})"
                raise RefusedError(msg) from error
            if code.startswith(QUERY_FAULT):
                raise  # a query of ours is wrong: that is for a developer, with its trace
            msg = f"Neo4j at {self.uri} could not finish: {error.message} ({code})"
            hint = "It is overloaded, restarting, full or read-only; the same call may succeed later."
            raise UnavailableError(msg, hint=hint) from error
