"""Marries domain classes to tables. The domain never learns about it.

Relationships are `lazy="raise"`: an access nobody loaded for is a bug that
says so, never a hidden query.
"""

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import registry, relationship

from domain.api_credentials import ApiCredential
from domain.approvals.delegations import Delegation
from domain.approvals.requests import ApprovalRequest
from domain.approvals.steps import ApprovalAssignment, ApprovalStep
from domain.approvals.workflows import ApprovalWorkflow
from domain.budgets import Budget, BudgetEntry
from domain.business_calendars import BusinessCalendar
from domain.compliance_documents import ComplianceDocument, ComplianceDocumentType
from domain.connection_requests import ConnectionRequest
from domain.coupons import Coupon, CouponRedemption
from domain.customers import Client, Company, Customer, CustomerKind
from domain.departments import Department
from domain.goods_receipts import GoodsReceipt, GoodsReceiptLine
from domain.kit.aggregate import Aggregate
from domain.organizations import Organization
from domain.package_subscriptions import (
    Allocation,
    AllocationEntry,
    PackageSubscription,
    SubscriptionPeriod,
)
from domain.packages import Package
from domain.projects import Project
from domain.purchase_invoices import (
    PurchaseInvoice,
    PurchaseInvoiceAttachment,
    PurchaseInvoiceLine,
    PurchaseInvoicePayment,
)
from domain.purchase_orders import PurchaseOrder, PurchaseOrderAttachment, PurchaseOrderLine
from domain.purchase_orders.revisions import PurchaseOrderRevision
from domain.quotations import Quotation, QuotationLine
from domain.sales_invoices import SalesInvoice, SalesInvoiceLine
from domain.service_definitions import ServiceDefinition
from domain.service_orders import (
    ServiceOrder,
    ServiceOrderPriceLine,
    ServiceOrderStep,
    SlaClock,
)
from domain.suppliers import Supplier
from domain.users import Role, User
from domain.webhook_endpoints import WebhookEndpoint
from domain.workers import Worker
from persistence import tables as t
from persistence.tables.metadata import UNLOADED

mapper = registry(metadata=t.metadata)

AGGREGATES: dict[type[Aggregate], Table] = {
    Organization: t.organizations,
    Role: t.roles,
    User: t.users,
    ApiCredential: t.api_credentials,
    Department: t.departments,
    Project: t.projects,
    Supplier: t.suppliers,
    ApprovalWorkflow: t.approval_workflows,
    Delegation: t.delegations,
    PurchaseOrder: t.purchase_orders,
    Budget: t.budgets,
    GoodsReceipt: t.goods_receipts,
    WebhookEndpoint: t.webhook_endpoints,
    PurchaseInvoice: t.purchase_invoices,
    Customer: t.customers,
    Company: t.customers,
    Client: t.customers,
    Worker: t.workers,
    ConnectionRequest: t.connection_requests,
    ComplianceDocumentType: t.compliance_document_types,
    ComplianceDocument: t.compliance_documents,
    BusinessCalendar: t.business_calendars,
    ServiceDefinition: t.service_definitions,
    Package: t.packages,
    Coupon: t.coupons,
    PackageSubscription: t.package_subscriptions,
    Quotation: t.quotations,
    ServiceOrder: t.service_orders,
    SalesInvoice: t.sales_invoices,
}

# Kinds that share the table of another kind, which says of each row what it is.
KINDS_OF: dict[type[Aggregate], tuple[type[Aggregate], CustomerKind]] = {
    Company: (Customer, CustomerKind.COMPANY),
    Client: (Customer, CustomerKind.CLIENT),
}


def parts(kind: type, table: Table, *, key: str, by: str = "position", shared: bool = False) -> Any:
    """The parts of an aggregate, in the order of a column; they live and die with it.

    Those of a `shared` kind can be parts of several kinds of aggregates, each of one.
    """
    return relationship(
        kind,
        primaryjoin=lambda: table.c[key] == _parent(table, key).c.id,
        foreign_keys=[table.c[key]],
        lazy="raise",
        cascade="all" if shared else "all, delete-orphan",
        passive_deletes=True,
        order_by=table.c[by],
    )


def _parent(table: Table, key: str) -> Table:
    [constraint] = [
        c for c in table.foreign_key_constraints if c.columns.contains_column(table.c[key])
    ]
    return constraint.referred_table


@cache
def map_domain() -> None:
    """Idempotent; called once by the composition root."""
    _map(ApprovalAssignment, t.approval_assignments)
    _map(
        ApprovalStep,
        t.approval_steps,
        assignments=parts(ApprovalAssignment, t.approval_assignments, key="step_id", by="id"),
    )
    _map(
        ApprovalRequest,
        t.approval_requests,
        steps=parts(ApprovalStep, t.approval_steps, key="request_id"),
    )
    _map(BudgetEntry, t.budget_entries)
    _map(PurchaseOrderLine, t.purchase_order_lines)
    _map(PurchaseOrderRevision, t.purchase_order_revisions)
    _map(PurchaseOrderAttachment, t.purchase_order_attachments)
    _map(GoodsReceiptLine, t.goods_receipt_lines)
    _map(PurchaseInvoiceLine, t.purchase_invoice_lines)
    _map(PurchaseInvoiceAttachment, t.purchase_invoice_attachments)
    _map(PurchaseInvoicePayment, t.purchase_invoice_payments)
    _map(Allocation, t.allocations)
    _map(
        SubscriptionPeriod,
        t.subscription_periods,
        allocations=parts(Allocation, t.allocations, key="period_id"),
    )
    _map(AllocationEntry, t.allocation_entries)
    _map(QuotationLine, t.quotation_lines)
    _map(ServiceOrderStep, t.service_order_steps)
    _map(SlaClock, t.sla_clocks)
    _map(ServiceOrderPriceLine, t.service_order_price_lines)
    _map(CouponRedemption, t.coupon_redemptions)
    _map(SalesInvoiceLine, t.sales_invoice_lines)
    relations: dict[type[Aggregate], dict[str, Any]] = {
        PurchaseOrder: {
            "lines": parts(PurchaseOrderLine, t.purchase_order_lines, key="order_id"),
            "attachments": parts(
                PurchaseOrderAttachment, t.purchase_order_attachments, key="order_id"
            ),
            "approval_requests": parts(
                ApprovalRequest,
                t.approval_requests,
                key="purchase_order_id",
                by="round",
                shared=True,
            ),
        },
        GoodsReceipt: {
            "lines": parts(GoodsReceiptLine, t.goods_receipt_lines, key="receipt_id"),
        },
        PurchaseInvoice: {
            "lines": parts(PurchaseInvoiceLine, t.purchase_invoice_lines, key="invoice_id"),
            "attachments": parts(
                PurchaseInvoiceAttachment, t.purchase_invoice_attachments, key="invoice_id"
            ),
            "payments": parts(
                PurchaseInvoicePayment, t.purchase_invoice_payments, key="invoice_id"
            ),
            "approval_requests": parts(
                ApprovalRequest,
                t.approval_requests,
                key="purchase_invoice_id",
                by="round",
                shared=True,
            ),
        },
        PackageSubscription: {
            "periods": parts(SubscriptionPeriod, t.subscription_periods, key="subscription_id"),
        },
        Quotation: {"lines": parts(QuotationLine, t.quotation_lines, key="quotation_id")},
        ServiceOrder: {
            "steps": parts(ServiceOrderStep, t.service_order_steps, key="order_id"),
            "clocks": parts(SlaClock, t.sla_clocks, key="order_id", by="started_at"),
            "price_lines": parts(
                ServiceOrderPriceLine, t.service_order_price_lines, key="order_id"
            ),
            "redemptions": parts(
                CouponRedemption, t.coupon_redemptions, key="order_id", by="reserved_at"
            ),
        },
        SalesInvoice: {"lines": parts(SalesInvoiceLine, t.sales_invoice_lines, key="invoice_id")},
    }
    for kind, table in AGGREGATES.items():
        if kind in KINDS_OF:
            base, identity = KINDS_OF[kind]
            mapper.map_imperatively(kind, inherits=base, polymorphic_identity=identity)
        else:
            _map(kind, table, version=table.c.version, **relations.get(kind, {}))


def _map(kind: type, table: Table, **properties: Any) -> None:
    """By id alone: the organization is the transaction's, and columns fill it by themselves."""
    version = properties.get("version")
    mapper.map_imperatively(
        kind,
        table,
        primary_key=[table.c.id],
        version_id_col=version,
        polymorphic_on=table.c.customer_kind if kind is Customer else None,
        properties=properties,
        exclude_properties=[
            "organization_id",
            *(
                column.name
                for column in table.columns
                if column.computed is not None or UNLOADED in column.info
            ),
        ],
    )
