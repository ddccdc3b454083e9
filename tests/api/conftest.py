"""An app over an empty service, one per module, with a worker process where a test asks for it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from schemas.settings import Settings
from services.api.app import create_app
from tests.api.calls import Calls
from tests.service import empty_service, environment


@pytest.fixture(scope="module")
async def settings(stack_settings, tmp_path_factory) -> Settings:
    """As the settings of all tests, but emptied once a module: these tests keep apart by their ids."""
    kept = {"data_dir": tmp_path_factory.mktemp("data")}
    return await empty_service(stack_settings.model_copy(update=kept))


@pytest.fixture(scope="module")
def worker(settings, tmp_path_factory) -> Iterator[subprocess.Popen[bytes]]:
    """One worker process for the module."""
    folder = tmp_path_factory.mktemp("worker")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "worker", "--slot", "1"],
            env={**os.environ, **environment(settings)}, cwd=folder, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    yield process
    process.terminate()
    deadline = time.monotonic() + 12
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
async def app(settings):
    """The app while its lifespan runs."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture(scope="module")
async def calls(app) -> Calls:
    """Calls of the app without a network between."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=30) as client:
        yield Calls(client)
