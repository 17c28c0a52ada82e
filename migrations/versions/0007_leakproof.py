"""Let amounts, searches and lists of ids use their indexes behind row level security.

PostgreSQL asks the policy first, and only then a function that might tell what it was given: so
it uses no index for one. These tell nothing, but saying so takes a superuser; where the owner is
none, answers are the same, and slow in organizations with very many records.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

TELL_NOTHING = (
    "numeric_lt(numeric, numeric)",
    "numeric_le(numeric, numeric)",
    "numeric_eq(numeric, numeric)",
    "numeric_ge(numeric, numeric)",
    "numeric_gt(numeric, numeric)",
    "textlike(text, text)",
    "ts_match_vq(tsvector, tsquery)",
    "arraycontains(anyarray, anyarray)",
    "arrayoverlap(anyarray, anyarray)",
)


def upgrade() -> None:
    _mark("LEAKPROOF")


def downgrade() -> None:
    _mark("NOT LEAKPROOF")


def _mark(as_what: str) -> None:
    for function in TELL_NOTHING:
        op.execute(
            f"DO $$ BEGIN ALTER FUNCTION pg_catalog.{function} {as_what};"
            " EXCEPTION WHEN insufficient_privilege THEN NULL; END $$"
        )
