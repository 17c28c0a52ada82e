"""Suppliers that were there before Shoplazza's ids get theirs, and new ones go on after them."""

import asyncio

from alembic import command

from persistence import migrating
from persistence.engines import application_engine
from persistence.migrating import upgrade
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import keep, new_world
from tests.persistence.test_migrations import asked

FOUND = "SELECT shoplazza_id FROM suppliers ORDER BY organization_id, created_at, id"
BEFORE = "0015"
FIRST = 200_000_000_000_000_001


async def test_suppliers_are_numbered_in_every_organization(fresh_database: str) -> None:
    engine = application_engine(fresh_database, pool_size=2)
    storage = SqlStorage(engine)
    worlds = [await new_world(storage) for _ in range(2)]
    for world in worlds:
        suppliers = sorted((make.supplier() for _ in range(2)), key=lambda each: each.id)
        await keep(storage, world.caller(), *suppliers)
    before = await asked(fresh_database, FOUND)
    await engine.dispose()

    await migrating._on_connection(fresh_database, lambda c: command.downgrade(c, BEFORE))
    await asyncio.to_thread(upgrade, fresh_database)

    assert await asked(fresh_database, FOUND) == before
    assert [row[0] for row in before] == [FIRST, FIRST + 1, FIRST + 2] * 2
    engine = application_engine(fresh_database, pool_size=2)
    another = make.supplier()
    await keep(SqlStorage(engine), worlds[1].caller(), another)
    await engine.dispose()
    assert another.shoplazza_id == FIRST + 3
