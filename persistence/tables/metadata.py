"""What every table has in common: an organization, names for constraints, types for values."""

from decimal import Decimal
from enum import Enum as Words
from typing import Any, TypeVar
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.schema import SchemaItem

T = TypeVar("T")


def _own_columns(item: Any, _table: Table) -> str:
    """The columns without the organization, which every key and index begins with."""
    names = [column.name for column in item.columns]
    return "_".join(name for name in names if name != "organization_id")


metadata = MetaData(
    naming_convention={
        "own_columns": _own_columns,
        "ix": "ix_%(table_name)s_%(own_columns)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(own_columns)s",
        "pk": "pk_%(table_name)s",
    }
)

# The organization of the transaction. The setting becomes '' after one, not NULL.
# Written as PostgreSQL prints it, so that comparing defaults finds no difference.
CURRENT_ORGANIZATION = "(NULLIF(current_setting('app.organization'::text, true), ''::text))::uuid"

Amount = Numeric(20, 6)
Moment = TIMESTAMP(timezone=True)


def organization() -> "Column[Any]":
    """Filled from the transaction's setting: nothing above this package knows of it."""
    return Column("organization_id", Uuid, server_default=text(CURRENT_ORGANIZATION))


def owned(name: str, *items: SchemaItem) -> Table:
    """A table of records: its key is the organization and an id that the application makes."""
    return Table(
        name,
        metadata,
        organization(),
        Column("id", Uuid),
        *items,
        PrimaryKeyConstraint("organization_id", "id"),
    )


def aggregate(name: str, *items: SchemaItem) -> Table:
    """A table whose rows are versioned."""
    return owned(
        name,
        Column("version", Integer, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("updated_at", Moment, nullable=False),
        *items,
    )


def refers(
    column: str, table: str, *, cascade: bool = False, late: bool = False
) -> ForeignKeyConstraint:
    """A reference that cannot leave the organization.

    A `late` one is checked on commit: both rows may be new, and written in any order.
    """
    return ForeignKeyConstraint(
        ["organization_id", column],
        [f"{table}.organization_id", f"{table}.id"],
        ondelete="CASCADE" if cascade else None,
        deferrable=late or None,
        initially="DEFERRED" if late else None,
    )


def by(*columns: str, unique: bool = False) -> Index:
    """An index led by the organization."""
    return Index(None, "organization_id", *columns, unique=unique)


def by_where(condition: str, *columns: str) -> Index:
    """An index led by the organization, of the rows that meet a condition."""
    return Index(None, "organization_id", *columns, postgresql_where=text(condition))


def searched(*columns: str) -> "Column[Any]":
    """The text that a search looks through, in lower case."""
    parts = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    return Column("searched", Text, Computed(f"lower({parts})", persisted=True))


def by_parts_of(column: str, table: str) -> Index:
    """An index for searches anywhere in a text."""
    return Index(
        f"ix_{table}_{column}",
        "organization_id",
        column,
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
    )


FIELD = "field"  # where the info of a unique index of several columns names the one to blame

UNLOADED = "unloaded"  # where a column's info says that no record has it

LEGACY = "legacy"  # where a column's info holds the number that its counter starts after


def legacy_id(name: str, *, after: int = 0) -> "Column[Any]":
    """The id by which an old client knows the row: given at insert, from a counter."""
    return Column(name, BigInteger, nullable=False, info={LEGACY: after})


def words(kind: type[Words]) -> Enum:
    """An enum kept as the text of its value, checked by the database."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        name=kind.__name__.lower(),
    )


class Shaped(TypeDecorator[Any]):
    """A value kept as JSON, read back as the type it was."""

    impl = JSONB
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self._adapter = TypeAdapter[Any](shape)

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        return self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        return self._adapter.validate_python(value)


def plain(value: Any) -> Any:
    """The value as JSON holds it: decimals, ids and times as text."""
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
    return orjson.loads(orjson.dumps(value, default=as_text, option=options))


def as_text(value: Any) -> Any:
    """What JSON has no form for; raises TypeError for what nobody should keep."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, UUID):  # the driver's own, which is a subclass
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value))


class Told(TypeDecorator[Any]):
    """Whatever the domain tells of a change, as plain JSON."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        return plain(value)
