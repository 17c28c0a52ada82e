"""Credentials and the gate, as tests use them."""

import asyncio
from typing import Any

import pytest

from domain.api_credentials import ApiCredential
from domain.callers import Channel, Locale
from domain.kit.errors import Unauthenticated
from domain.users import User
from persistence.storage import SqlStorage
from server.gate import CredentialGate
from tests.conftest import World
from usecases.api_credentials import CreateApiCredential, RevokeApiCredential
from usecases.kit import run


async def issued(
    storage: SqlStorage, world: World, user: User | None = None, **values: Any
) -> ApiCredential:
    given: dict[str, Any] = {"user_id": (user or world.buyer).id, "name": "Test"}
    usecase = CreateApiCredential(**(given | values))
    credential = (await run(usecase, world.caller(), storage)).record
    assert credential is not None
    return credential


async def revoke(storage: SqlStorage, world: World, credential: ApiCredential) -> None:
    await run(RevokeApiCredential(id=credential.id), world.caller(), storage)


async def enter(
    gate: CredentialGate,
    secret: str | None,
    channel: Channel = Channel.GRAPHQL,
    address: str = "127.0.0.1",
) -> Any:
    return await gate.enter(
        secret, channel=channel, address=address, request_id="req_1", locale=Locale.AR
    )


async def refused(
    gate: CredentialGate, secret: str | None, channel: Channel = Channel.GRAPHQL
) -> None:
    with pytest.raises(Unauthenticated, match="a valid credential is needed"):
        await enter(gate, secret, channel)


async def listening(gate: CredentialGate) -> None:
    async with asyncio.timeout(10):
        await gate.authenticator.listening.wait()
