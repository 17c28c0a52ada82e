"""The application: every API on one set of records, composed from the settings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware

from persistence.engines import application_engine
from persistence.storage import SqlStorage
from rest import shoplazza, shrkity, waqti
from rest.kit import mount
from server import graphiql
from server.bells import EventBell
from server.files import file_routes
from server.gate import CredentialGate
from server.graphql import GraphQLEndpoint
from server.health import health_routes
from server.logs import RequestLog
from server.metrics import Metrics
from server.operations import Operations
from server.settings import Settings
from server.sockets import GraphQLSockets
from server.streams import STREAMS, Streams
from server.workers import run_worker
from usecases.network import Network

_PING = text("SELECT 1")
DIALECTS = (
    (waqti.WAQTI, waqti.ENDPOINTS),
    (shrkity.SHRKITY, shrkity.ENDPOINTS),
    (shoplazza.SHOPLAZZA, shoplazza.ENDPOINTS),
)
# Which paths belong to which API, for those who count.
APIS = {"/graphql": "graphql"} | {
    base: dialect.name for dialect, _ in DIALECTS for base in dialect.bases
}


def create_app(settings: Settings, url: str) -> Starlette:
    """Everything that is served, on the database at `url`; nothing is opened before start-up."""
    milliseconds = str(int(settings.database_statement_timeout * 1000))
    engine = application_engine(
        url, pool_size=settings.pool_size, settings={"statement_timeout": milliseconds}
    )
    storage = SqlStorage(engine, Network(private=settings.webhooks_allow_private))
    bell, streams = EventBell(url), Streams()
    gate = CredentialGate(engine, url, changed=bell.ring)
    operations = Operations(storage, bell)
    metrics = Metrics(engine, streams, APIS)

    async def ping() -> None:
        async with engine.connect() as connection:
            await connection.execute(_PING)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, Streams]]:
        stop = asyncio.Event()
        async with gate, bell, asyncio.TaskGroup() as tasks:
            tasks.create_task(run_worker(url, engine, settings, stop))
            yield {STREAMS: streams}
            await streams.end()
            stop.set()
        await engine.dispose()

    return Starlette(
        routes=[
            *health_routes(ping),
            *(metrics.routes() if settings.metrics else ()),
            *file_routes(storage, gate),
            *graphiql.routes(),
            *GraphQLEndpoint(operations, gate, streams, explorer=settings.graphiql).routes(),
            *GraphQLSockets(operations, gate, streams).routes(),
            *chain.from_iterable(
                mount(dialect, endpoints, storage, gate) for dialect, endpoints in DIALECTS
            ),
        ],
        middleware=[Middleware(RequestLog, told=metrics.count)],
        lifespan=lifespan,
    )
