"""What is needed once a machine."""

from __future__ import annotations

from pathlib import Path

from services.local.aot import make_caches
from services.local.explain import explain_disk
from services.local.jars import default_cache_dir, resolve_jars
from services.local.progress import Progress, silent
from services.local.versions import Server


def prepare_machine(progress: Progress = silent, cache_dir: Path | None = None) -> dict[Server, list[Path]]:
    """Do what is needed once a machine: fetch the jars, make the caches for quick starts. Returns the jars.

    Without effect, and without network, when all is there. Raises LocalStackError.
    """
    cache = cache_dir or default_cache_dir()
    jars: dict[Server, list[Path]] = {
        "kafka": resolve_jars("kafka", progress, cache),
        "neo4j": resolve_jars("neo4j", progress, cache),
    }
    try:
        make_caches(jars, cache, progress)
    except OSError as error:
        raise explain_disk(error, cache) from error
    return jars
