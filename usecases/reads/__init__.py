"""What can be asked: rows, and the questions that return them. `persistence.reads` answers.

A question takes many keys and answers all of them with one statement. Its
keyword-only parameters become the arguments of the GraphQL field declared with it.
"""

from types import SimpleNamespace
from typing import Any, Protocol, get_type_hints

from usecases.reads.allocations import AllocationEntries, Allocations, SubscriptionPeriods
from usecases.reads.api_credentials import ApiCredentials
from usecases.reads.applicants import Applicants
from usecases.reads.approval_previews import ApprovalPreviews
from usecases.reads.approval_tasks import Approvables, ApprovalTasks
from usecases.reads.approvals import Approvals, ApprovalWorkflows
from usecases.reads.audit import AuditEntries
from usecases.reads.budget_entries import BudgetEntries, BudgetImpacts
from usecases.reads.budgets import Budgets
from usecases.reads.business_calendars import BusinessCalendars
from usecases.reads.coupons import CouponRedemptions, Coupons
from usecases.reads.customers import Clients, Companies, Customers
from usecases.reads.delegations import Delegations
from usecases.reads.departments import Departments
from usecases.reads.events import Events
from usecases.reads.goods_receipts import GoodsReceiptLines, GoodsReceipts
from usecases.reads.legacy_ids import LegacyIds
from usecases.reads.organizations import Organizations
from usecases.reads.package_subscriptions import PackageSubscriptions
from usecases.reads.packages import Packages
from usecases.reads.procurements import Procurements
from usecases.reads.projects import Projects
from usecases.reads.purchase_invoices import (
    PurchaseInvoiceAttachments,
    PurchaseInvoiceLines,
    PurchaseInvoicePayments,
    PurchaseInvoices,
)
from usecases.reads.purchase_orders import (
    PurchaseOrderAttachments,
    PurchaseOrderLines,
    PurchaseOrders,
)
from usecases.reads.revisions import PurchaseOrderRevisions
from usecases.reads.sales_invoices import SalesInvoiceLines, SalesInvoices
from usecases.reads.service_definitions import ServiceDefinitions
from usecases.reads.service_orders import (
    ServiceOrderPriceLines,
    ServiceOrders,
    ServiceOrderSteps,
)
from usecases.reads.suppliers import Suppliers
from usecases.reads.users import Roles, Users
from usecases.reads.webhook_endpoints import WebhookDeliveries, WebhookEndpoints
from usecases.reads.workers import Workers


class Reads(Protocol):
    """One snapshot of one organization."""

    @property
    def organizations(self) -> Organizations: ...
    @property
    def users(self) -> Users: ...
    @property
    def roles(self) -> Roles: ...
    @property
    def api_credentials(self) -> ApiCredentials: ...
    @property
    def departments(self) -> Departments: ...
    @property
    def projects(self) -> Projects: ...
    @property
    def suppliers(self) -> Suppliers: ...
    @property
    def applicants(self) -> Applicants: ...
    @property
    def approval_workflows(self) -> ApprovalWorkflows: ...
    @property
    def approvals(self) -> Approvals: ...
    @property
    def approval_tasks(self) -> ApprovalTasks: ...
    @property
    def approval_previews(self) -> ApprovalPreviews: ...
    @property
    def approvables(self) -> Approvables: ...
    @property
    def delegations(self) -> Delegations: ...
    @property
    def purchase_orders(self) -> PurchaseOrders: ...
    @property
    def purchase_order_lines(self) -> PurchaseOrderLines: ...
    @property
    def purchase_order_attachments(self) -> PurchaseOrderAttachments: ...
    @property
    def purchase_order_revisions(self) -> PurchaseOrderRevisions: ...
    @property
    def procurements(self) -> Procurements: ...
    @property
    def budgets(self) -> Budgets: ...
    @property
    def business_calendars(self) -> BusinessCalendars: ...
    @property
    def purchase_invoices(self) -> PurchaseInvoices: ...
    @property
    def purchase_invoice_lines(self) -> PurchaseInvoiceLines: ...
    @property
    def purchase_invoice_attachments(self) -> PurchaseInvoiceAttachments: ...
    @property
    def purchase_invoice_payments(self) -> PurchaseInvoicePayments: ...
    @property
    def goods_receipts(self) -> GoodsReceipts: ...
    @property
    def goods_receipt_lines(self) -> GoodsReceiptLines: ...
    @property
    def service_orders(self) -> ServiceOrders: ...
    @property
    def service_order_steps(self) -> ServiceOrderSteps: ...
    @property
    def service_order_price_lines(self) -> ServiceOrderPriceLines: ...
    @property
    def sales_invoices(self) -> SalesInvoices: ...
    @property
    def sales_invoice_lines(self) -> SalesInvoiceLines: ...
    @property
    def service_definitions(self) -> ServiceDefinitions: ...
    @property
    def packages(self) -> Packages: ...
    @property
    def coupons(self) -> Coupons: ...
    @property
    def coupon_redemptions(self) -> CouponRedemptions: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def clients(self) -> Clients: ...
    @property
    def companies(self) -> Companies: ...
    @property
    def workers(self) -> Workers: ...
    @property
    def webhook_endpoints(self) -> WebhookEndpoints: ...
    @property
    def webhook_deliveries(self) -> WebhookDeliveries: ...
    @property
    def budget_entries(self) -> BudgetEntries: ...
    @property
    def budget_impacts(self) -> BudgetImpacts: ...
    @property
    def audit_entries(self) -> AuditEntries: ...
    @property
    def events(self) -> Events: ...
    @property
    def legacy_ids(self) -> LegacyIds: ...

    @property
    def package_subscriptions(self) -> PackageSubscriptions: ...
    @property
    def subscription_periods(self) -> SubscriptionPeriods: ...
    @property
    def allocations(self) -> Allocations: ...
    @property
    def allocation_entries(self) -> AllocationEntries: ...

    async def close(self) -> None: ...


# The same attributes, but the protocols themselves: ask it for a question's signature.
CONTRACT: Any = SimpleNamespace(
    **{
        name: get_type_hints(question.fget)["return"]
        for name, question in vars(Reads).items()
        if isinstance(question, property)
    }
)
