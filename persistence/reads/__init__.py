"""Answers to the questions of `usecases.reads`, in rows, one statement each."""

from functools import cached_property

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
from persistence.reads.sla_clocks import SqlSlaClocks
from persistence.reads.suppliers import SqlSuppliers
from persistence.reads.users import SqlRoles, SqlUsers
from persistence.reads.webhook_endpoints import SqlWebhookDeliveries, SqlWebhookEndpoints
from persistence.reads.workers import SqlWorkers
from usecases.approvals.documents import Documents
from usecases.approvals.previewing import Previews
from usecases.sla_clocks import ClockTimes


class SqlReads:
    """All the questions, answered from one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def close(self) -> None:
        await self._snapshot.close()

    @cached_property
    def organizations(self) -> SqlOrganizations:
        return SqlOrganizations(self._snapshot)

    @cached_property
    def users(self) -> SqlUsers:
        return SqlUsers(self._snapshot)

    @cached_property
    def roles(self) -> SqlRoles:
        return SqlRoles(self._snapshot)

    @cached_property
    def api_credentials(self) -> SqlApiCredentials:
        return SqlApiCredentials(self._snapshot)

    @cached_property
    def departments(self) -> SqlDepartments:
        return SqlDepartments(self._snapshot)

    @cached_property
    def projects(self) -> SqlProjects:
        return SqlProjects(self._snapshot)

    @cached_property
    def suppliers(self) -> SqlSuppliers:
        return SqlSuppliers(self._snapshot)

    @cached_property
    def applicants(self) -> SqlApplicants:
        return SqlApplicants(self._snapshot)

    @cached_property
    def approval_workflows(self) -> SqlApprovalWorkflows:
        return SqlApprovalWorkflows(self._snapshot)

    @cached_property
    def approvals(self) -> SqlApprovals:
        return SqlApprovals(self._snapshot)

    @cached_property
    def approval_tasks(self) -> SqlApprovalTasks:
        return SqlApprovalTasks(self._snapshot)

    @cached_property
    def approval_previews(self) -> Previews:
        return Previews(self)

    @cached_property
    def approvables(self) -> Documents:
        return Documents(self)

    @cached_property
    def delegations(self) -> SqlDelegations:
        return SqlDelegations(self._snapshot)

    @cached_property
    def purchase_orders(self) -> SqlPurchaseOrders:
        return SqlPurchaseOrders(self._snapshot)

    @cached_property
    def purchase_order_lines(self) -> SqlPurchaseOrderLines:
        return SqlPurchaseOrderLines(self._snapshot)

    @cached_property
    def purchase_order_attachments(self) -> SqlPurchaseOrderAttachments:
        return SqlPurchaseOrderAttachments(self._snapshot)

    @cached_property
    def purchase_order_revisions(self) -> SqlPurchaseOrderRevisions:
        return SqlPurchaseOrderRevisions(self._snapshot)

    @cached_property
    def procurements(self) -> SqlProcurements:
        return SqlProcurements(self._snapshot)

    @cached_property
    def budgets(self) -> SqlBudgets:
        return SqlBudgets(self._snapshot)

    @cached_property
    def sla_clocks(self) -> SqlSlaClocks:
        return SqlSlaClocks(self._snapshot)

    @cached_property
    def sla_clock_times(self) -> ClockTimes:
        return ClockTimes(self)

    @cached_property
    def business_calendars(self) -> SqlBusinessCalendars:
        return SqlBusinessCalendars(self._snapshot)

    @cached_property
    def purchase_invoices(self) -> SqlPurchaseInvoices:
        return SqlPurchaseInvoices(self._snapshot)

    @cached_property
    def purchase_invoice_lines(self) -> SqlPurchaseInvoiceLines:
        return SqlPurchaseInvoiceLines(self._snapshot)

    @cached_property
    def purchase_invoice_attachments(self) -> SqlPurchaseInvoiceAttachments:
        return SqlPurchaseInvoiceAttachments(self._snapshot)

    @cached_property
    def purchase_invoice_payments(self) -> SqlPurchaseInvoicePayments:
        return SqlPurchaseInvoicePayments(self._snapshot)

    @cached_property
    def goods_receipts(self) -> SqlGoodsReceipts:
        return SqlGoodsReceipts(self._snapshot)

    @cached_property
    def goods_receipt_lines(self) -> SqlGoodsReceiptLines:
        return SqlGoodsReceiptLines(self._snapshot)

    @cached_property
    def service_orders(self) -> SqlServiceOrders:
        return SqlServiceOrders(self._snapshot)

    @cached_property
    def service_order_steps(self) -> SqlServiceOrderSteps:
        return SqlServiceOrderSteps(self._snapshot)

    @cached_property
    def service_order_price_lines(self) -> SqlServiceOrderPriceLines:
        return SqlServiceOrderPriceLines(self._snapshot)

    @cached_property
    def quotations(self) -> SqlQuotations:
        return SqlQuotations(self._snapshot)

    @cached_property
    def quotation_lines(self) -> SqlQuotationLines:
        return SqlQuotationLines(self._snapshot)

    @cached_property
    def sales_invoices(self) -> SqlSalesInvoices:
        return SqlSalesInvoices(self._snapshot)

    @cached_property
    def sales_invoice_lines(self) -> SqlSalesInvoiceLines:
        return SqlSalesInvoiceLines(self._snapshot)

    @cached_property
    def service_definitions(self) -> SqlServiceDefinitions:
        return SqlServiceDefinitions(self._snapshot)

    @cached_property
    def packages(self) -> SqlPackages:
        return SqlPackages(self._snapshot)

    @cached_property
    def coupons(self) -> SqlCoupons:
        return SqlCoupons(self._snapshot)

    @cached_property
    def coupon_redemptions(self) -> SqlCouponRedemptions:
        return SqlCouponRedemptions(self._snapshot)

    @cached_property
    def customers(self) -> SqlCustomers:
        return SqlCustomers(self._snapshot)

    @cached_property
    def clients(self) -> SqlClients:
        return SqlClients(self._snapshot)

    @cached_property
    def companies(self) -> SqlCompanies:
        return SqlCompanies(self._snapshot)

    @cached_property
    def workers(self) -> SqlWorkers:
        return SqlWorkers(self._snapshot)

    @cached_property
    def connection_requests(self) -> SqlConnectionRequests:
        return SqlConnectionRequests(self._snapshot)

    @cached_property
    def compliance_document_types(self) -> SqlComplianceDocumentTypes:
        return SqlComplianceDocumentTypes(self._snapshot)

    @cached_property
    def compliance_documents(self) -> SqlComplianceDocuments:
        return SqlComplianceDocuments(self._snapshot)

    @cached_property
    def webhook_endpoints(self) -> SqlWebhookEndpoints:
        return SqlWebhookEndpoints(self._snapshot)

    @cached_property
    def webhook_deliveries(self) -> SqlWebhookDeliveries:
        return SqlWebhookDeliveries(self._snapshot)

    @cached_property
    def budget_entries(self) -> SqlBudgetEntries:
        return SqlBudgetEntries(self._snapshot)

    @cached_property
    def budget_impacts(self) -> SqlBudgetImpacts:
        return SqlBudgetImpacts(self._snapshot)

    @cached_property
    def audit_entries(self) -> SqlAuditEntries:
        return SqlAuditEntries(self._snapshot)

    @cached_property
    def events(self) -> SqlEvents:
        return SqlEvents(self._snapshot)

    @cached_property
    def legacy_ids(self) -> SqlLegacyIds:
        return SqlLegacyIds(self._snapshot)

    @cached_property
    def package_subscriptions(self) -> SqlPackageSubscriptions:
        return SqlPackageSubscriptions(self._snapshot)

    @cached_property
    def subscription_periods(self) -> SqlSubscriptionPeriods:
        return SqlSubscriptionPeriods(self._snapshot)

    @cached_property
    def allocations(self) -> SqlAllocations:
        return SqlAllocations(self._snapshot)

    @cached_property
    def allocation_entries(self) -> SqlAllocationEntries:
        return SqlAllocationEntries(self._snapshot)
