"""Budgets, and the ledger of what orders hold of them."""

from sqlalchemy import CheckConstraint, Column, Integer, Text, Uuid

from domain.budgets import BudgetPolicy, BudgetStatus, EntryKind
from persistence.tables.metadata import (
    Amount,
    Moment,
    aggregate,
    by,
    by_parts_of,
    legacy_id,
    owned,
    refers,
    searched,
    words,
)

budgets = aggregate(
    "budgets",
    Column("name", Text, nullable=False),
    Column("department_id", Uuid, nullable=False),
    Column("project_id", Uuid),
    Column("category", Text),
    Column("fiscal_year", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("allocated_amount", Amount, nullable=False),
    Column("policy", words(BudgetPolicy), nullable=False),
    Column("status", words(BudgetStatus), nullable=False),
    Column("reserved", Amount, nullable=False),
    Column("committed", Amount, nullable=False),
    Column("spent", Amount, nullable=False),
    legacy_id("waqti_id"),
    refers("department_id", "departments"),
    refers("project_id", "projects"),
    CheckConstraint("allocated_amount >= 0", name="allocated_amount_is_not_negative"),
    CheckConstraint("reserved >= 0", name="reserved_is_not_negative"),
    CheckConstraint("committed >= 0", name="committed_is_not_negative"),
    searched("name", "category"),
    by("waqti_id", unique=True),
    by("created_at", "id"),
    by("name", "id"),
    by("allocated_amount", "id"),
    by("status", "created_at", "id"),
    by("department_id", "fiscal_year", "created_at", "id"),
    by("project_id", "created_at", "id"),
    by("fiscal_year", "created_at", "id"),
    by_parts_of("searched", "budgets"),
)

# Append-only: the application's role may not change or delete rows. An order that is deleted
# leaves its entries behind, so they do not refer to it.
budget_entries = owned(
    "budget_entries",
    Column("budget_id", Uuid, nullable=False),
    Column("kind", words(EntryKind), nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("line_id", Uuid, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("invoice_id", Uuid),
    Column("at", Moment, nullable=False),
    Column("reserved", Amount, nullable=False),
    Column("committed", Amount, nullable=False),
    Column("spent", Amount, nullable=False),
    refers("budget_id", "budgets"),
    by("budget_id", "at", "id"),
    by("order_id", "at", "id"),
)
