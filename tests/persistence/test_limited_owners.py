"""An owner that is no superuser, as on most hosted servers: all of the commands work."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from sqlalchemy import make_url, text

from persistence import migrating
from persistence.audit import verify
from persistence.engines import application_engine
from persistence.migrating import upgrade
from persistence.organizations import inside, organizations
from persistence.storage import SqlStorage
from tests.conftest import new_world
from tests.usecases.orders import approved

REVISIONS = "SELECT id, approved_revision FROM purchase_orders"

REVISIONS = "SELECT id, approved_revision FROM purchase_orders"


@pytest.fixture
async def limited_database(database_url: str, owner: asyncpg.Connection) -> AsyncIterator[str]:
    name = f"limited_{uuid4().hex}"
    await owner.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'limited'")
    await owner.execute(f"GRANT backoffice_app TO {name} WITH ADMIN OPTION")
    await owner.execute(f"CREATE DATABASE {name} OWNER {name}")
    url = make_url(database_url).set(username=name, password="limited", database=name)
    limited = url.render_as_string(hide_password=False)
    await asyncio.to_thread(upgrade, limited)
    yield limited
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.execute(f"DROP ROLE {name}")


async def test_operators_go_through_all_organizations(limited_database: str) -> None:
    engine = application_engine(limited_database, pool_size=2)
    storage = SqlStorage(engine)
    worlds = [await new_world(storage), await new_world(storage)]

    found = await organizations(limited_database)
    counts = []
    for each in found:
        async with inside(engine, each.id) as connection:
            counts.append(await verify(connection))

    await engine.dispose()
    assert {each.id for each in found} == {world.organization.id for world in worlds}
    assert counts == [(6, []), (6, [])]


async def test_nothing_else_is_seen_without_saying_in_whose_name(limited_database: str) -> None:
    engine = application_engine(limited_database, pool_size=1)
    await new_world(SqlStorage(engine))
    await engine.dispose()

    connection = await asyncpg.connect(limited_database)
    counts = {
        table: await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
        for table in ("organizations", "users", "suppliers", "audit_events")
    }
    await connection.execute("SET ROLE backoffice_app")
    as_application = await connection.fetchval("SELECT count(*) FROM organizations")
    await connection.close()
    assert counts == {"organizations": 1, "users": 0, "suppliers": 0, "audit_events": 0}
    assert as_application == 0


async def test_a_migration_changes_the_rows_of_every_organization(limited_database: str) -> None:
    """Row security hides them from the owner too."""
    engine = application_engine(limited_database, pool_size=2)
    storage = SqlStorage(engine)
    orders = [await approved(await new_world(storage), storage) for _ in range(2)]
    await engine.dispose()

    await migrating._on_connection(limited_database, lambda c: command.downgrade(c, "0007"))
    await asyncio.to_thread(upgrade, limited_database)

    engine = application_engine(limited_database, pool_size=1)
    found: list[tuple[object, ...]] = []
    for each in await organizations(limited_database):
        async with inside(engine, each.id) as connection:
            found += [tuple(row) for row in await connection.execute(text(REVISIONS))]
    await engine.dispose()
    assert sorted(found, key=str) == sorted(((order.id, 1) for order in orders), key=str)
