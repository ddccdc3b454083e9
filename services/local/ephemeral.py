"""An embedded stack for the time of a test: temporary data, free ports, nothing left at the end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from services.local.progress import Progress, silent
from services.local.stack import LocalStack

PREFIX = "peyvand-stack-"


@contextmanager
def ephemeral_stack(progress: Progress = silent, cache_dir: Path | None = None) -> Generator[LocalStack]:
    """Start both servers on temporary data and give the stack; stop it and remove the data at the end."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    stack = LocalStack(folder, cache_dir=cache_dir)
    try:
        stack.start(progress)
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)
