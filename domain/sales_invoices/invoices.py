"""The sales invoice itself: issued, paid or voided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.approvals.approvables import check_reason
from domain.callers import Caller
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import raise_first
from domain.kit.money import rounded
from domain.package_subscriptions import PackageSubscription, SubscriptionPeriod
from domain.quotations import Quotation
from domain.sales_invoices.lifecycle import LIFECYCLE, SalesInvoiceStatus, Standing
from domain.sales_invoices.lines import Charge, SalesInvoiceLine, lines_of
from domain.service_orders import ServiceOrder

PAYMENT_DAYS = 30  # after the day of issue; no organization or customer has terms of its own


@dataclass(kw_only=True, eq=False)
class SalesInvoice(Aggregate):
    """Fact S-59. For an order, a period of a subscription or the lines of a quotation that are no
    orders: each is billed once, and again only when its invoice was voided.

    It is issued when it is made, so no draft is ever kept. A simplified invoice has no customer.
    """

    kind = "sales_invoice"
    prefix = "sin"

    number: str = ""
    status: SalesInvoiceStatus = LIFECYCLE.initial
    customer_id: UUID | None
    order_id: UUID | None = None
    period_id: UUID | None = None
    subscription_id: UUID | None = None
    quotation_id: UUID | None = None
    currency: str
    issued_on: date | None = None
    due_on: date | None = None
    net: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    paid_on: date | None = None
    payment_reference: str | None = None
    voided_at: datetime | None = None
    void_reason: str | None = None
    shrkity_id: int | None = None
    lines: list[SalesInvoiceLine] = field(default_factory=list)

    @classmethod
    def of_order(cls, order: ServiceOrder, at: datetime) -> "SalesInvoice":
        """A draft of what the order costs: what was charged, less what was taken off."""
        lines = lines_of(
            (Charge(line.label, line.label_ar, line.amount) for line in order.price_lines),
            vat_rate=order.vat_rate,
            net=order.total - order.vat_amount,
            vat=order.vat_amount,
            currency=order.currency,
        )
        return cls.draft(
            lines,
            at,
            currency=order.currency,
            customer_id=order.customer_id,
            order_id=order.id,
        )

    @classmethod
    def of_period(
        cls,
        subscription: PackageSubscription,
        period: SubscriptionPeriod,
        at: datetime,
        *,
        name: str,
        name_ar: str | None,
    ) -> "SalesInvoice":
        """A draft of what a period costs; the names are those of the package."""
        net = rounded(period.price, subscription.currency)
        lines = lines_of(
            [Charge(name, name_ar, period.price)],
            vat_rate=period.vat_rate,
            net=net,
            vat=rounded(net * period.vat_rate / 100, subscription.currency),
            currency=subscription.currency,
        )
        return cls.draft(
            lines,
            at,
            currency=subscription.currency,
            customer_id=subscription.customer_id,
            period_id=period.id,
            subscription_id=subscription.id,
        )

    @classmethod
    def of_quotation(cls, quotation: Quotation, at: datetime) -> "SalesInvoice":
        """A draft of the lines that are no orders, as they were quoted."""
        free = (line for line in quotation.lines if line.service_definition_id is None)
        lines = [
            SalesInvoiceLine(
                position=position,
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                vat_rate=line.vat_rate,
                net=line.net,
                vat_amount=line.vat_amount,
                total=line.total,
            )
            for position, line in enumerate(free, start=1)
        ]
        return cls.draft(
            lines,
            at,
            currency=quotation.currency,
            customer_id=quotation.customer_id,
            quotation_id=quotation.id,
        )

    @classmethod
    def draft(
        cls, lines: Sequence[SalesInvoiceLine], at: datetime, **values: Any
    ) -> "SalesInvoice":
        """A draft of these lines."""
        return cls.founded(
            at,
            lines=[*lines],
            net=sum((line.net for line in lines), Decimal(0)),
            vat_amount=sum((line.vat_amount for line in lines), Decimal(0)),
            total=sum((line.total for line in lines), Decimal(0)),
            **values,
        )

    def issue(self, number: str, on: date, at: datetime) -> None:
        """From now on the customer owes it. `on` is the day it is where the organization is."""
        self.status = LIFECYCLE.after(self.status, "issue")
        self.number, self.issued_on = number, on
        self.due_on = on + timedelta(days=PAYMENT_DAYS)
        self._record("issued", at, {"status": (None, self.status)}, number=number, **self._bills)

    def pay(
        self, on: date, by: Caller, at: datetime, *, today: date, reference: str | None
    ) -> None:
        """It is always paid as a whole."""
        self._require("pay", by)
        raise_first(
            checks.found(
                checks.day(on, ("paid_on",), today=today),
                checks.text(reference, ("reference",), most=200),
            )
        )
        self.paid_on, self.payment_reference = on, reference
        self._move("pay", "paid", at, paid_on=on.isoformat(), reference=reference)

    def void(self, by: Caller, at: datetime, reason: str) -> None:
        """It was never owed; its number is not used again."""
        self._require("void", by)
        check_reason(reason)
        self.voided_at, self.void_reason = at, reason
        self._move("void", "voided", at, reason=reason)

    def reissue(self, by: Caller, at: datetime, *, replaced: bool) -> "SalesInvoice":
        """A draft of the same, to be issued instead of this one, which was voided."""
        self._require("reissue", by, replaced=replaced)
        another = self.draft(
            [line.again() for line in self.lines],
            at,
            customer_id=self.customer_id,
            order_id=self.order_id,
            period_id=self.period_id,
            subscription_id=self.subscription_id,
            quotation_id=self.quotation_id,
            currency=self.currency,
        )
        self._record("reissued", at, sales_invoice=str(another.id))
        return another

    @property
    def _bills(self) -> dict[str, str]:
        """What it is for, as its events tell it."""
        told = {
            "customer_id": self.customer_id,
            "service_order": self.order_id,
            "package_subscription": self.subscription_id,
            "quotation": self.quotation_id,
        }
        return {name: str(id) for name, id in told.items() if id is not None}

    def _require(self, action: str, by: Caller, *, replaced: bool = False) -> None:
        raise_first(LIFECYCLE.blockers(Standing(self.status, replaced), action, by))

    def _move(self, action: str, past: str, at: datetime, **details: Any) -> None:
        before, self.status = self.status, LIFECYCLE.after(self.status, action)
        self._record(past, at, {"status": (before, self.status)}, **details)
