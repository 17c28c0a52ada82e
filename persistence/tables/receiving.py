"""Goods receipts with their lines."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, Text, Uuid

from domain.goods_receipts import GoodsReceiptStatus
from persistence.tables.metadata import Amount, Moment, aggregate, by, owned, refers, words

goods_receipts = aggregate(
    "goods_receipts",
    Column("number", Text),  # a draft has none
    Column("status", words(GoodsReceiptStatus), nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("delivery_note", Text),
    Column("notes", Text),
    Column("created_by_id", Uuid, nullable=False),
    Column("posted_at", Moment),
    Column("posted_by_id", Uuid),
    Column("reversed_at", Moment),
    Column("reversed_by_id", Uuid),
    Column("reversal_reason", Text),
    refers("order_id", "purchase_orders"),
    refers("supplier_id", "suppliers"),
    refers("created_by_id", "users"),
    refers("posted_by_id", "users"),
    refers("reversed_by_id", "users"),
    CheckConstraint("(number IS NULL) = (status = 'DRAFT')", name="number_is_of_what_was_posted"),
    by("number", unique=True),
    by("created_at", "id"),
    by("updated_at", "id"),
    by("received_on", "id"),
    by("status", "created_at", "id"),
    by("order_id", "created_at", "id"),
    by("supplier_id", "created_at", "id"),
    by("created_by_id"),
    by("posted_by_id"),
    by("reversed_by_id"),
)

goods_receipt_lines = owned(
    "goods_receipt_lines",
    Column("receipt_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("order_line_id", Uuid, nullable=False),
    Column("accepted", Amount, nullable=False),
    Column("rejected", Amount, nullable=False),
    Column("rejection_reason", Text),
    Column("quality_note", Text),
    Column("unit", Text),
    refers("receipt_id", "goods_receipts", cascade=True),
    refers("order_line_id", "purchase_order_lines"),
    CheckConstraint("accepted >= 0 AND rejected >= 0", name="quantities_are_not_negative"),
    by("receipt_id", "position"),
    by("order_line_id", "receipt_id", unique=True),
)
