"""The catalogue: every table belongs to an organization and is protected; who owns what."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.engines import APPLICATION_ROLE
from persistence.tables import metadata

APPEND_ONLY = {
    *("allocation_entries", "audit_events", "budget_entries", "outbox_events"),
    "purchase_order_revisions",
}
TABLES = sorted(metadata.tables)


async def column(owner: asyncpg.Connection, query: str, *values: object) -> list[object]:
    return [row[0] for row in await owner.fetch(query, *values)]


async def test_the_database_has_exactly_the_tables_that_the_code_describes(
    owner: asyncpg.Connection,
) -> None:
    found = await column(
        owner,
        "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND"
        " relnamespace = 'public'::regnamespace ORDER BY 1",
    )

    assert found == sorted([*TABLES, "alembic_version"])


async def test_every_key_and_index_begins_with_the_organization(owner: asyncpg.Connection) -> None:
    elsewhere = await column(
        owner,
        "SELECT i.indexrelid::regclass::text FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'"
        " AND a.attname <> 'organization_id'",
    )

    # A secret is looked up before it is known whose it is.
    assert elsewhere == ["ix_api_credentials_secret_hash"]


async def test_every_table_has_a_primary_key(owner: asyncpg.Connection) -> None:
    keyed = await column(
        owner,
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'p' AND"
        " connamespace = 'public'::regnamespace AND conname <> 'alembic_version_pkc' ORDER BY 1",
    )

    assert keyed == TABLES


async def test_every_foreign_key_stays_within_the_organization(owner: asyncpg.Connection) -> None:
    keys = await owner.fetch(
        "SELECT c.conname, a.attname AS here, b.attname AS there FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]"
        " WHERE c.contype = 'f'"
    )

    assert len(keys) == sum(len(t.foreign_key_constraints) for t in metadata.tables.values())
    assert {(key["here"], key["there"]) for key in keys} == {("organization_id", "organization_id")}


async def test_every_foreign_key_has_an_index_to_find_what_refers(
    owner: asyncpg.Connection,
) -> None:
    """Without one, deleting or changing the other side reads the whole table."""
    without = await column(
        owner,
        "SELECT conname::text FROM pg_constraint c WHERE contype = 'f' AND NOT EXISTS ("
        " SELECT FROM pg_index i WHERE i.indrelid = c.conrelid"
        " AND (i.indkey::int2[])[0:1] @> c.conkey AND (i.indkey::int2[])[0:1] <@ c.conkey)",
    )

    assert without == []


async def test_every_table_is_closed_to_other_organizations(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "SELECT relname::text, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname <> 'alembic_version' ORDER BY 1"
    )

    assert [(row["relname"], row["forced"]) for row in rows] == [(name, True) for name in TABLES]


async def test_the_application_sees_rows_of_its_organization_and_the_credential_it_was_shown(
    owner: asyncpg.Connection,
) -> None:
    rows = await owner.fetch(
        "SELECT polrelid::regclass::text AS table, polname::text AS name, polcmd::text AS command,"
        " polroles = '{0}' AS all_roles, pg_get_expr(polqual, polrelid) AS condition,"
        " polwithcheck IS NULL AS also_for_new FROM pg_policy ORDER BY 1, 2"
    )
    usual = [row for row in rows if row["name"] == "own_organization"]
    others = [(row["table"], row["name"], row["command"]) for row in rows if row not in usual]

    assert [row["table"] for row in usual] == TABLES
    assert {(row["command"], row["all_roles"], row["also_for_new"]) for row in usual} == {
        ("*", True, True)
    }
    setting = "(NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid"
    assert {row["condition"] for row in usual} == {f"(organization_id = {setting})"}
    assert others == [
        ("api_credentials", "shown_secret", "r"),
        ("organizations", "operators", "r"),
    ]


async def test_operators_alone_list_organizations(owner: asyncpg.Connection) -> None:
    query = "SELECT polroles = ARRAY[relowner] FROM pg_policy JOIN pg_class c ON c.oid = polrelid"
    assert await owner.fetchval(query + " WHERE polname = 'operators'") is True


async def test_the_application_owns_nothing_and_bypasses_nothing(
    engine: AsyncEngine, owner: asyncpg.Connection
) -> None:
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT current_user::text")) == APPLICATION_ROLE
        may = (
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin"
            " FROM pg_roles WHERE rolname = current_user"
        )
        [row] = await connection.execute(text(may))
        assert tuple(row) == (False,) * 6
        create = "SELECT has_schema_privilege('public', 'CREATE')"
        assert await connection.scalar(text(create)) is False

    owned = "SELECT relname::text FROM pg_class WHERE relowner = $1::regrole"
    assert await column(owner, owned, APPLICATION_ROLE) == []
    members = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = $1::regrole"
    assert await column(owner, members, APPLICATION_ROLE) == []


@pytest.mark.parametrize("table", TABLES)
async def test_the_application_may_do_what_a_table_is_for(
    owner: asyncpg.Connection, table: str
) -> None:
    granted = await column(
        owner,
        "SELECT privilege_type::text FROM information_schema.role_table_grants"
        " WHERE grantee = $1 AND table_name = $2 ORDER BY 1",
        APPLICATION_ROLE,
        table,
    )

    appending = ["INSERT", "SELECT"]
    changing = ["DELETE", "INSERT", "SELECT", "UPDATE"]
    assert granted == (appending if table in APPEND_ONLY else changing)


async def test_the_application_does_not_see_how_far_migrations_came(
    owner: asyncpg.Connection,
) -> None:
    query = "SELECT has_table_privilege($1, 'alembic_version', 'SELECT, INSERT, UPDATE, DELETE')"
    assert await owner.fetchval(query, APPLICATION_ROLE) is False
