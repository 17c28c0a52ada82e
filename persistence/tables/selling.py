"""What customers are offered and what they owe: quotations and sales invoices."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Numeric, Text, Uuid, text

from domain.quotations import QuotationStatus
from domain.sales_invoices import SalesInvoiceStatus
from persistence.tables.metadata import (
    Amount,
    Moment,
    Shaped,
    aggregate,
    by,
    by_parts_of,
    by_where,
    legacy_id,
    owned,
    refers,
    searched,
    words,
)

quotations = aggregate(
    "quotations",
    Column("number", Text, nullable=False),
    Column("status", words(QuotationStatus), nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("valid_until", Date),
    Column("notes", Text),
    Column("net", Amount, nullable=False),
    Column("vat_amount", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    Column("created_by_id", Uuid, nullable=False),
    Column("sent_at", Moment),
    Column("decided_at", Moment),
    Column("converted_at", Moment),
    Column("reason", Text),
    Column("metadata", Shaped(dict[str, Any]), nullable=False),
    searched("number", "notes"),
    legacy_id("shrkity_id"),
    refers("customer_id", "customers"),
    refers("created_by_id", "users"),
    by("number", unique=True),
    by("shrkity_id", unique=True),
    by("customer_id", "created_at", "id"),
    by("created_by_id"),
    by("created_at", "id"),
    by("status", "created_at", "id"),
    by("updated_at", "id"),
    by("total", "id"),
    by("valid_until", "id"),
    by_parts_of("searched", "quotations"),
    # Expired, once their day has passed.
    by_where("status = 'SENT'", "valid_until"),
)

quotation_lines = owned(
    "quotation_lines",
    Column("quotation_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("description", Text, nullable=False),
    Column("service_definition_id", Uuid),
    Column("quantity", Amount, nullable=False),
    Column("unit_price", Amount, nullable=False),
    Column("vat_rate", Numeric(9, 6), nullable=False),
    Column("net", Amount, nullable=False),
    Column("vat_amount", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    legacy_id("shrkity_id"),
    refers("quotation_id", "quotations", cascade=True),
    refers("service_definition_id", "service_definitions"),
    by("shrkity_id", unique=True),
    by("quotation_id", "position"),
    by("service_definition_id"),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
)


def once_standing(column: str, name: str) -> Index:
    """Whatever it is, an invoice that is not voided bills it only once."""
    return Index(
        f"ix_sales_invoices_{name}",
        "organization_id",
        column,
        unique=True,
        postgresql_where=text("status <> 'VOID'"),
    )


sales_invoices = aggregate(
    "sales_invoices",
    Column("number", Text, nullable=False),
    Column("status", words(SalesInvoiceStatus), nullable=False),
    Column("customer_id", Uuid),
    Column("order_id", Uuid),
    Column("period_id", Uuid),
    Column("subscription_id", Uuid),
    Column("quotation_id", Uuid),
    Column("currency", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("net", Amount, nullable=False),
    Column("vat_amount", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    Column("paid_on", Date),
    Column("payment_reference", Text),
    Column("voided_at", Moment),
    Column("void_reason", Text),
    searched("number"),
    legacy_id("shrkity_id"),
    refers("customer_id", "customers"),
    refers("order_id", "service_orders", late=True),
    refers("period_id", "subscription_periods", late=True),
    refers("subscription_id", "package_subscriptions", late=True),
    refers("quotation_id", "quotations"),
    by("number", unique=True),
    by("shrkity_id", unique=True),
    by("customer_id", "created_at", "id"),
    by("order_id", "created_at", "id"),
    by("subscription_id", "created_at", "id"),
    by("period_id"),
    by("quotation_id"),
    by("created_at", "id"),
    by("issued_on", "id"),
    by("due_on", "id"),
    by("total", "id"),
    by("status", "created_at", "id"),
    by_parts_of("searched", "sales_invoices"),
    # Overdue, once their day has passed.
    Index(
        "ix_sales_invoices_owed",
        "organization_id",
        "due_on",
        "id",
        postgresql_where=text("status = 'ISSUED'"),
    ),
    once_standing("order_id", "one_an_order"),
    once_standing("period_id", "one_a_period"),
    once_standing("quotation_id", "one_a_quotation"),
)

sales_invoice_lines = owned(
    "sales_invoice_lines",
    Column("invoice_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("description", Text, nullable=False),
    Column("description_ar", Text),
    Column("quantity", Amount, nullable=False),
    Column("unit_price", Amount, nullable=False),
    Column("vat_rate", Numeric(9, 6), nullable=False),
    Column("net", Amount, nullable=False),
    Column("vat_amount", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    refers("invoice_id", "sales_invoices", cascade=True),
    by("invoice_id", "position"),
)
