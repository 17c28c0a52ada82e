"""Issuing sales invoices: the system does, with whatever there is to bill from then on.

That takes no permission of its own. It takes a number, so it comes last.
"""

from domain.package_subscriptions import PackageSubscription, SubscriptionPeriod
from domain.quotations import Quotation
from domain.sales_invoices import SalesInvoice
from domain.service_orders import ServiceOrder
from usecases.organizations import today
from usecases.ports import UnitOfWork

SERIES = "SINV"


async def invoice_order(order: ServiceOrder, uow: UnitOfWork) -> SalesInvoice | None:
    """Bill a completed order, which is locked; None when it costs nothing."""
    draft = SalesInvoice.of_order(order, uow.now)
    return await issue(draft, uow) if draft.total else None


async def invoice_period(
    subscription: PackageSubscription, period: SubscriptionPeriod, uow: UnitOfWork
) -> SalesInvoice | None:
    """Bill a period that was sold, of a subscription that is locked; None when it costs nothing."""
    package = (await uow.reads.packages.by_ids([subscription.package_id]))[subscription.package_id]
    draft = SalesInvoice.of_period(
        subscription, period, uow.now, name=package.name, name_ar=package.name_ar
    )
    return await issue(draft, uow) if draft.total else None


async def invoice_quotation(quotation: Quotation, uow: UnitOfWork) -> SalesInvoice | None:
    """Bill what no order does, of a quotation that is locked; None when that is nothing."""
    draft = SalesInvoice.of_quotation(quotation, uow.now)
    return await issue(draft, uow) if draft.total else None


async def issue(draft: SalesInvoice, uow: UnitOfWork) -> SalesInvoice:
    """Number it and have it owed. The database refuses it when another invoice bills the same."""
    day = today(await uow.organization(), uow)
    draft.issue(await uow.next_number(SERIES, day.year), day, uow.now)
    uow.records(SalesInvoice).add(draft)
    return draft
