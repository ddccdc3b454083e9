"""A real Neo4j Community server on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from services.local import bolt
from services.local.errors import EXIT_DATA, LocalStackError
from services.local.java import java_command
from services.local.neo4j_auth import USER, auth_line
from services.local.server import JavaServer, never

READY_SECONDS = 120.0
STOP_SECONDS = 30.0

# Loopback only, no HTTP, no reports home. Without the next two, LOAD CSV reads files and reaches any address. The
# allow-list governs plug-ins, of which there are none: Community always offers its own procedures, dbms.listConfig
# among them (tried on 5.26.30), so queries of users need the guard in graph. Preallocated transaction logs would
# take 256 MB a database. With Bolt's default quiet period a stop takes 10 s instead of 0.3 s.
CONFIG = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.heap.initial_size={heap_mb}m
server.memory.heap.max_size={heap_mb}m
server.memory.pagecache.size={page_cache_mb}m
dbms.security.auth_enabled=true
dbms.security.auth_lock_time=1s
dbms.security.allow_csv_import_from_file_urls=false
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0
dbms.security.procedures.allowlist={procedures}
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=100M size
db.transaction.timeout=60s
db.lock.acquisition.timeout=10s
db.memory.transaction.max=256m
db.logs.query.enabled=OFF
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""

MAIN_CLASS = "org.neo4j.server.CommunityEntryPoint"
PROCEDURES = "db.*,dbms.components"

FLAGS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
)


class Neo4jServer(JavaServer):
    """Server at bolt://127.0.0.1:`port`, user neo4j; data, settings and logs below `folder`."""

    def __init__(
        self,
        folder: Path,
        *,
        jars: list[Path],
        port: int,
        password: str,
        heap_mb: int,
        page_cache_mb: int,
        flags: tuple[str, ...] = (),
    ) -> None:
        super().__init__("Neo4j", folder / "neo4j.log", (folder / "logs" / "neo4j.log",))
        self.port = port
        self._folder = folder
        self._jars = jars
        self._password = password
        self._heap_mb = heap_mb
        self._page_cache_mb = page_cache_mb
        self._flags = (*flags, *FLAGS, f"-Djava.io.tmpdir={folder / 'tmp'}")

    @property
    def uri(self) -> str:
        """For the driver."""
        return f"bolt://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Write the settings, and the password when the store is new; start.

        Returns before the server serves. Raises OSError on the disk.
        """
        for name in ("conf", "tmp", "import"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        config = CONFIG.format(
            port=self.port, heap_mb=self._heap_mb, page_cache_mb=self._page_cache_mb, procedures=PROCEDURES
        )
        (self._folder / "conf" / "neo4j.conf").write_text(config, encoding="ascii")
        if not (self._folder / "data" / "databases").exists():
            auth = self._folder / "data" / "dbms" / "auth.ini"
            auth.parent.mkdir(parents=True, exist_ok=True)
            auth.touch(mode=0o600)
            auth.write_text(auth_line(self._password), encoding="utf-8")
        main = [MAIN_CLASS, f"--home-dir={self._folder}", f"--config-dir={self._folder / 'conf'}"]
        self.start(java_command(self._jars, main, self._heap_mb, self._flags), self._folder)

    def wait_ready(self, given_up: Callable[[], bool] = never) -> None:
        """Return when the server takes our password. Raises LocalStackError."""
        answer: list[bolt.BoltAnswer] = []

        def answers() -> bool:
            answer[:] = [bolt.ask(self.port, USER, self._password)]
            return answer[0] != "silent"

        self.wait_until(answers, READY_SECONDS, given_up)
        if answer[0] == "refused":
            msg = f"Neo4j does not take the password: the data in {self._folder} was made with another."
            raise LocalStackError(
                msg,
                "Give that password, or another data directory.",
                EXIT_DATA,
            )
