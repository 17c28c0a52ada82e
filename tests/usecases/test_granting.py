"""Nobody gives what they do not have."""

from typing import Any

import asyncpg
import pytest

from domain.api_credentials import ApiCredential
from domain.callers import Ability, Permission
from domain.kit.errors import Forbidden
from domain.kit.record import Record
from domain.users import Role, User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from usecases.api_credentials import CreateApiCredential
from usecases.kit import UseCase, run
from usecases.records import CreateRecord, UpdateRecord

P = Permission
KEYS = frozenset({P.API_CREDENTIALS_WRITE, P.PURCHASE_ORDERS_READ})
PEOPLE = frozenset({P.USERS_WRITE, P.PURCHASE_ORDERS_READ})


async def refuse(
    storage: SqlStorage, world: World, may: frozenset[Permission], usecase: UseCase[Any]
) -> list[str]:
    """Refused, and with which messages."""
    with pytest.raises(Forbidden) as refused:
        await run(usecase, world.caller(permissions=may), storage)
    return [problem.message for problem in refused.value.problems]


async def test_a_credential_cannot_do_more_than_who_issues_it(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    usecase = CreateApiCredential(user_id=world.buyer.id, name="All of it")

    messages = await refuse(storage, world, KEYS, usecase)

    assert len(messages) == len(Permission) - 2
    assert messages[0] == "this takes the permission api_credentials:read"
    count = "SELECT count(*) FROM api_credentials WHERE organization_id = $1"
    assert await owner.fetchval(count, world.organization.id) == 0


async def test_a_credential_can_do_as_much_as_who_issues_it(
    storage: SqlStorage, world: World
) -> None:
    usecase = CreateApiCredential(user_id=world.buyer.id, name="Same", permissions=[*KEYS])

    done = await run(usecase, world.caller(permissions=KEYS), storage)

    assert isinstance(done.record, ApiCredential)
    assert done.record.permissions == [*KEYS]


async def test_what_the_user_may_not_do_needs_no_permission_to_give(
    storage: SqlStorage, world: World, save: Save
) -> None:
    role = make.role(permissions=[P.PURCHASE_ORDERS_READ])
    user = make.user(role_ids=[role.id])
    await save(role, user)
    usecase = CreateApiCredential(user_id=user.id, name="Their own")

    done = await run(usecase, world.caller(permissions=KEYS), storage)

    assert isinstance(done.record, ApiCredential)


async def test_abilities_are_weighed_like_permissions(storage: SqlStorage, world: World) -> None:
    usecase = CreateApiCredential(user_id=world.buyer.id, name="Waqti", abilities=[Ability.APPROVE])
    assert await refuse(storage, world, KEYS, usecase) == [
        "this takes the permission purchase_invoices:approve",
        "this takes the permission purchase_orders:approve",
    ]


async def change(storage: SqlStorage, world: World, record: Record, **given: Any) -> Record | None:
    usecase = UpdateRecord(kind=type(record), id=record.id, given=given)
    return (await run(usecase, world.caller(permissions=PEOPLE), storage)).record


async def test_a_role_gets_only_permissions_that_its_author_has(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    given = {"code": "x", "name": "X", "permissions": [P.PURCHASE_ORDERS_READ, P.USERS_READ]}
    create = CreateRecord(kind=Role, given=given)

    assert await refuse(storage, world, PEOPLE, create) == ["this takes the permission users:read"]

    count = "SELECT count(*) FROM roles WHERE organization_id = $1"
    assert await owner.fetchval(count, world.organization.id) == 1
    less = CreateRecord(kind=Role, given=given | {"permissions": [P.PURCHASE_ORDERS_READ]})
    role = (await run(less, world.caller(permissions=PEOPLE), storage)).record
    assert role is not None
    with pytest.raises(Forbidden, match="purchase_orders:write"):
        await change(storage, world, role, permissions=[P.PURCHASE_ORDERS_WRITE])


async def test_a_role_keeps_what_it_had_and_can_be_given_less(
    storage: SqlStorage, world: World
) -> None:
    less = [P.SUPPLIERS_READ, P.SUPPLIERS_WRITE]

    role = await change(storage, world, world.role, name="Less", permissions=less)

    assert isinstance(role, Role)
    assert role.permissions == less


async def test_a_user_gets_only_roles_that_grant_what_the_author_may(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    reader = make.role(permissions=[P.PURCHASE_ORDERS_READ])
    await save(reader)
    given = {"name": "New", "email": "new@example.com", "role_ids": [reader.id, world.role.id]}

    messages = await refuse(storage, world, PEOPLE, CreateRecord(kind=User, given=given))

    assert len(messages) == len(Permission) - 2
    count = "SELECT count(*) FROM users WHERE organization_id = $1"
    assert await owner.fetchval(count, world.organization.id) == 2
    create = CreateRecord(kind=User, given=given | {"role_ids": [reader.id]})
    user = (await run(create, world.caller(permissions=PEOPLE), storage)).record
    assert user is not None
    with pytest.raises(Forbidden, match="api_credentials:read"):
        await change(storage, world, user, role_ids=[reader.id, world.role.id])


async def test_a_user_with_more_can_still_be_renamed(storage: SqlStorage, world: World) -> None:
    user = await change(storage, world, world.buyer, name="Renamed", role_ids=[world.role.id])

    assert isinstance(user, User)
    assert (user.name, user.role_ids) == ("Renamed", [world.role.id])
