"""Clients of Shoplazza's API."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette

from domain.callers import Channel
from domain.users import User
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.rest.shoplazza.samples import new_client
from tests.server.gates import issued

Login = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def login(app: Starlette, storage: SqlStorage) -> AsyncIterator[Login]:
    """A client with a token of this user, in this organization."""
    clients: list[httpx.AsyncClient] = []

    async def login(world: World, user: User | None = None, **values: object) -> httpx.AsyncClient:
        credential = await issued(storage, world, user, dialect=Channel.SHOPLAZZA, **values)
        client = new_client(app, credential.secret)
        clients.append(client)
        return client

    yield login
    for client in clients:
        await client.aclose()


@pytest.fixture
async def store(login: Login, world: World) -> httpx.AsyncClient:
    return await login(world)
