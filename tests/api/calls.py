"""Calling the API in tests: writes that are waited for, reads that must succeed."""

import asyncio
import time
from typing import Any

import httpx


class Calls:
    """A client with what tests say often."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON of a 200."""
        response = await self.client.get(path, params={k: v for k, v in query.items() if v is not None} or None)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text}"
        return response.json()

    async def problem(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        """The problem document of an error."""
        response = await self.client.request(method, path, **arguments)
        assert response.status_code >= 400, f"{path}: {response.status_code} {response.text}"
        assert response.headers["content-type"] == "application/problem+json", response.text
        problem = response.json()
        assert problem["status"] == response.status_code
        assert problem["type"].startswith("urn:peyvand:problem:")
        return problem

    async def write(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of a 202."""
        arguments: dict[str, Any] = {"params": query or None}
        if body is not None:
            arguments["json"] = body
        response = await self.client.request(method, path, **arguments)
        assert response.status_code == 202, f"{path}: {response.status_code} {response.text}"
        return response.json()

    async def done(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """As write, and wait until the graph has it all the way."""
        accepted = await self.write(method, path, body, **query)
        await self.matched(*(accepted if isinstance(accepted, list) else [accepted]))
        return accepted

    async def matched(self, *accepted: dict[str, Any], seconds: float = 60) -> None:
        """Wait until the status links say `matched`."""
        deadline = time.monotonic() + seconds
        for one in accepted:
            while (status := await self.get(one["status"]))["status"] != "matched":
                assert time.monotonic() < deadline, f"{one} is still {status}"
                await asyncio.sleep(0.05)

    async def all_pages(self, path: str, **query: Any) -> list[Any]:
        """The rows of all pages."""
        rows: list[Any] = []
        cursor = None
        while True:
            page = await self.get(path, cursor=cursor, **query)
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows
