"""Whether the process lives, and whether it can serve: for load balancers and containers."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

log = structlog.stdlib.get_logger(__name__)

Ping = Callable[[], Awaitable[object]]

PING_SECONDS = 2.0
HEADERS = {"Cache-Control": "no-store"}


def health_routes(ping: Ping, *, patience: float = PING_SECONDS) -> list[Route]:
    """`/healthz`, and `/readyz`, which asks `ping`: it raises when the database does not answer."""

    async def healthz(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"}, headers=HEADERS)

    async def readyz(_request: Request) -> JSONResponse:
        reason = await _why_not(ping, patience)
        if reason is None:
            return JSONResponse({"status": "ready"}, headers=HEADERS)
        return JSONResponse({"status": "unavailable", "reason": reason}, 503, headers=HEADERS)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


async def _why_not(ping: Ping, patience: float) -> str | None:
    try:
        async with asyncio.timeout(patience):
            await ping()
    except TimeoutError:
        log.warning("not ready: the database is slow", seconds=patience)
        return f"the database does not answer within {patience:g} s"
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not ready
        log.warning("not ready: the database fails", error=repr(error))
        return "the database does not answer"
    return None
