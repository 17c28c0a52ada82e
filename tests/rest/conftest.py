"""The old APIs over HTTP: their routes on the tests' database, behind the real gate."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.middleware import Middleware

from domain.callers import Channel
from domain.users import User
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.shoplazza import ENDPOINTS as SHOPLAZZA_ENDPOINTS
from rest.shoplazza import SHOPLAZZA
from rest.shrkity import ENDPOINTS as SHRKITY_ENDPOINTS
from rest.shrkity import SHRKITY
from rest.waqti import ENDPOINTS, WAQTI
from server.gate import CredentialGate
from server.logs import RequestLog
from tests.conftest import World
from tests.server.gates import issued

HOST = "http://waqti.test"
Login = Callable[..., Awaitable[httpx.AsyncClient]]


def new_client(app: Starlette, token: str | None) -> httpx.AsyncClient:
    """As the documents say to call it: with a token, for JSON."""
    headers = {"Accept": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url=f"{HOST}/v1", headers=headers)


@pytest.fixture(scope="session")
async def gate(engine: AsyncEngine, database_url: str) -> AsyncIterator[CredentialGate]:
    async with CredentialGate(engine, database_url) as gate:
        yield gate


@pytest.fixture(scope="session")
def app(storage: SqlStorage, gate: CredentialGate) -> Starlette:
    routes = mount(WAQTI, ENDPOINTS, storage, gate)
    routes += mount(SHRKITY, SHRKITY_ENDPOINTS, storage, gate)
    routes += mount(SHOPLAZZA, SHOPLAZZA_ENDPOINTS, storage, gate)
    return Starlette(routes=routes, middleware=[Middleware(RequestLog)])


@pytest.fixture
async def login(
    app: Starlette, storage: SqlStorage, owner: asyncpg.Connection
) -> AsyncIterator[Login]:
    """A client with a token of this user, in this organization.

    With a limit of 0 there is none, so that requests leave no trace of themselves.
    """
    clients: list[httpx.AsyncClient] = []

    async def login(
        world: World, user: User | None = None, limit: int | None = None, **values: object
    ) -> httpx.AsyncClient:
        credential = await issued(storage, world, user, dialect=Channel.WAQTI, **values)
        statement = "UPDATE api_credentials SET requests_per_minute = $1 WHERE id = $2"
        await owner.execute(statement, limit, credential.id)
        client = new_client(app, credential.secret)
        clients.append(client)
        return client

    yield login
    for client in clients:
        await client.aclose()


@pytest.fixture
async def buyer(login: Login, world: World) -> httpx.AsyncClient:
    return await login(world)


@pytest.fixture
async def approver(login: Login, world: World) -> httpx.AsyncClient:
    return await login(world, world.approver)
