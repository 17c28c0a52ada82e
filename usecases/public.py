"""How the outside reads what is recorded: names in camel case, global ids.

The graph's audit trail says it so, and so do events that are sent.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

from domain.budgets import Budget
from domain.business_calendars import BusinessCalendar
from domain.compliance_documents import ComplianceDocumentType
from domain.coupons import Coupon
from domain.customers import Client, Company, Customer
from domain.departments import Department
from domain.goods_receipts import GoodsReceipt
from domain.kit.aggregate import Aggregate
from domain.package_subscriptions import Allocation, PackageSubscription
from domain.packages import Package
from domain.projects import Project
from domain.purchase_invoices import PurchaseInvoice
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLine
from domain.quotations import Quotation
from domain.sales_invoices import SalesInvoice
from domain.service_definitions import ServiceDefinition
from domain.service_orders import ServiceOrder, ServiceOrderStep, SlaClock
from domain.suppliers import Supplier
from domain.users import Role, User
from domain.workers import Worker

# What entries call other records, and whose ids they then hold.
MENTIONED: dict[str, Any] = {
    "supplier_id": Supplier,
    "department_id": Department,
    "project_id": Project,
    "budget_id": Budget,
    "created_by_id": User,
    "head_id": User,
    "owner_id": User,
    "user_id": User,
    "from_user_id": User,
    "to_user_id": User,
    "to_user_ids": User,
    "role_id": Role,
    "role_ids": Role,
    "overridden_by_id": User,
    "customer_id": Customer,
    "client_id": Client,
    "company_id": Company,
    "worker_id": Worker,
    "into": PurchaseOrder,
    "order": PurchaseOrder,
    "receipt": GoodsReceipt,
    "invoice": PurchaseInvoice,
    "order_line": PurchaseOrderLine,
    "line": PurchaseOrderLine,
    "service_definition_id": ServiceDefinition,
    "calendar_id": BusinessCalendar,
    "type_id": ComplianceDocumentType,
    "lines": PurchaseOrderLine,
    "service_order": ServiceOrder,
    "step_id": ServiceOrderStep,
    "assignee_id": User,
    "coupon_id": Coupon,
    "clock_id": SlaClock,
    "clock_ids": SlaClock,
    "package_subscription": PackageSubscription,
    "package_id": Package,
    "allocation": Allocation,
    "quotation": Quotation,
    "sales_invoice": SalesInvoice,
}


def to_public(prefix: str, id: UUID) -> str:
    """A permanent prefix that says what it is, and the UUID's 32 hex digits."""
    return f"{prefix}_{id.hex}"


@cache
def prefix_of(kind: str) -> str:
    """How the ids of records of a kind begin: `po` for `purchase_order`."""
    return next(each.prefix for each in _below(Aggregate) if getattr(each, "kind", None) == kind)


def prefixes_of(kind: type[Aggregate]) -> tuple[str, ...]:
    """How ids of a kind may begin: a customer's as those of companies and clients do, too."""
    return (kind.prefix, *(below.prefix for below in _below(kind)))


def _below(kind: type[Aggregate]) -> Iterator[type[Aggregate]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def public(value: Any, name: str = "") -> Any:
    """What is recorded under this name, as the graph says it."""
    if isinstance(value, dict):
        return {
            camel(key): public(each, name if key == "id" else key) for key, each in value.items()
        }
    if isinstance(value, list):
        return [public(each, name) for each in value]
    if name in MENTIONED and isinstance(value, str):
        return to_public(MENTIONED[name].prefix, UUID(value))
    return value
