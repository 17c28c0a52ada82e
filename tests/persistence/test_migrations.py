"""Migrations: they lead to what the code describes, there and back, one process at a time."""

import asyncio
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from persistence import migrating
from persistence.engines import APPLICATION_ROLE
from persistence.migrating import check, upgrade
from persistence.tables import metadata
from tests.persistence.contents import Rows

TABLES = (
    "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind = 'r' ORDER BY 1"
)
CONSTRAINTS = """
    SELECT conrelid::regclass::text AS table, conname::text AS name FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
      AND conrelid <> 'alembic_version'::regclass
"""
LEAKPROOF = """
    SELECT oid FROM pg_proc WHERE {} proleakproof AND pronamespace = 'pg_catalog'::regnamespace AND
    proname IN ('numeric_lt', 'numeric_ge', 'textlike', 'ts_match_vq', 'arraycontains')
"""
CATALOGUE = """
    SELECT 'column' AS kind, table_name || '.' || column_name AS name,
           concat_ws(' ', data_type, is_nullable, column_default, generation_expression) AS what
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'policy', tablename || '.' || policyname, concat_ws(' ', cmd, roles, qual)
        FROM pg_policies
    UNION ALL SELECT 'grant', table_name || '.' || grantee, privilege_type
        FROM information_schema.role_table_grants WHERE table_schema = 'public'
    ORDER BY 1, 2, 3
"""


@pytest.fixture
async def empty_database(database_url: str, owner: asyncpg.Connection) -> AsyncIterator[str]:
    name = f"empty_{uuid4().hex}"
    await owner.execute(f"CREATE DATABASE {name}")
    yield make_url(database_url).set(database=name).render_as_string(hide_password=False)
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def asked(url: str, query: str) -> Rows:
    connection = await asyncpg.connect(url)
    rows: Rows = await connection.fetch(query)
    await connection.close()
    return rows


async def upgrade_in_a_process(url: str) -> None:
    """In one of its own: alembic keeps what it is doing in global variables."""
    code = "import sys; from persistence.migrating import upgrade; upgrade(sys.argv[1])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, url, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, errors.decode()) == (0, "")


async def test_the_tables_are_as_the_code_describes_them(database_url: str) -> None:
    await asyncio.to_thread(check, database_url)


async def test_constraints_are_named_as_the_code_names_them(owner: asyncpg.Connection) -> None:
    """What `check` does not compare; errors are told by these names."""
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    said = {
        (table.name, preparer.format_constraint(constraint))
        for table in metadata.tables.values()
        for constraint in table.constraints
    }

    found = {(row["table"], row["name"]) for row in await owner.fetch(CONSTRAINTS)}

    assert found == said


async def test_the_way_back_leaves_nothing_and_the_way_forth_leads_to_the_same(
    empty_database: str,
) -> None:
    await asyncio.to_thread(upgrade, empty_database)
    there = await asked(empty_database, CATALOGUE)

    await migrating._on_connection(empty_database, lambda config: command.downgrade(config, "base"))
    assert [row[0] for row in await asked(empty_database, TABLES)] == ["alembic_version"]
    await asyncio.to_thread(upgrade, empty_database)

    assert await asked(empty_database, CATALOGUE) == there


async def test_upgrading_what_is_up_to_date_changes_nothing(database_url: str) -> None:
    before = await asked(database_url, CATALOGUE)

    await asyncio.to_thread(upgrade, database_url)

    assert await asked(database_url, CATALOGUE) == before


async def test_processes_that_upgrade_at_once_take_turns(
    empty_database: str, database_url: str
) -> None:
    await asyncio.gather(*(upgrade_in_a_process(empty_database) for _ in range(2)))

    assert await asked(empty_database, CATALOGUE) == await asked(database_url, CATALOGUE)


async def test_databases_of_one_server_are_upgraded_at_once(
    database_url: str, owner: asyncpg.Connection
) -> None:
    """The application's role is shared by all of them."""
    names = [f"beside_{uuid4().hex}" for _ in range(2)]
    for name in names:
        await owner.execute(f"CREATE DATABASE {name}")
    server = make_url(database_url)
    urls = [server.set(database=n).render_as_string(hide_password=False) for n in names]

    await asyncio.gather(*(upgrade_in_a_process(url) for url in urls))

    expected = await asked(database_url, CATALOGUE)
    assert [await asked(url, CATALOGUE) == expected for url in urls] == [True] * 2
    for name in names:
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_an_owner_who_is_no_superuser_migrates_as_well(
    database_url: str, owner: asyncpg.Connection
) -> None:
    name = f"plain_{uuid4().hex}"
    await owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret' NOSUPERUSER CREATEROLE")
    await owner.execute(f"GRANT {APPLICATION_ROLE} TO {name} WITH ADMIN OPTION")
    await owner.execute(f"CREATE DATABASE {name} OWNER {name}")
    url = make_url(database_url).set(database=name, username=name, password="secret")
    plain = url.render_as_string(hide_password=False)

    await asyncio.to_thread(upgrade, plain)
    await asyncio.to_thread(check, plain)

    assert len(await asked(plain, TABLES)) == len(metadata.tables) + 1
    assert await asked(plain, LEAKPROOF.format("NOT")) != []
    assert await asked(database_url, LEAKPROOF.format("NOT")) == []
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.execute(f"DROP ROLE {name}")


async def test_a_migration_does_not_wait_for_ever_for_a_busy_table(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(upgrade, empty_database)
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "50ms")
    busy = await asyncpg.connect(empty_database)
    before = await asked(empty_database, CATALOGUE)

    async with busy.transaction():
        await busy.execute("SELECT count(*) FROM suppliers")
        with pytest.raises(DBAPIError, match="lock timeout"):
            await migrating._on_connection(
                empty_database, lambda config: command.downgrade(config, "base")
            )
    await busy.close()

    assert await asked(empty_database, CATALOGUE) == before


def test_there_is_one_way_forward() -> None:
    scripts = ScriptDirectory(str(migrating._SCRIPTS))

    assert len(scripts.get_heads()) == 1
    revisions = [script.revision for script in scripts.walk_revisions()][::-1]
    assert revisions == [f"{n:04}" for n in range(1, len(revisions) + 1)]
