"""Service orders, subscriptions and what is billed of them, without a database."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.kit.ids import new_id
from domain.kit.money import rounded
from domain.package_subscriptions import PackageSubscription, SubscriptionPeriod
from domain.sales_invoices import SalesInvoice
from domain.service_orders import PriceLineKind, ServiceOrder, ServiceOrderPriceLine
from tests import make
from tests.make import NOON

CALLER = make.caller()
DAY = date(2026, 1, 2)


def priced_order(*amounts: str, vat_rate: str = "15", currency: str = "SAR") -> ServiceOrder:
    """An order of a base, and options or discounts after it, each of this amount without tax."""
    lines = [
        ServiceOrderPriceLine(
            position=position,
            line_kind=PriceLineKind.BASE if position == 1 else PriceLineKind.OPTION,
            label=f"Line {position}",
            label_ar=f"بند {position}",
            amount=Decimal(amount),
        )
        for position, amount in enumerate(amounts, start=1)
    ]
    net = rounded(sum((line.amount for line in lines), Decimal(0)), currency)
    vat = rounded(net * Decimal(vat_rate) / 100, currency)
    return ServiceOrder.founded(
        NOON,
        number="SO-2026-0001",
        service_definition_id=new_id(),
        customer_id=new_id(),
        worker_id=None,
        currency=currency,
        price=lines[0].amount,
        vat_rate=Decimal(vat_rate),
        vat_amount=vat,
        total=net + vat,
        created_by_id=CALLER.user_id,
        price_lines=lines,
    )


def sold_period(price: str, **values: Any) -> tuple[PackageSubscription, SubscriptionPeriod]:
    """A period of thirty days from noon on."""
    times: dict[str, Any] = {"starts_at": NOON, "ends_at": NOON + timedelta(days=30)}
    terms: dict[str, Any] = {"price": Decimal(price), "vat_rate": Decimal(15)}
    period = SubscriptionPeriod(position=1, **times, **terms)
    given: dict[str, Any] = {"package_id": new_id(), "customer_id": new_id(), "currency": "SAR"}
    by = {"created_by_id": CALLER.user_id}
    subscription = PackageSubscription.founded(
        NOON, **(given | by | times | values), periods=[period]
    )
    return subscription, period


def issued(order: ServiceOrder | None = None) -> SalesInvoice:
    """Of an order of 100.00 and tax, unless it is given."""
    invoice = SalesInvoice.of_order(order or priced_order("100"), NOON)
    invoice.issue("SINV-2026-0001", DAY, NOON)
    invoice.pull_events()
    return invoice
