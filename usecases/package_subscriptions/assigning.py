"""Selling packages to customers, at what they cost now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from domain.callers import Permission
from domain.customers import Customer
from domain.kit.errors import RuleBroken
from domain.package_subscriptions import PackageSubscription, Terms
from domain.packages import Package
from usecases.kit import UseCase
from usecases.package_subscriptions.covering import keep_entries
from usecases.ports import UnitOfWork
from usecases.sales_invoices import invoice_period


@dataclass(frozen=True, kw_only=True)
class AssignPackageSubscription(UseCase[PackageSubscription]):
    """Sell a package to a customer, who is billed for the first period at once.

    It covers orders from now on, or from when it starts. A company's is its own alone; a client's
    covers the orders of their companies, too.
    """

    requires = Permission.SUBSCRIPTIONS_WRITE

    package_id: Annotated[UUID, Package, "What is sold; an active package."]
    customer_id: Annotated[UUID, Customer, "The company or client who holds it."]
    starts_at: Annotated[
        datetime | None, "When its first period begins; now when left out. At most ten years ahead."
    ] = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    async def execute(self, uow: UnitOfWork) -> PackageSubscription:
        subscription = PackageSubscription.assign(
            await terms_of(self.package_id, uow),
            self.customer_id,
            uow.caller,
            uow.now,
            customer_active=await is_active(self.customer_id, uow),
            starts_at=self.starts_at,
            metadata=self.metadata,
        )
        uow.records(PackageSubscription).add(subscription)
        await sell_period(subscription, uow)
        return subscription


async def sell_period(subscription: PackageSubscription, uow: UnitOfWork) -> None:
    """Put down what a new period grants, and bill it."""
    keep_entries(subscription, uow)
    await invoice_period(subscription, subscription.period, uow)


async def terms_of(package_id: UUID, uow: UnitOfWork) -> Terms:
    """What a package is sold for now. Raises RuleBroken where there is none."""
    package = (await uow.reads.packages.by_ids([package_id])).get(package_id)
    if package is None:
        raise RuleBroken("no such package", path=("package_id",))
    usual = (await uow.organization()).vat_rate
    return Terms(
        package_id=package.id,
        active=package.active,
        renewable=package.renewable,
        currency=package.currency,
        price=package.price_amount,
        vat_rate=usual if package.vat_rate is None else package.vat_rate,
        duration_days=package.duration_days,
        items=package.items,
    )


async def is_active(customer_id: UUID, uow: UnitOfWork) -> bool:
    """Whether a customer is sold to. Raises RuleBroken where there is none."""
    customer = (await uow.reads.customers.by_ids([customer_id])).get(customer_id)
    if customer is None:
        raise RuleBroken("no such customer", path=("customer_id",))
    return customer.active
