"""Workers that deliver, and endpoints that they deliver to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.suppliers import Supplier
from domain.webhook_endpoints import WebhookEndpoint
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from server.jobs.deliveries import DELIVERIES
from server.settings import Settings
from server.workers import run_worker
from tests.conftest import World, new_world
from tests.webhooks.receivers import Receiver
from usecases.kit import run
from usecases.network import Network
from usecases.records import CreateRecord
from usecases.webhook_endpoints import CreateWebhookEndpoint

Registered = Callable[..., Awaitable[WebhookEndpoint]]


@pytest.fixture
async def app_engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections of a database of its own: workers look at everything that there is."""
    engine = application_engine(fresh_database, pool_size=10)
    yield engine
    await engine.dispose()


@pytest.fixture
def store(app_engine: AsyncEngine) -> SqlStorage:
    return SqlStorage(app_engine, Network(private=True))


@pytest.fixture
async def company(store: SqlStorage) -> World:
    return await new_world(store)


@pytest.fixture
def register(store: SqlStorage, company: World) -> Registered:
    async def register(receiver: Receiver, *events: str, **values: object) -> WebhookEndpoint:
        given = {"name": "Test", "url": receiver.url, "events": [*events]} | values
        done = await run(CreateWebhookEndpoint(**given), company.caller(), store)  # type: ignore[arg-type]
        assert done.record is not None
        return done.record

    return register


@pytest.fixture
async def owner_of_fresh(fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    """Past row level security: what is really in the tables."""
    connection = await asyncpg.connect(fresh_database)
    yield connection
    await connection.close()


async def supply(store: SqlStorage, company: World, name: str) -> UUID:
    """A new supplier: an event that is quickly made."""
    create = CreateRecord(kind=Supplier, given={"name": name})
    return (await run(create, company.caller(), store)).id


@asynccontextmanager
async def working(
    url: str, engine: AsyncEngine, data_dir: Path, *, number: int = 1
) -> AsyncIterator[None]:
    """So many workers, in this process; what they have under way is waited for."""
    settings = Settings(data_dir=data_dir, webhooks_allow_private=True)
    stop = asyncio.Event()
    workers = [
        asyncio.create_task(run_worker(url, engine, settings, stop, jobs=[DELIVERIES]))
        for _ in range(number)
    ]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*workers)


@pytest.fixture
async def worker(
    fresh_database: str, app_engine: AsyncEngine, tmp_path: Path
) -> AsyncIterator[None]:
    async with working(fresh_database, app_engine, tmp_path):
        yield
