"""Databases that an operator gave us, and what is said of those that cannot be used."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from server.databases import migrate
from server.problems import OperatorProblem


@pytest.fixture
async def weak_owner(database_url: str, owner: asyncpg.Connection) -> AsyncIterator[str]:
    """A database whose owner can neither create roles nor grant the application's."""
    name = f"weak_{uuid4().hex}"
    await owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'weak'")
    await owner.execute(f"CREATE DATABASE {name} OWNER {name}")
    yield f"postgresql://{name}:weak@/{name}?{database_url.partition('?')[2]}"
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.execute(f"DROP ROLE {name}")


async def test_a_migration_that_the_database_refuses_is_one_clear_line(weak_owner: str) -> None:
    with pytest.raises(OperatorProblem, match="refuses to migrate: permission denied"):
        await asyncio.to_thread(migrate, weak_owner)

    connection = await asyncpg.connect(weak_owner)
    tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert tables == 0


async def test_an_operator_may_grant_the_role_beforehand(
    weak_owner: str, owner: asyncpg.Connection
) -> None:
    name = weak_owner.partition("//")[2].partition(":")[0]
    await owner.execute(f"GRANT backoffice_app TO {name}")

    await asyncio.to_thread(migrate, weak_owner)

    connection = await asyncpg.connect(weak_owner)
    newest = await connection.fetchval("SELECT version_num FROM alembic_version")
    await connection.close()
    assert newest is not None
