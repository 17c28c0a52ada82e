"""Answers to the questions of `usecases.reads`, in rows, one statement each."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from persistence.reads.allocations import (
    SqlAllocationEntries,
    SqlAllocations,
    SqlSubscriptionPeriods,
)
from persistence.reads.api_credentials import SqlApiCredentials
from persistence.reads.applicants import SqlApplicants
from persistence.reads.approval_tasks import SqlApprovalTasks
from persistence.reads.approvals import SqlApprovals, SqlApprovalWorkflows
from persistence.reads.audit import SqlAuditEntries
from persistence.reads.budget_entries import SqlBudgetEntries, SqlBudgetImpacts
from persistence.reads.budgets import SqlBudgets
from persistence.reads.business_calendars import SqlBusinessCalendars
from persistence.reads.compliance_documents import (
    SqlComplianceDocuments,
    SqlComplianceDocumentTypes,
)
from persistence.reads.connection_requests import SqlConnectionRequests
from persistence.reads.coupons import SqlCouponRedemptions, SqlCoupons
from persistence.reads.customers import SqlClients, SqlCompanies, SqlCustomers
from persistence.reads.delegations import SqlDelegations
from persistence.reads.departments import SqlDepartments
from persistence.reads.events import SqlEvents
from persistence.reads.goods_receipts import SqlGoodsReceiptLines, SqlGoodsReceipts
from persistence.reads.kit import Snapshot
from persistence.reads.legacy_ids import SqlLegacyIds
from persistence.reads.organizations import SqlOrganizations
from persistence.reads.package_subscriptions import SqlPackageSubscriptions
from persistence.reads.packages import SqlPackages
from persistence.reads.procurements import SqlProcurements
from persistence.reads.projects import SqlProjects
from persistence.reads.purchase_invoices import (
    SqlPurchaseInvoiceAttachments,
    SqlPurchaseInvoiceLines,
    SqlPurchaseInvoicePayments,
    SqlPurchaseInvoices,
)
from persistence.reads.purchase_orders import (
    SqlPurchaseOrderAttachments,
    SqlPurchaseOrderLines,
    SqlPurchaseOrders,
)
from persistence.reads.quotations import SqlQuotationLines, SqlQuotations
from persistence.reads.revisions import SqlPurchaseOrderRevisions
from persistence.reads.sales_invoices import SqlSalesInvoiceLines, SqlSalesInvoices
from persistence.reads.service_definitions import SqlServiceDefinitions
from persistence.reads.service_orders import (
    SqlServiceOrderPriceLines,
    SqlServiceOrders,
    SqlServiceOrderSteps,
)
from persistence.reads.signing_keys import SqlSigningKeys
from persistence.reads.sla_clocks import SqlSlaClocks
from persistence.reads.suppliers import SqlSuppliers
from persistence.reads.users import SqlRoles, SqlUsers
from persistence.reads.webhook_endpoints import SqlWebhookDeliveries, SqlWebhookEndpoints
from persistence.reads.workers import SqlWorkers
from usecases.approvals.documents import Documents
from usecases.approvals.previewing import Previews
from usecases.sales_invoices.links import InvoiceLinks
from usecases.sla_clocks import ClockTimes

R = TypeVar("R")


def _answered(kind: Callable[[Snapshot], R]) -> "cached_property[R]":
    """The questions of one kind, put together when the first of them is asked."""
    return cached_property(lambda reads: kind(reads._snapshot))  # noqa: SLF001 - its own class


class SqlReads:
    """All the questions, answered from one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def close(self) -> None:
        await self._snapshot.close()

    organizations = _answered(SqlOrganizations)
    users = _answered(SqlUsers)
    roles = _answered(SqlRoles)
    api_credentials = _answered(SqlApiCredentials)
    departments = _answered(SqlDepartments)
    projects = _answered(SqlProjects)
    suppliers = _answered(SqlSuppliers)
    applicants = _answered(SqlApplicants)
    approval_workflows = _answered(SqlApprovalWorkflows)
    approvals = _answered(SqlApprovals)
    approval_tasks = _answered(SqlApprovalTasks)

    @cached_property
    def approval_previews(self) -> Previews:
        return Previews(self)

    @cached_property
    def sales_invoice_links(self) -> InvoiceLinks:
        return InvoiceLinks(self)

    @cached_property
    def approvables(self) -> Documents:
        return Documents(self)

    delegations = _answered(SqlDelegations)
    purchase_orders = _answered(SqlPurchaseOrders)
    purchase_order_lines = _answered(SqlPurchaseOrderLines)
    purchase_order_attachments = _answered(SqlPurchaseOrderAttachments)
    purchase_order_revisions = _answered(SqlPurchaseOrderRevisions)
    procurements = _answered(SqlProcurements)
    budgets = _answered(SqlBudgets)
    sla_clocks = _answered(SqlSlaClocks)

    @cached_property
    def sla_clock_times(self) -> ClockTimes:
        return ClockTimes(self)

    business_calendars = _answered(SqlBusinessCalendars)
    purchase_invoices = _answered(SqlPurchaseInvoices)
    purchase_invoice_lines = _answered(SqlPurchaseInvoiceLines)
    purchase_invoice_attachments = _answered(SqlPurchaseInvoiceAttachments)
    purchase_invoice_payments = _answered(SqlPurchaseInvoicePayments)
    goods_receipts = _answered(SqlGoodsReceipts)
    goods_receipt_lines = _answered(SqlGoodsReceiptLines)
    service_orders = _answered(SqlServiceOrders)
    service_order_steps = _answered(SqlServiceOrderSteps)
    service_order_price_lines = _answered(SqlServiceOrderPriceLines)
    quotations = _answered(SqlQuotations)
    quotation_lines = _answered(SqlQuotationLines)
    sales_invoices = _answered(SqlSalesInvoices)
    signing_keys = _answered(SqlSigningKeys)
    sales_invoice_lines = _answered(SqlSalesInvoiceLines)
    service_definitions = _answered(SqlServiceDefinitions)
    packages = _answered(SqlPackages)
    coupons = _answered(SqlCoupons)
    coupon_redemptions = _answered(SqlCouponRedemptions)
    customers = _answered(SqlCustomers)
    clients = _answered(SqlClients)
    companies = _answered(SqlCompanies)
    workers = _answered(SqlWorkers)
    connection_requests = _answered(SqlConnectionRequests)
    compliance_document_types = _answered(SqlComplianceDocumentTypes)
    compliance_documents = _answered(SqlComplianceDocuments)
    webhook_endpoints = _answered(SqlWebhookEndpoints)
    webhook_deliveries = _answered(SqlWebhookDeliveries)
    budget_entries = _answered(SqlBudgetEntries)
    budget_impacts = _answered(SqlBudgetImpacts)
    audit_entries = _answered(SqlAuditEntries)
    events = _answered(SqlEvents)
    legacy_ids = _answered(SqlLegacyIds)
    package_subscriptions = _answered(SqlPackageSubscriptions)
    subscription_periods = _answered(SqlSubscriptionPeriods)
    allocations = _answered(SqlAllocations)
    allocation_entries = _answered(SqlAllocationEntries)
