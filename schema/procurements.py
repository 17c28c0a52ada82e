"""Procurements."""

from datetime import datetime
from decimal import Decimal

import strawberry

from domain.callers import Caller, Permission
from domain.purchase_orders import ProcurementState
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, to_id, view_of
from schema.purchase_orders import PurchaseOrder
from schema.suppliers import Supplier
from usecases.reads.kit import Page, Whole
from usecases.reads.procurements import NOTHING, ProcurementQuantitiesRow, ProcurementRow
from usecases.reads.purchase_orders import PurchaseOrderLineRow

shown(ProcurementState)

READ = Permission.PURCHASE_ORDERS_READ


def quantities_of(line: PurchaseOrderLineRow, _caller: Caller) -> ProcurementQuantitiesRow:
    return ProcurementQuantitiesRow(line.quantity, line.accepted, line.rejected)


@view_of(ProcurementQuantitiesRow)
@strawberry.type(description="How much has come of what was ordered.")
class ProcurementQuantities:
    transfer: Decimal = plain("How much was ordered.")
    pending: Decimal = plain("What is neither received nor rejected yet; never less than 0.")
    received: Decimal = plain("How much was delivered and accepted.")
    rejected: Decimal = plain("How much was delivered and rejected.")


@view_of(PurchaseOrderLineRow)
@strawberry.type(description="One thing that a procurement brings: a line of its purchase order.")
class ProcurementItem:
    id: strawberry.ID = computed(to_id, "Global id of the purchase order's line.")
    position: int = plain("1, 2, 3, …")
    description: str = plain("What is ordered.")
    unit: str | None = plain("What the quantities count.")
    quantities: ProcurementQuantities = computed(quantities_of, "How much of it has come.")


@node_of(ProcurementRow, "prc", lambda read: read.procurements.by_ids, needs=READ)
@strawberry.type(
    description="A purchase order that was approved once, as stock that is under way: what"
    " Shoplazza's clients list."
)
class Procurement(Node):
    serial_number: str = plain("Eight digits or more, its own in the organization: `00000002`.")
    number: str = plain("The purchase order's number: `PO-2026-0043`.")
    state: ProcurementState = plain("What has become of it.")
    notes: str | None = plain("What the order says to the supplier.")
    quantities: ProcurementQuantities = related(
        "id",
        lambda read: read.procurements.quantities_by_ids,
        "How much has come, all items together.",
        needs=READ,
        missing=NOTHING,
    )
    items: list[ProcurementItem] = related_many(
        "id",
        lambda read: read.purchase_order_lines.by_order_ids,
        "What it brings, item by item.",
        needs=READ,
    )
    supplier: Supplier | None = related(
        "supplier_id",
        lambda read: read.suppliers.by_ids,
        "Where it comes from.",
        needs=Permission.SUPPLIERS_READ,
    )
    purchase_order: PurchaseOrder | None = related(
        "id",
        lambda read: read.purchase_orders.by_ids,
        "The order that it is a view of.",
        needs=READ,
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    approved_at: datetime = plain("When the order was last approved.")
    created_at: datetime = plain("When the order was drafted.")
    updated_at: datetime = plain("When the order was last changed.")


@view_of(Page[ProcurementRow])
@strawberry.type(description="A page of procurements.")
class ProcurementConnection(Connection[Procurement]):
    total_count: int = related(
        "listing", lambda read: read.procurements.counts, "In the whole list."
    )


@strawberry.type
class ProcurementQueries:
    procurement: Procurement | None = found_by_id("prc", "A procurement.")
    procurements: ProcurementConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.procurements.all,
        "The procurements, newest first unless ordered otherwise.",
        needs=READ,
    )
