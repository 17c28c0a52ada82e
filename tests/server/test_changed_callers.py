"""How fast a gate hears that somebody may no longer, or again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.users import User
from persistence.storage import SqlStorage
from server.gate import CredentialGate
from tests.conftest import World
from tests.server.clocks import Clock
from tests.server.gates import enter, issued, listening, refused, revoke
from tests.server.statements import sent_by
from usecases.kit import run
from usecases.records import UpdateRecord

Hearing = Callable[[int], Awaitable[None]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def gate(
    engine: AsyncEngine, database_url: str, clock: Clock, world: World, other_world: World
) -> AsyncIterator[CredentialGate]:
    """It hears of what a test changes, and of nothing before: the organizations are there."""
    del world, other_world
    async with CredentialGate(engine, database_url, clock=clock) as gate:
        await listening(gate)
        yield gate


@pytest.fixture
def heard(gate: CredentialGate, owner: asyncpg.Connection) -> Hearing:
    began = gate.authenticator._changes

    async def heard(times: int) -> None:
        """Wait until the gate has heard of so many changes: of each one, in their order."""
        async with asyncio.timeout(10):
            while gate.authenticator._changes - began < times:
                await owner.fetchval("SELECT 1")

    return heard


async def test_a_revocation_is_heard_of_at_once(
    gate: CredentialGate, heard: Hearing, storage: SqlStorage, world: World
) -> None:
    credential = await issued(storage, world)
    await heard(1)
    await enter(gate, credential.secret)

    await revoke(storage, world, credential)
    await heard(2)

    await refused(gate, credential.secret)


async def test_a_user_made_inactive_is_out_and_comes_back(
    gate: CredentialGate, heard: Hearing, storage: SqlStorage, world: World
) -> None:
    credential = await issued(storage, world)
    await heard(1)
    await enter(gate, credential.secret)

    for times, active in ((2, False), (3, True)):
        given = {"active": active}
        await run(UpdateRecord(kind=User, id=world.buyer.id, given=given), world.caller(), storage)
        await heard(times)
        if active:
            assert (await enter(gate, credential.secret)).user_id == world.buyer.id
        else:
            await refused(gate, credential.secret)


async def test_changes_of_one_organization_forget_no_other(
    gate: CredentialGate,
    heard: Hearing,
    storage: SqlStorage,
    world: World,
    other_world: World,
    engine: AsyncEngine,
) -> None:
    ours = await issued(storage, world)
    theirs = await issued(storage, other_world)
    await heard(2)
    await enter(gate, ours.secret)

    await revoke(storage, other_world, theirs)
    await heard(3)

    with sent_by(engine) as sent:
        await enter(gate, ours.secret)
    assert sent == []


async def test_a_lost_connection_is_made_again_and_nothing_is_missed(
    gate: CredentialGate, storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    credential = await issued(storage, world)
    await enter(gate, credential.secret)
    gate.authenticator.listening.clear()

    await owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'backoffice-listener' AND datname = current_database()"
    )
    await revoke(storage, world, credential)
    await listening(gate)

    await refused(gate, credential.secret)


async def test_a_gate_that_closes_leaves_nothing_behind(
    engine: AsyncEngine, fresh_database: str
) -> None:
    """On a database of its own: other gates may be open on the tests'."""
    count = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'backoffice-listener' AND datname = current_database()"
    )
    owner = await asyncpg.connect(fresh_database)
    others = asyncio.all_tasks()
    async with CredentialGate(engine, fresh_database) as gate:
        await listening(gate)
        assert await owner.fetchval(count) == 1
    left = asyncio.all_tasks() - others
    assert {task.get_name() for task in left if "_listen" in repr(task)} == set()
    async with asyncio.timeout(10):
        while await owner.fetchval(count):
            pass
    await owner.close()
