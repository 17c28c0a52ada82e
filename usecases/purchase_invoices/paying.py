"""Paying suppliers' invoices, in whole or in part."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from domain.purchase_invoices import LIFECYCLE, PurchaseInvoice
from usecases.organizations import today
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.moving import OfInvoice


@dataclass(frozen=True, kw_only=True)
class PayPurchaseInvoice(OfInvoice):
    """Note that an approved invoice was paid, or a part of it; never more than is owed."""

    requires: ClassVar = LIFECYCLE.needs("pay")
    parts: ClassVar = ("payments", "approval_requests")
    alone: ClassVar = True

    amount: Annotated[Decimal, "How much, in the invoice's currency."]
    paid_on: Annotated[date | None, "The day it was paid; today when left out."] = None
    reference: Annotated[str | None, "What the bank or the cheque calls it."] = None

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        day = today(await uow.organization(), uow)
        invoice.pay(
            self.amount,
            self.paid_on or day,
            uow.caller,
            uow.now,
            today=day,
            reference=self.reference,
        )
