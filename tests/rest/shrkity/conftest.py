"""Clients of Shrkity's API."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from domain.callers import Channel
from domain.users import User
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.shrkity import SHRKITY
from server.gate import CredentialGate
from tests.conftest import World
from tests.rest.shrkity import probes
from tests.rest.shrkity.samples import new_client
from tests.server.gates import issued

Login = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="session")
def probe(storage: SqlStorage, gate: CredentialGate) -> Starlette:
    """The dialect with endpoints of our own."""
    return Starlette(routes=mount(SHRKITY, probes.ENDPOINTS, storage, gate))


@pytest.fixture
async def login(
    app: Starlette, storage: SqlStorage, owner: asyncpg.Connection
) -> AsyncIterator[Login]:
    """A client with a key of this user, in this organization; `permissions` are its scopes.

    With a limit of 0 there is none, so that requests leave no trace of themselves.
    """
    clients: list[httpx.AsyncClient] = []

    async def login(
        world: World,
        user: User | None = None,
        *,
        limit: int | None = None,
        address: str = "127.0.0.1",
        **values: object,
    ) -> httpx.AsyncClient:
        credential = await issued(storage, world, user, dialect=Channel.SHRKITY, **values)
        statement = "UPDATE api_credentials SET requests_per_minute = $1 WHERE id = $2"
        await owner.execute(statement, limit, credential.id)
        client = new_client(app, credential.secret, address=address)
        clients.append(client)
        return client

    yield login
    for client in clients:
        await client.aclose()


@pytest.fixture
async def office(login: Login, world: World) -> httpx.AsyncClient:
    """A client whose key has every scope."""
    return await login(world)
