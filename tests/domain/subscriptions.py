"""Packages, what they cover, and subscriptions to them: two units of one service for 30 days."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.customers import Client, Company
from domain.kit.ids import new_id
from domain.package_subscriptions import PackageSubscription, Terms
from domain.packages import Package, PackageItem
from domain.service_definitions import ServiceDefinition, ServiceStatus
from domain.service_orders import ServiceOrder
from tests import make
from tests.make import NOON

SELLER = make.caller()
MONTH = timedelta(days=30)


def service(**values: Any) -> ServiceDefinition:
    given = {"code": new_id().hex, "name": "Licence renewal", "price": Decimal(100)}
    more = {"currency": "SAR", "status": ServiceStatus.PUBLISHED}
    return ServiceDefinition.founded(NOON, **(given | more | values))


def company(**values: Any) -> Company:
    return Company.founded(NOON, **({"name": "Najd Trading"} | values))


def client(**values: Any) -> Client:
    return Client.founded(NOON, **({"name": "Layla"} | values))


def item(of: UUID | None = None, quantity: int | None = 2) -> PackageItem:
    return PackageItem(service_definition_id=of or new_id(), quantity=quantity)


def package(*items: PackageItem, **values: Any) -> Package:
    given = {"code": new_id().hex, "name": "Care", "price": Decimal(500), "currency": "SAR"}
    more = {"duration_days": 30, "items": [*items]}
    return Package.founded(NOON, **(given | more | values))


def terms(of: Package) -> Terms:
    return Terms(
        package_id=of.id,
        active=of.active,
        renewable=of.renewable,
        currency=of.currency,
        price=of.price,
        vat_rate=Decimal(15) if of.vat_rate is None else of.vat_rate,
        duration_days=of.duration_days,
        items=of.items,
    )


def subscription(
    of: Package | None = None,
    customer_id: UUID | None = None,
    at: datetime = NOON,
    **values: Any,
) -> PackageSubscription:
    """Assigned at noon, with its entries and event still to be pulled."""
    sold = terms(of or package(item()))
    return PackageSubscription.assign(sold, customer_id or new_id(), SELLER, at, **values)


def order(service_id: UUID, customer_id: UUID | None, by: UUID | None = None) -> ServiceOrder:
    """As it is when it is covered: nothing but a service and a customer is looked at."""
    return ServiceOrder.founded(
        NOON,
        number=new_id().hex,
        service_definition_id=service_id,
        customer_id=customer_id,
        worker_id=None,
        currency="SAR",
        price=Decimal(100),
        vat_rate=Decimal(15),
        created_by_id=by or SELLER.user_id,
    )
