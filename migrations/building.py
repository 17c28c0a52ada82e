"""Parts of tables that are alike everywhere: references and indexes, led by the organization."""

import sqlalchemy as sa
from alembic import op


def refers(
    table: str, column: str, to: str, *, cascade: bool = False, late: bool = False
) -> sa.ForeignKeyConstraint:
    """A reference of a table's column; a `late` one is checked on commit."""
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{to}.organization_id", f"{to}.id"],
        name=f"fk_{table}_{column}",
        ondelete="CASCADE" if cascade else None,
        deferrable=late or None,
        initially="DEFERRED" if late else None,
    )


def index(table: str, columns: str, *, unique: bool = False, where: str | None = None) -> None:
    """An index of columns, given as words; `where`, if any, says of which rows."""
    names = columns.split()
    op.create_index(
        f"ix_{table}_{'_'.join(names)}",
        table,
        ["organization_id", *names],
        unique=unique,
        postgresql_where=None if where is None else sa.text(where),
    )


def index_parts_of(table: str, column: str) -> None:
    """An index for searches anywhere in a text."""
    op.create_index(
        f"ix_{table}_{column}",
        table,
        ["organization_id", column],
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
    )


def words(name: str, *values: str) -> sa.Enum:
    """A column of words, checked by the database; `name` is the Python enum's, in lower case."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
