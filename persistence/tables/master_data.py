"""Master data: departments, projects, suppliers."""

from sqlalchemy import Boolean, Column, Integer, Numeric, Text, Uuid

from domain.suppliers import SupplierContact, SupplierStatus
from persistence.tables.metadata import (
    Shaped,
    aggregate,
    by,
    by_parts_of,
    legacy_id,
    refers,
    searched,
    words,
)

departments = aggregate(
    "departments",
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_ar", Text),
    Column("head_id", Uuid),
    Column("archived", Boolean, nullable=False),
    legacy_id("waqti_id"),
    refers("head_id", "users"),
    by("code", unique=True),
    by("waqti_id", unique=True),
    by("head_id"),
    searched("name", "name_ar", "code"),
    by("created_at", "id"),
    by_parts_of("searched", "departments"),
)

projects = aggregate(
    "projects",
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_ar", Text),
    Column("owner_id", Uuid),
    Column("archived", Boolean, nullable=False),
    legacy_id("waqti_id"),
    refers("owner_id", "users"),
    by("code", unique=True),
    by("waqti_id", unique=True),
    by("owner_id"),
    searched("name", "name_ar", "code"),
    by("created_at", "id"),
    by_parts_of("searched", "projects"),
)

suppliers = aggregate(
    "suppliers",
    Column("code", Text),
    Column("name", Text, nullable=False),
    Column("name_ar", Text),
    Column("status", words(SupplierStatus), nullable=False),
    Column("category", Text),
    Column("tax_id", Text),
    Column("registration_number", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("address", Text),
    Column("payment_terms", Integer),
    Column("currency", Text),
    Column("bank_name", Text),
    Column("bank_account", Text),
    Column("contacts", Shaped(list[SupplierContact]), nullable=False),
    Column("performance_score", Numeric(5, 2)),
    searched("name", "name_ar", "code", "email", "tax_id"),
    legacy_id("waqti_id"),
    legacy_id("wisedat_id"),
    legacy_id("shoplazza_id", after=2 * 10**17),  # 18 digits (fact P-8), and no procurement's
    by("code", unique=True),
    by("waqti_id", unique=True),
    by("wisedat_id", unique=True),
    by("shoplazza_id", unique=True),
    by("name", "id"),
    by("created_at", "id"),
    by("status", "name", "id"),
    by("category", "name", "id"),
    by("performance_score"),
    by_parts_of("searched", "suppliers"),
)
