from asyncio import Event
from typing import NoReturn

import httpx
from starlette.applications import Starlette

from server.health import Ping, health_routes


async def ask(path: str, ping: Ping) -> httpx.Response:
    app = Starlette(routes=health_routes(ping, patience=0.05))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


async def answers() -> None:
    return None


async def fails() -> NoReturn:
    raise ConnectionRefusedError("postgresql://user:word@db")


async def hangs() -> None:
    await Event().wait()


async def test_it_is_ready_while_the_database_answers() -> None:
    response = await ask("/readyz", answers)

    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response.headers["cache-control"] == "no-store"


async def test_it_is_not_ready_when_the_database_fails_and_tells_no_secret() -> None:
    response = await ask("/readyz", fails)

    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "reason": "the database does not answer",
    }


async def test_it_is_not_ready_when_the_database_hangs() -> None:
    response = await ask("/readyz", hangs)

    assert response.status_code == 503
    assert response.json()["reason"] == "the database does not answer within 0.05 s"


async def test_it_lives_whatever_the_database_does() -> None:
    response = await ask("/healthz", fails)

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
