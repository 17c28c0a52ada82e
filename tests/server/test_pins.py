"""Where a request comes from, and keys that are pinned to that."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from domain.callers import Channel
from persistence.storage import SqlStorage
from server.gate import CredentialGate
from server.serving import trusted
from tests.conftest import World
from tests.server.gates import enter, issued
from usecases.gate import AddressNotAllowed


async def told(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.client.host if request.client else "")


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("203.0.113.9", "192.0.2.7", "203.0.113.9"),
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.7, 10.1.1.1", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7:4711", "192.0.2.7"),
        ("2001:db8::5", "[2001:db8:9::1]:4711", "2001:db8:9::1"),
        ("10.0.0.1", None, "10.0.0.1"),
    ],
)
async def test_s7_proxies_are_believed_where_they_are_trusted(
    peer: str, forwarded: str | None, seen: str
) -> None:
    """The right-most hop that is no proxy of ours is who calls."""
    proxies = [*trusted(("10.0.0.0/8", "2001:db8::/64"))]
    app = ProxyHeadersMiddleware(Starlette(routes=[Route("/", told)]), proxies)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app, client=(peer, 4711))  # type: ignore[arg-type]
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/", headers=headers)).text == seen


async def test_a_pinned_key_is_pinned_in_every_api(
    engine: AsyncEngine, database_url: str, storage: SqlStorage, world: World
) -> None:
    gate = CredentialGate(engine, database_url)
    for channel in (Channel.GRAPHQL, Channel.WAQTI, Channel.SHRKITY, Channel.SHOPLAZZA):
        held = await issued(storage, world, dialect=channel, networks=["192.0.2.0/24"])
        for through in {channel: None, Channel.GRAPHQL: None}:
            caller = await enter(gate, held.secret, through, "192.0.2.7")
            assert caller.credential_id == held.id
            with pytest.raises(AddressNotAllowed):
                await enter(gate, held.secret, through, "203.0.113.9")


async def test_a_pinned_key_is_no_key_elsewhere_in_graphql(
    app: Starlette, storage: SqlStorage, world: World
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY, networks=["192.0.2.0/24"])
    headers = {"Authorization": f"Bearer {held.secret}"}

    async def status(address: str) -> int:
        transport = httpx.ASGITransport(app, client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            body = {"query": "{ __typename }"}
            return (await client.post("/graphql", json=body, headers=headers)).status_code

    assert await status("192.0.2.7") == 200
    assert await status("203.0.113.9") == 401
