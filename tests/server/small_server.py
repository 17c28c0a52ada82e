"""The real life of a server process around a small application, for the tests to start and kill.

`python tests/server/small_server.py small` with the environment of `backoffice serve`.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from server.cli import announce, app, main
from server.health import health_routes
from server.serving import Product, serve
from server.settings import Settings


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def migrate(url: str) -> None:
    asyncio.run(ask(url, "CREATE TABLE IF NOT EXISTS starts (at timestamptz)"))
    if "STAY_IN_MIGRATION" in os.environ:
        print("migrating", flush=True)  # noqa: T201 - to the test
        signal.pause()


async def seed(_settings: Settings, url: str) -> None:
    await ask(url, "INSERT INTO starts VALUES (now())")


def create_app(_settings: Settings, url: str) -> Starlette:
    async def starts(_request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(await ask(url, "SELECT count(*) FROM starts")))

    async def endless(_request: Request) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"open\n"
            await asyncio.Event().wait()

        return StreamingResponse(parts())

    return Starlette(
        routes=[
            *health_routes(lambda: ask(url, "SELECT 1")),
            Route("/starts", starts),
            Route("/endless", endless),
        ]
    )


@app.command()
def small() -> None:
    product = Product(migrate=migrate, seed=seed, create_app=create_app, announce=announce)
    serve(Settings.from_environment(), product)


if __name__ == "__main__":
    main()
