"""What every table needs once it is there: grants for the application's role, and row security.

The role owns nothing and cannot bypass the policy; the policy is forced on owners as well.
"""

from alembic import op

from persistence.engines import APPLICATION_ROLE
from persistence.tables.metadata import CURRENT_ORGANIZATION

_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
        BEGIN
            CREATE ROLE {APPLICATION_ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database's migration was faster
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{APPLICATION_ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {APPLICATION_ROLE} TO %I', current_user);
    END IF;
END $$
"""


def create_application_role() -> None:
    """Roles belong to the whole server: it may be there, and already granted by an operator."""
    op.execute(_ROLE)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}")


def protect(*tables: str, append_only: bool = False) -> None:
    """Let the application's role in, to its organization's rows alone."""
    rights = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    for table in tables:
        op.execute(f"GRANT {rights} ON {table} TO {APPLICATION_ROLE}")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_organization ON {table}"
            f" USING (organization_id = {CURRENT_ORGANIZATION})"
        )
