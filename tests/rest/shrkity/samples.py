"""Clients of Shrkity's API, as its documents say to write them."""

import httpx
from starlette.applications import Starlette

BASE = "http://shrkity.test/api/v1"


def new_client(
    app: Starlette, key: str | None, *, address: str = "127.0.0.1", base: str = BASE
) -> httpx.AsyncClient:
    headers = {"Accept": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    transport = httpx.ASGITransport(app, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url=base, headers=headers)
