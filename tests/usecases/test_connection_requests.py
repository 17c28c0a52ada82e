"""Connections in the database: one at a time for each client, whoever asks at the same moment."""

from asyncio import gather
from collections import Counter

import asyncpg
import pytest

from domain.connection_requests import ConnectionRequest, ConnectionStatus
from domain.kit.errors import IllegalMove, NotFound, RuleBroken, VersionConflict
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, unchanged
from usecases.connection_requests import (
    ApproveConnectionRequest,
    CreateConnectionRequest,
    RejectConnectionRequest,
    RevokeConnectionRequest,
)
from usecases.kit import run

ROUNDS = 10
OPEN = """SELECT count(*) FROM connection_requests
    WHERE client_id = $1 AND status IN ('PENDING', 'ACTIVE')"""


@pytest.fixture
async def request_(storage: SqlStorage, world: World, save: Save) -> ConnectionRequest:
    client = make.client()
    await save(client)
    create = CreateConnectionRequest(client_id=client.id, message="Please")
    record = (await run(create, world.caller(), storage)).record
    assert record is not None
    return record


async def test_of_many_requests_at_once_one_is_kept(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    for _ in range(ROUNDS):
        client = make.client()
        await save(client)
        create = CreateConnectionRequest(client_id=client.id)

        outcomes = await gather(
            *(run(create, world.caller(), storage) for _ in range(8)), return_exceptions=True
        )

        refused = [each for each in outcomes if isinstance(each, BaseException)]
        assert {(type(each), each.path) for each in refused} == {(RuleBroken, ("client_id",))}  # type: ignore[attr-defined]
        assert len(refused) == 7
        assert await owner.fetchval(OPEN, client.id) == 1


async def test_while_one_is_pending_or_active_there_is_no_other(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, request_: ConnectionRequest
) -> None:
    again = CreateConnectionRequest(client_id=request_.client_id)
    said = "a connection of this client is pending or active already"

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match=said):
            await run(again, world.caller(), storage)
    await run(ApproveConnectionRequest(id=request_.id), world.caller(), storage)
    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match=said):
            await run(again, world.caller(), storage)


@pytest.mark.parametrize("active", [False, True])
async def test_whoever_was_refused_asks_anew(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    request_: ConnectionRequest,
    *,
    active: bool,
) -> None:
    if active:
        await run(ApproveConnectionRequest(id=request_.id), world.caller(), storage)
        await run(RevokeConnectionRequest(id=request_.id), world.caller(), storage)
    else:
        await run(RejectConnectionRequest(id=request_.id), world.caller(), storage)

    again = CreateConnectionRequest(client_id=request_.client_id)
    new = (await run(again, world.caller(), storage)).id

    assert new != request_.id
    assert await owner.fetchval(OPEN, request_.client_id) == 1
    moved = ["approved", "revoked"] if active else ["rejected"]
    expected = [f"connection_request.{past}" for past in ("created", *moved)]
    assert await actions(owner, request_.id) == expected
    reads = storage.reads(world.caller())
    latest = await reads.connection_requests.latest_by_client_ids([request_.client_id])
    await reads.close()
    assert latest[request_.client_id].id == new


async def test_approved_and_rejected_at_once_is_one_of_both(
    storage: SqlStorage, world: World, save: Save
) -> None:
    for _ in range(ROUNDS):
        client = make.client()
        await save(client)
        create = CreateConnectionRequest(client_id=client.id)
        id = (await run(create, world.caller(), storage)).id
        moves = [ApproveConnectionRequest(id=id), RejectConnectionRequest(id=id)] * 3

        outcomes = await gather(
            *(run(move, world.caller(), storage) for move in moves), return_exceptions=True
        )

        assert Counter(type(each) for each in outcomes)[IllegalMove] == 5
        [done] = [each for each in outcomes if not isinstance(each, BaseException)]
        assert done.record is not None
        assert done.record.status in {ConnectionStatus.ACTIVE, ConnectionStatus.REJECTED}


async def test_only_clients_are_connected(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    company = make.company()
    await save(company)

    async with unchanged(owner, world):
        with pytest.raises(NotFound) as caught:
            await run(CreateConnectionRequest(client_id=company.id), world.caller(), storage)
    assert caught.value.path == ("client_id",)


async def test_a_version_that_moved_on_is_refused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, request_: ConnectionRequest
) -> None:
    async with unchanged(owner, world):
        with pytest.raises(VersionConflict):
            await run(
                ApproveConnectionRequest(id=request_.id, expected_version=7),
                world.caller(),
                storage,
            )
