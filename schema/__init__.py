"""The GraphQL API: everything an organization has, linked, and every verb."""

from collections.abc import AsyncIterator
from typing import Any

import strawberry
from strawberry.extensions import ParserCache, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult

from schema.api_credentials import ApiCredentialMutations, ApiCredentialQueries
from schema.approvals import ApprovalQueries, ApprovalWorkflowMutations
from schema.budgets import BudgetMutations, BudgetQueries
from schema.business_calendars import BusinessCalendarMutations, BusinessCalendarQueries
from schema.clients import ClientMutations, ClientQueries
from schema.companies import CompanyMutations, CompanyQueries
from schema.compliance_documents import (
    ComplianceDocumentMutations,
    ComplianceDocumentQueries,
    ComplianceDocumentTypeMutations,
)
from schema.connection_requests import ConnectionRequestMutations, ConnectionRequestQueries
from schema.coupons import CouponMutations, CouponQueries
from schema.customers import CustomerQueries
from schema.delegations import DelegationMutations, DelegationQueries
from schema.departments import DepartmentMutations, DepartmentQueries
from schema.events import EventQueries, Subscription
from schema.goods_receipts import GoodsReceiptMutations, GoodsReceiptQueries
from schema.kit.documents import CACHED, Documents
from schema.kit.masking import seen
from schema.kit.scalars import SCALARS
from schema.kit.session import GraphQLSession
from schema.nodes import NodeQueries
from schema.organizations import Organization, OrganizationMutations
from schema.package_subscriptions import (
    PackageSubscriptionMutations,
    PackageSubscriptionQueries,
)
from schema.packages import PackageMutations, PackageQueries
from schema.procurements import ProcurementQueries
from schema.projects import ProjectMutations, ProjectQueries
from schema.purchase_invoices import PurchaseInvoiceMutations, PurchaseInvoiceQueries
from schema.purchase_orders import PurchaseOrderLine, PurchaseOrderMutations, PurchaseOrderQueries
from schema.quotations import QuotationMutations, QuotationQueries
from schema.sales_invoices import SalesInvoiceMutations, SalesInvoiceQueries
from schema.service_definitions import ServiceDefinitionMutations, ServiceDefinitionQueries
from schema.service_orders import ServiceOrderMutations, ServiceOrderQueries
from schema.sla_clocks import SlaClockQueries
from schema.suppliers import SupplierMutations, SupplierQueries
from schema.users import RoleMutations, UserMutations, UserQueries
from schema.viewer import ViewerQueries
from schema.webhook_endpoints import WebhookEndpointMutations, WebhookEndpointQueries
from schema.workers import WorkerMutations, WorkerQueries


@strawberry.type(description="What can be asked. Everything is of your own organization.")
class Query(
    ViewerQueries,
    NodeQueries,
    PurchaseOrderQueries,
    ProcurementQueries,
    GoodsReceiptQueries,
    PurchaseInvoiceQueries,
    SalesInvoiceQueries,
    QuotationQueries,
    ServiceOrderQueries,
    SupplierQueries,
    CustomerQueries,
    CompanyQueries,
    ClientQueries,
    WorkerQueries,
    ConnectionRequestQueries,
    ComplianceDocumentQueries,
    DepartmentQueries,
    ProjectQueries,
    BudgetQueries,
    BusinessCalendarQueries,
    SlaClockQueries,
    ServiceDefinitionQueries,
    PackageQueries,
    PackageSubscriptionQueries,
    CouponQueries,
    UserQueries,
    ApprovalQueries,
    DelegationQueries,
    ApiCredentialQueries,
    EventQueries,
    WebhookEndpointQueries,
):
    pass


@strawberry.type(
    description="What can be done. What you can correct comes back in the payload's `errors`."
)
class Mutation(
    PurchaseOrderMutations,
    GoodsReceiptMutations,
    PurchaseInvoiceMutations,
    SalesInvoiceMutations,
    ServiceOrderMutations,
    QuotationMutations,
    SupplierMutations,
    CompanyMutations,
    ClientMutations,
    WorkerMutations,
    ConnectionRequestMutations,
    ComplianceDocumentTypeMutations,
    ComplianceDocumentMutations,
    DepartmentMutations,
    ProjectMutations,
    BudgetMutations,
    BusinessCalendarMutations,
    ServiceDefinitionMutations,
    PackageMutations,
    PackageSubscriptionMutations,
    CouponMutations,
    UserMutations,
    RoleMutations,
    ApprovalWorkflowMutations,
    DelegationMutations,
    ApiCredentialMutations,
    WebhookEndpointMutations,
    OrganizationMutations,
):
    pass


class EndReads(SchemaExtension):
    """Gives the connection back, whatever happened."""

    async def on_operation(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            session: GraphQLSession = self.execution_context.context
            await session.end_reads()


class MaskedSchema(strawberry.Schema):
    """Whatever goes wrong, on the way in, in a field or at the end: errors are fit to be seen."""

    async def execute(self, *args: Any, **options: Any) -> ExecutionResult:
        result = await super().execute(*args, **options)
        if result.errors:
            session: GraphQLSession = options["context_value"]
            result.errors = [seen(error, session.caller) for error in result.errors]
        return result

    def process_errors(self, *_args: Any) -> None:
        """Strawberry would log every mistake of a client, with its document."""


schema = MaskedSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Organization, PurchaseOrderLine],
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[EndReads, Documents, lambda: ParserCache(maxsize=CACHED)],
)


def sdl() -> str:
    """The schema as committed in schema/schema.graphql."""
    return schema.as_str() + "\n"


__all__ = ["Mutation", "Query", "Subscription", "schema", "sdl"]
