"""Whom a secret lets in, and for how long that is believed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.api_credentials import new_secret
from domain.callers import Channel, Locale, Permission
from persistence.storage import SqlStorage
from server.auth import DOUBTED, TRUSTED
from server.gate import CredentialGate
from tests import make
from tests.conftest import Save, World
from tests.server.clocks import Clock
from tests.server.gates import enter, issued, refused, revoke
from tests.server.statements import sent_by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def deaf(engine: AsyncEngine, database_url: str, clock: Clock) -> CredentialGate:
    """A gate that hears of no change."""
    return CredentialGate(engine, database_url, clock=clock)


async def test_a_secret_tells_who_is_asking(
    deaf: CredentialGate, storage: SqlStorage, world: World
) -> None:
    credential = await issued(storage, world)

    caller = await enter(deaf, credential.secret)

    assert caller.organization_id == world.organization.id
    assert caller.user_id == world.buyer.id
    assert caller.credential_id == credential.id
    assert caller.permissions == frozenset(Permission)
    assert (caller.channel, caller.request_id, caller.locale) == (
        Channel.GRAPHQL,
        "req_1",
        Locale.AR,
    )


async def test_permissions_are_those_of_all_roles_narrowed_by_the_credential(
    deaf: CredentialGate, storage: SqlStorage, world: World, save: Save
) -> None:
    reads = make.role(permissions=[Permission.PURCHASE_ORDERS_READ])
    writes = make.role(permissions=[Permission.PURCHASE_ORDERS_WRITE, Permission.USERS_READ])
    user = make.user(role_ids=[reads.id, writes.id])
    await save(reads, writes, user)
    whole = await issued(storage, world, user)
    narrow = await issued(
        storage, world, user, permissions=[Permission.USERS_READ, Permission.USERS_WRITE]
    )

    assert (await enter(deaf, whole.secret)).permissions == {
        Permission.PURCHASE_ORDERS_READ,
        Permission.PURCHASE_ORDERS_WRITE,
        Permission.USERS_READ,
    }
    assert (await enter(deaf, narrow.secret)).permissions == {Permission.USERS_READ}


async def test_a_user_without_roles_may_nothing(
    deaf: CredentialGate, storage: SqlStorage, world: World, save: Save
) -> None:
    user = make.user()
    await save(user)
    credential = await issued(storage, world, user)

    assert (await enter(deaf, credential.secret)).permissions == frozenset()


async def test_a_secret_opens_its_own_channel_and_graphql(
    deaf: CredentialGate, storage: SqlStorage, world: World
) -> None:
    waqti = await issued(storage, world, dialect=Channel.WAQTI)
    graphql = await issued(storage, world)

    assert (await enter(deaf, waqti.secret, Channel.WAQTI)).channel is Channel.WAQTI
    assert (await enter(deaf, waqti.secret)).channel is Channel.GRAPHQL
    await refused(deaf, graphql.secret, Channel.WAQTI)


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        "bog_short",
        "bog_" + "a" * 41,
        "bog_" + "é" * 40,
        "|" + "a" * 40,
        "1" * 20 + "|" + "a" * 40,
        "3|" + "a" * 40 + "\n",
        "x" * 1_000_000,
        "'; DROP TABLE users; --",
    ],
    ids=range(10),
)
async def test_what_cannot_be_a_secret_is_not_looked_up(
    deaf: CredentialGate, engine: AsyncEngine, secret: str | None
) -> None:
    with sent_by(engine) as sent:
        await refused(deaf, secret)
    assert sent == []


@pytest.mark.parametrize("channel", [c for c in Channel if c is not Channel.SYSTEM])
async def test_every_form_of_secret_is_looked_up(
    deaf: CredentialGate, engine: AsyncEngine, channel: Channel
) -> None:
    with sent_by(engine) as sent:
        await refused(deaf, new_secret(channel, 7))
    assert len(sent) == 2


async def test_a_look_up_takes_three_statements_and_is_then_known(
    deaf: CredentialGate, storage: SqlStorage, world: World, engine: AsyncEngine, clock: Clock
) -> None:
    credential = await issued(storage, world)

    with sent_by(engine) as first:
        await asyncio.gather(*(enter(deaf, credential.secret) for _ in range(20)))
    with sent_by(engine) as second:
        await enter(deaf, credential.secret)
    clock.pass_by(TRUSTED)
    with sent_by(engine) as later:
        await enter(deaf, credential.secret)

    assert (len(first), len(second), len(later)) == (3, 0, 3)


async def test_an_unknown_secret_is_remembered_for_a_moment(
    deaf: CredentialGate, engine: AsyncEngine, clock: Clock
) -> None:
    secret = new_secret(Channel.GRAPHQL, 1)

    with sent_by(engine) as sent:
        for _ in range(5):
            await refused(deaf, secret)
    clock.pass_by(DOUBTED)
    with sent_by(engine) as later:
        await refused(deaf, secret)

    assert (len(sent), len(later)) == (2, 2)


async def test_guesses_crowd_out_nobody(
    deaf: CredentialGate,
    storage: SqlStorage,
    world: World,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    credential = await issued(storage, world)
    await enter(deaf, credential.secret)
    unknown = deaf.authenticator._unknown
    monkeypatch.setattr(unknown, "_most", 3)

    for _ in range(10):
        await refused(deaf, new_secret(Channel.GRAPHQL, 1))

    assert len(unknown._entries) == 3
    with sent_by(engine) as sent:
        await enter(deaf, credential.secret)
    assert sent == []


async def test_expiry_is_seen_on_every_request(
    deaf: CredentialGate, storage: SqlStorage, world: World, clock: Clock
) -> None:
    expires_at = clock.now + timedelta(seconds=30)
    credential = await issued(storage, world, expires_at=expires_at)
    await enter(deaf, credential.secret)

    clock.pass_by(29)
    await enter(deaf, credential.secret)
    clock.pass_by(1)
    await refused(deaf, credential.secret)


async def test_an_unheard_revocation_takes_effect_within_a_minute(
    deaf: CredentialGate, storage: SqlStorage, world: World, clock: Clock
) -> None:
    credential = await issued(storage, world)
    await enter(deaf, credential.secret)
    await revoke(storage, world, credential)

    await enter(deaf, credential.secret)
    clock.pass_by(60)
    await refused(deaf, credential.secret)


async def test_a_clock_set_back_makes_nothing_last_longer(
    deaf: CredentialGate, storage: SqlStorage, world: World, clock: Clock
) -> None:
    credential = await issued(storage, world)
    await enter(deaf, credential.secret)
    await revoke(storage, world, credential)

    clock.pass_by(-3600)
    await refused(deaf, credential.secret)


async def test_a_look_up_that_a_change_overtakes_is_not_kept(
    deaf: CredentialGate, storage: SqlStorage, world: World, engine: AsyncEngine
) -> None:
    credential = await issued(storage, world)

    entering = asyncio.create_task(enter(deaf, credential.secret))
    await asyncio.sleep(0)  # the look-up has begun
    deaf.authenticator.forget(world.organization.id)
    await entering

    with sent_by(engine) as sent:
        await enter(deaf, credential.secret)
    assert len(sent) == 3


def test_the_system_itself_has_no_secret() -> None:
    with pytest.raises(KeyError):
        new_secret(Channel.SYSTEM, 1)
