"""The whole application in process: its own pool and gate, on the tests' database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from asgi_lifespan import LifespanManager
from starlette.types import ASGIApp

from domain.api_credentials import ApiCredential
from domain.users import User
from persistence.storage import SqlStorage
from server.app import create_app
from server.settings import Settings
from tests.conftest import World
from tests.server.gates import issued

Issue = Callable[..., Awaitable[ApiCredential]]
_ADDRESSES = count(1)


@asynccontextmanager
async def started(url: str, folder: Path, **values: Any) -> AsyncIterator[ASGIApp]:
    """The application between start-up and shutdown."""
    settings = Settings(data_dir=folder, pool_size=5, **values)
    async with LifespanManager(create_app(settings, url)) as manager:
        yield manager.app


def caller_of(app: ASGIApp, token: str | None = None) -> httpx.AsyncClient:
    """A client of an address of its own: each address has its own budget for mistakes."""
    number = next(_ADDRESSES)
    address = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 40000)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app, client=address)
    return httpx.AsyncClient(transport=transport, base_url="http://graph.test", headers=headers)


@pytest.fixture(scope="module")
async def app(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ASGIApp]:
    async with started(database_url, tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest.fixture
def issue(storage: SqlStorage, world: World, owner: asyncpg.Connection) -> Issue:
    """Issue a credential; without a limit, so that requests leave no trace of themselves."""

    async def issue(user: User | None = None, limit: int | None = 0, **values: Any) -> Any:
        credential = await issued(storage, world, user, **values)
        await owner.execute(
            "UPDATE api_credentials SET requests_per_minute = $1 WHERE id = $2",
            limit,
            credential.id,
        )
        return credential

    return issue


@pytest.fixture
async def client(app: ASGIApp, issue: Issue) -> AsyncIterator[httpx.AsyncClient]:
    """The buyer, over HTTP."""
    async with caller_of(app, (await issue()).secret) as client:
        yield client


@pytest.fixture
async def stranger(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a credential."""
    async with caller_of(app) as client:
        yield client
