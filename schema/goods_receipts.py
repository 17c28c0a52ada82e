"""Goods receipts."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from domain import goods_receipts as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.audit import AuditEntry
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import does, mutations
from schema.kit.nodes import Node, found_by_id
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, to_id, view_of
from schema.lifecycles import Transition
from schema.purchase_orders import PurchaseOrder, PurchaseOrderLine
from schema.suppliers import Supplier
from schema.users import User
from usecases import goods_receipts as usecases
from usecases.reads.goods_receipts import GoodsReceiptLineRow, GoodsReceiptRow
from usecases.reads.kit import Page, Whole

shown(domain.GoodsReceiptStatus)

READ = Permission.GOODS_RECEIPTS_READ


def transitions_of(receipt: GoodsReceiptRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(receipt, caller)


@view_of(GoodsReceiptLineRow, "grl")
@strawberry.type(description="What was delivered of a line of the order.")
class GoodsReceiptLine:
    id: strawberry.ID = computed(to_id, "Its id.")
    position: int = plain("1, 2, 3, …")
    order_line: PurchaseOrderLine | None = related(
        "order_line_id",
        lambda read: read.purchase_order_lines.by_ids,
        "The line of the order.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    accepted: Decimal = plain("How much was kept.")
    rejected: Decimal = plain("How much went back; it can be delivered again.")
    rejection_reason: str | None = plain("Why it went back.")
    quality_note: str | None = plain("What was seen when the goods were inspected.")
    unit: str | None = plain("What the quantities count, as in the order.")


@node_of(GoodsReceiptRow, "gr", lambda read: read.goods_receipts.by_ids, needs=READ)
@strawberry.type(description="What a supplier delivered for a purchase order.")
class GoodsReceipt(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    number: str | None = plain(
        "Document number, without gaps in each year: `GR-2026-0007`; null before it is posted."
    )
    status: domain.GoodsReceiptStatus = plain("Whether it counts.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    purchase_order: PurchaseOrder | None = related(
        "order_id",
        lambda read: read.purchase_orders.by_ids,
        "What it was delivered for.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    supplier: Supplier | None = related(
        "supplier_id",
        lambda read: read.suppliers.by_ids,
        "Who delivered it.",
        needs=Permission.SUPPLIERS_READ,
    )
    received_on: date = plain("When it arrived.")
    delivery_note: str | None = plain("The supplier's own number of the delivery.")
    notes: str | None = plain("For your own people to read.")
    lines: list[GoodsReceiptLine] = related_many(
        "id",
        lambda read: read.goods_receipt_lines.by_receipt_ids,
        "What was delivered.",
        needs=READ,
    )
    created_by: User | None = related(
        "created_by_id",
        lambda read: read.users.by_ids,
        "Who drafted it.",
        needs=Permission.USERS_READ,
    )
    posted_at: datetime | None = plain("When it began to count.")
    posted_by: User | None = related(
        "posted_by_id",
        lambda read: read.users.by_ids,
        "Who posted it.",
        needs=Permission.USERS_READ,
    )
    reversed_at: datetime | None = plain("When it ceased to count.")
    reversed_by: User | None = related(
        "reversed_by_id",
        lambda read: read.users.by_ids,
        "Who reversed it.",
        needs=Permission.USERS_READ,
    )
    reversal_reason: str | None = plain("Why it was reversed.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    created_at: datetime = plain("When it was drafted.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[GoodsReceiptRow])
@strawberry.type(description="A page of goods receipts.")
class GoodsReceiptConnection(Connection[GoodsReceipt]):
    total_count: int = related(
        "listing", lambda read: read.goods_receipts.counts, "In the whole list."
    )


@strawberry.type
class GoodsReceiptQueries:
    goods_receipt: GoodsReceipt | None = found_by_id("gr", "A goods receipt.")
    goods_receipts: GoodsReceiptConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.goods_receipts.all,
        "The goods receipts, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A goods receipt after the mutation.")
class GoodsReceiptPayload(Payload):
    goods_receipt: GoodsReceipt | None = related(
        "id",
        lambda read: read.goods_receipts.by_ids,
        "The receipt as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(GoodsReceiptPayload)
class GoodsReceiptMutations:
    goods_receipt_create = does(usecases.CreateGoodsReceipt, prefix="gr")
    goods_receipt_update = does(usecases.UpdateGoodsReceipt)
    goods_receipt_delete = does(usecases.DeleteGoodsReceipt)
    goods_receipt_post = does(usecases.PostGoodsReceipt)
    goods_receipt_reverse = does(usecases.ReverseGoodsReceipt)
